"""Where are more database backups kept than are free?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Where are more database backups kept than are free?",
    number=33,
    kind="storage",
    action="investigate",
    risk="med",
    effort="Low",
    confidence=0.4,
    reversible=False,
)
def rds_backup_retention(used: Used, *, least_cost: int = 1) -> Iterator[Finding]:
    """Find backups that RDS charges for: as much as the databases hold is free.

    The bill does not tell which snapshots they are: nothing is expected, and the most is all of it. An
    inventory file that names snapshots of databases that are gone says more: those are expected to go.
    Below `least_cost` a month nobody looks.
    """
    for backups in used.ask(SQL, least_cost=least_cost):
        known = backups.orphan_gb is not None and backups.size_gb > 0
        unit = backups.monthly_cost / backups.size_gb if backups.size_gb > 0 else Decimal(0)
        gigabytes = min(backups.orphan_gb, backups.size_gb) if known else Decimal(0)
        expected = gigabytes * unit
        orphans = (
            f" {backups.orphan_count} snapshots of databases that are gone hold {backups.orphan_gb:,.0f} GB."
            if known
            else ""
        )
        yield used.finding(
            backups,
            Saving(Decimal(0), expected, backups.monthly_cost),
            scope=f"{backups.sub_account_id} {backups.region_id}",
            action="delete" if known else None,
            tier="INVENTORY" if known else "CUR",
            reason=f"{backups.size_gb:,.1f} GB of backups beyond what is free cost"
            f" {backups.monthly_cost:,.2f} a month.{orphans}",
            formula=f"{gigabytes:.2f} GB x {unit:.4f} = {expected:.2f}; at most {backups.monthly_cost:.2f}",
            evidence={"size_gb": backups.size_gb},
            preconditions=[
                "no law or contract asks for the backups",
                "their sizes in the inventory are allocated sizes, so that less may be freed",
            ]
            if known
            else ["no law or contract asks for the backups"],
            missing=[]
            if known
            else ["which snapshots they are, and of which databases: an inventory file of DB snapshots"],
            steps=[
                "aws rds describe-db-snapshots --snapshot-type manual; those of databases now gone first.",
                "aws rds modify-db-instance --backup-retention-period …, where 35 days are kept, 7 needed.",
                "A snapshot that must stay is cheaper exported to S3: aws rds start-export-task.",
            ],
        )
