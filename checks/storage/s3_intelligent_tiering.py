"""Which buckets would Intelligent-Tiering make cheaper?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, who_says

SQL = beside(__file__)
_KB_OF_GB = 1024 * 1024


@check(
    "Which buckets would Intelligent-Tiering make cheaper?",
    number=36,
    kind=("storage", "modernise"),
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.4,
    needs="resource_ids",
)
def s3_intelligent_tiering(
    used: Used,
    *,
    least_gb: int = 1000,
    cold_share: Decimal = Decimal("0.5"),
    assumed_object_kb: int = 1024,
    smallest_object_kb: int = 128,
) -> Iterator[Finding]:
    """Compare with Intelligent-Tiering, which moves what is not read for 30 days and is paid by the object.

    Under `least_gb` it saves a few coins; `cold_share` is a planning value, as the bill shows no access to
    objects; `assumed_object_kb` stands in for a count of objects; smaller ones than 128 KB never move. The
    least is nothing turning cold, the most everything.
    """
    for bucket, (cold, monitored) in used.prices.of(used.ask(SQL, least_gb=least_gb), _meters):
        size = bucket.size_gb
        counted = bucket.objects is not None
        objects = Decimal(str(bucket.objects)) if counted else size * _KB_OF_GB / assumed_object_kb
        if objects and size * _KB_OF_GB / objects < smallest_object_kb:
            continue
        standard = bucket.monthly_cost / size
        watching = objects * monitored.amount
        all_cold = size * (standard - cold.amount) - watching
        expected = size * cold_share * (standard - cold.amount) - watching
        if expected <= 0:
            continue
        of_which = "counted by the file of metrics" if counted else f"if each has {assumed_object_kb:,} KB"
        yield used.finding(
            bucket,
            Saving(Decimal(0), expected, all_cold),
            reason=f"{size:,.0f} GB of S3 Standard cost {bucket.monthly_cost:,.2f} a month; with"
            f" {cold_share:.0%} of it unread for 30 days Intelligent-Tiering costs"
            f" {bucket.monthly_cost - expected:,.2f}, {watching:,.2f} of it for watching {objects:,.0f}"
            f" objects ({of_which}).",
            formula=f"{size:.2f} GB x {cold_share:f} x ({standard:.6f} - {cold.amount:f})"
            f" - {objects:.0f} objects x {monitored.amount:f} = {expected:.2f}",
            rate_source=who_says([cold, monitored]),
            tier="METRICS" if counted else "CUR",
            evidence={"size_gb": size, "objects": f"{objects:.0f}, {of_which}"},
            preconditions=[
                (
                    f"{cold_share:.0%} of it is not read for 30 days at a time: a planning value"
                    " (S3 Storage Lens or Storage Class Analysis shows it)"
                ),
                "objects are mostly kept for months: a move of each is a request that is paid once",
            ],
            missing=[]
            if counted
            else ["how many objects there are: NumberOfObjects in a file of metrics, or S3 Storage Lens"],
            steps=[
                "See S3 Storage Lens for the count, the sizes and the reads of objects.",
                (
                    f"aws s3api put-bucket-lifecycle-configuration --bucket {bucket.resource_id} … with a"
                    " transition to INTELLIGENT_TIERING after 0 days, for objects above 128 KB."
                ),
                "Write new objects with --storage-class INTELLIGENT_TIERING, so that nothing is moved twice.",
            ],
        )


def _meters(bucket: Any) -> list[str]:
    names = ("TimedStorage-INT-IA-ByteHrs", "Monitoring-Automation-INT")
    return [bucket.sku_meter.replace("TimedStorage-ByteHrs", name) for name in names]
