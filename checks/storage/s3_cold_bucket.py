"""Which buckets pay for S3 Standard and nobody uses what is in them?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which buckets pay for S3 Standard and nobody uses what is in them?",
    number=35,
    kind=("storage", "modernise"),
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.5,
    needs="resource_ids",
)
def s3_cold_bucket(
    used: Used, *, least_days: int = 60, least_gb: int = 100, planned_share: Decimal = Decimal("0.3")
) -> Iterator[Finding]:
    """Find Standard alone without a request to an object in 60 days, twice what Standard-IA asks to be kept.

    Expected are 30 % of the cost, the planning value of AWS's own dashboards, as moves and small objects
    take part of the difference; the most is the whole difference to Standard-IA, the least nothing, where
    objects are below 128 KB. Under `least_gb` that is less than a dollar.
    """
    buckets = used.ask(SQL, least_days=least_days, least_gb=least_gb)
    for bucket, (infrequent,) in used.prices.of(buckets, _meters):
        size = bucket.size_gb
        most = bucket.monthly_cost - size * infrequent.amount
        if most <= 0:
            continue
        expected = min(bucket.monthly_cost * planned_share, most)
        seen = f"since {bucket.last_touched:%Y-%m-%d}" if bucket.last_touched else "in any month of the cache"
        yield used.finding(
            bucket,
            Saving(Decimal(0), expected, most),
            reason=f"{size:,.0f} GB lie in S3 Standard for {bucket.monthly_cost:,.2f} a month, and no object"
            f" was written, read or copied {seen}, {least_days} days at least; in Standard-IA they"
            f" cost {size * infrequent.amount:,.2f}.",
            formula=f"expected {bucket.monthly_cost:.2f} x {planned_share:f} = {expected:.2f}; at most"
            f" {bucket.monthly_cost:.2f} - {size:.2f} GB x {infrequent.amount:f} = {most:.2f}",
            rate_source=infrequent.source,
            evidence={"size_gb": size, "last_touched": bucket.last_touched or "never in the cache"},
            preconditions=[
                "objects are above 128 KB, below which Standard-IA costs as much (S3 Storage Lens)",
                "they stay for 30 days more, the shortest time of Standard-IA",
                "each object moved is a request that is paid once",
            ],
            steps=[
                "Ask the owner first whether it is needed at all: deleting saves everything.",
                (
                    f"aws s3api put-bucket-lifecycle-configuration --bucket {bucket.resource_id} … with a"
                    " transition to STANDARD_IA, or to GLACIER_IR where it is read once a quarter at most."
                ),
            ],
        )


def _meters(bucket: Any) -> list[str]:
    return [bucket.sku_meter.replace("TimedStorage-ByteHrs", "TimedStorage-SIA-ByteHrs")]
