"""Where does AWS Backup keep more, or keep it warmer, than is needed?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Where does AWS Backup keep more, or keep it warmer, than is needed?",
    number=62,
    kind="storage",
    action="investigate",
    risk="med",
    effort="Medium",
    confidence=0.4,
    reversible=False,
)
def backup_over_protection(used: Used, *, least_cost: int = 10) -> Iterator[Finding]:
    """Find warm backups and copies to other regions, which are worth a look at the plan that makes them.

    How long each is kept the bill does not tell: nothing is expected, and the most is all of it. Below
    `least_cost` a month a plan is dearer to discuss than to keep.
    """
    for backups in used.ask(SQL, least_cost=least_cost):
        kind = backups.resource_kind
        yield used.finding(
            backups,
            Saving(Decimal(0), Decimal(0), backups.monthly_cost),
            scope=f"{backups.sub_account_id} {backups.region_id} {kind}",
            reason=f"Backups of {kind} cost {backups.monthly_cost:,.2f} a month: {backups.size_gb:,.0f} GB in"
            f" warm storage, and {backups.copied_cost:,.2f} for copies to other regions.",
            formula=f"at most {backups.cost:.2f} in the window, a month of it {backups.monthly_cost:.2f}",
            evidence={"size_gb": backups.size_gb, "copies_monthly_cost": backups.copied_cost},
            preconditions=["no law, contract or recovery plan asks for all of it"],
            missing=["how long each backup is kept: aws backup list-recovery-points-by-backup-vault"],
            steps=[
                "aws backup get-backup-plan: what does each rule keep, how often, how long, and where to?",
                (
                    "Months and years: MoveToColdStorageAfterDays, where the kind of it has cold storage"
                    " (90 days at least, each a full copy)."
                ),
                "Copies to another region only of what a disaster plan names; one plan for each resource.",
            ],
        )
