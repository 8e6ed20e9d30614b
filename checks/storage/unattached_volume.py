"""Which volumes are attached to nothing?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which volumes are attached to nothing?",
    number=3,
    kind=("idle", "storage"),
    action="delete",
    risk="low",
    effort="VeryLow",
    confidence=0.9,
    reversible=False,
    needs=("recommendations", "inventory"),
)
def unattached_volume(used: Used) -> Iterator[Finding]:
    """Find volumes that the inventory says are attached to nothing: a bill does not tell attachment."""
    for volume in used.ask(SQL):
        yield used.finding(
            volume,
            Saving.exactly(volume.monthly_cost),
            reason=f"The inventory names nothing that it is attached to, and it cost {volume.cost:.2f}"
            f" in {used.window.days} days.",
            formula=f"all of it: {volume.monthly_cost:.2f} a month",
            tier="INVENTORY",
            deletes=True,
            snapshot_first=True,
            preconditions=["nobody means to attach it again", "a snapshot of it is kept"],
            steps=[
                f"aws ec2 describe-volumes --volume-ids {volume.resource_id}",
                f"aws ec2 create-snapshot --volume-id {volume.resource_id}",
                f"aws ec2 delete-volume --volume-id {volume.resource_id}",
            ],
        )
