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
    needs=("recommendations", "optimizer", "inventory"),
)
def unattached_volume(used: Used) -> Iterator[Finding]:
    """Find volumes that an inventory or Compute Optimizer tells of: a bill shows no attachment.

    What Cost Optimization Hub recommends to delete joins the list by itself.
    """
    for volume in used.ask(SQL):
        size = "" if volume.size_gb is None else f"{volume.size_gb:.0f} GB "
        by = {"INVENTORY": "the inventory", "CO": "Compute Optimizer"}[volume.told_by]
        yield used.finding(
            volume,
            Saving.exactly(volume.monthly_cost),
            reason=f"{size}attached to nothing, as {by} tells, cost {volume.monthly_cost:.2f} a month.",
            formula=f"all of its charges: {volume.cost:.2f} in the window, {volume.monthly_cost:.2f} a month",
            tier=volume.told_by,
            deletes=True,
            snapshot_first=True,
            preconditions=["a snapshot is kept as long as its data may be asked for; it costs too"],
            steps=[
                f"aws ec2 create-snapshot --volume-id {volume.resource_id}, and wait until it is complete.",
                f"aws ec2 delete-volume --volume-id {volume.resource_id}",
            ],
        )
