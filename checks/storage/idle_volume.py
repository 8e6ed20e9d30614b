"""Which volumes are attached and neither read nor written?"""

import re
from collections.abc import Iterator
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which volumes are attached and neither read nor written?",
    number=4,
    kind=("idle", "storage"),
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.7,
    needs=("metrics", "optimizer", "recommendations"),
)
def idle_volume(used: Used, *, least_days: int = 14, most_operations: int = 1) -> Iterator[Finding]:
    """Find volumes at rest for 14 days, less than one operation in any sample, as Compute Optimizer asks.

    Expected and the most are the volume's whole cost; the least keeps a snapshot of all its GB.
    """
    volumes = used.ask(SQL, least_days=least_days, most_operations=most_operations)
    for volume, (snapshot,) in used.prices.of(volumes, _meters):
        name = volume.resource_id.rpartition("/")[2]
        by_metrics = volume.told_by == "metrics"
        whose = "the file of metrics shows no operation" if by_metrics else "Compute Optimizer calls it idle"
        kept = min(volume.size_gb * snapshot.amount, volume.monthly_cost)
        yield used.finding(
            volume,
            Saving(volume.monthly_cost - kept, volume.monthly_cost, volume.monthly_cost),
            tier="METRICS" if by_metrics else "CO",
            deletes=True,
            snapshot_first=True,
            reason=f"{volume.size_gb:,.0f} GB cost {volume.monthly_cost:,.2f} a month, and {whose} in"
            f" {least_days} days; a snapshot of all of it costs at most {kept:,.2f}.",
            formula=f"{volume.cost:.2f} in the window, a month of it {volume.monthly_cost:.2f}; at least"
            f" {volume.monthly_cost:.2f} - {volume.size_gb:.2f} GB x {snapshot.amount:f}",
            rate_source=f"your own bill; for the snapshot {snapshot.source}",
            evidence={"size_gb": volume.size_gb, "told_by": volume.told_by},
            preconditions=["it is no root volume, and no standby for a quarter's or a year's end"],
            steps=[
                f"aws ec2 create-snapshot --volume-id {name}",
                f"aws ec2 detach-volume --volume-id {name}, and wait a week for who misses it.",
                f"aws ec2 delete-volume --volume-id {name}; the snapshot brings it back.",
            ],
        )


def _meters(volume: Any) -> list[str]:
    return [re.sub(r"EBS:Volume.*", "EBS:SnapshotUsage", volume.sku_meter or "EBS:SnapshotUsage")]
