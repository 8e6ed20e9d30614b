"""Which snapshots have been kept for more than a year?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which snapshots have been kept for more than a year?",
    number=5,
    kind="storage",
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.4,
    reversible=False,
    needs="resource_ids",
)
def old_snapshots(
    used: Used,
    *,
    least_days: int = 365,
    delete_share: Decimal = Decimal("0.5"),
    least_cost: Decimal = Decimal("0.10"),
) -> Iterator[Finding]:
    """Find snapshots charged for a year or more: most rules of retention end before.

    Blocks that a later snapshot also needs stay and are charged to that: `delete_share` is the part of the
    billed size that is planned to go; the most is all of it, the least nothing. Below `least_cost` a month
    nobody opens a console.
    """
    for snapshot in used.ask(SQL, least_days=least_days, least_cost=least_cost):
        expected = snapshot.monthly_cost * delete_share
        name = snapshot.resource_id.rpartition("/")[2]
        yield used.finding(
            snapshot,
            Saving(Decimal(0), expected, snapshot.monthly_cost),
            reason=f"It was charged on {snapshot.first_seen:%Y-%m-%d} already, so is at least"
            f" {(used.window.end - snapshot.first_seen.date()).days} days old: {snapshot.size_gb:,.1f} GB,"
            f" {snapshot.monthly_cost:,.2f} a month. Deleting it frees only blocks that no later snapshot"
            " needs.",
            formula=f"{snapshot.monthly_cost:.2f} x {delete_share:f} = {expected:.2f}",
            evidence={"size_gb": snapshot.size_gb, "first_seen": f"{snapshot.first_seen:%Y-%m-%d}"},
            preconditions=[
                "no law, contract or backup plan asks for it",
                "no image (AMI) is made of it",
                "a retention rule of Recycle Bin keeps it a while after it is deleted",
            ],
            steps=[
                f"aws ec2 describe-images --filters Name=block-device-mapping.snapshot-id,Values={name}",
                "aws rbin create-rule --resource-type EBS_SNAPSHOT …, so that a mistake can be undone.",
                f"aws ec2 delete-snapshot --snapshot-id {name}",
            ],
        )
