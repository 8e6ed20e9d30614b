"""Which snapshots would cost less in the archive?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which snapshots would cost less in the archive?",
    number=6,
    kind="storage",
    action="modernise",
    risk="med",
    effort="Low",
    confidence=0.4,
    needs="resource_ids",
)
def snapshot_archive(
    used: Used, *, least_days: int = 90, least_cost: Decimal = Decimal("0.10")
) -> Iterator[Finding]:
    """Compare with the archive, at a quarter of the price and 90 days at least.

    What was kept for 90 days already is likely to be kept as long again. Expected and the most are a
    snapshot that is the only one of its volume; the least is nothing, as the archive holds a full copy,
    which may be larger than what is billed of one among many. Below `least_cost` a month nobody opens a
    console.
    """
    snapshots = used.ask(SQL, least_days=least_days, least_cost=least_cost)
    for snapshot, (archive,) in used.prices.of(snapshots, _meters):
        size = snapshot.size_gb
        saved = snapshot.monthly_cost - size * archive.amount
        if saved <= 0:
            continue
        name = snapshot.resource_id.rpartition("/")[2]
        yield used.finding(
            snapshot,
            Saving(Decimal(0), saved, saved),
            reason=f"{size:,.1f} GB kept for {(used.window.end - snapshot.first_seen.date()).days} days or"
            f" more cost {snapshot.monthly_cost:,.2f} a month; archived, {size * archive.amount:,.2f}, if a"
            " full copy is no larger than what is billed.",
            formula=f"{snapshot.monthly_cost:.2f} - {size:.2f} GB x {archive.amount:f} = {saved:.2f}",
            rate_source=archive.source,
            evidence={"size_gb": size, "first_seen": f"{snapshot.first_seen:%Y-%m-%d}"},
            preconditions=[
                "it is the only snapshot of its volume, or its full size is below four times what is billed",
                "it stays for 90 days more, and a restore may take up to 72 hours",
                "no image (AMI) in use is made of it",
            ],
            steps=[
                "aws ec2 list-snapshots-in-storage-tier, and describe-snapshots for the full size.",
                f"aws ec2 modify-snapshot-tier --snapshot-id {name} --storage-tier archive",
                "Back: aws ec2 restore-snapshot-tier --permanent-restore; what is read is paid by the GB.",
            ],
        )


def _meters(snapshot: Any) -> list[str]:
    return [snapshot.sku_meter.replace("EBS:SnapshotUsage", "EBS:SnapshotArchiveStorage")]
