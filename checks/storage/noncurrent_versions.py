"""Which buckets pay for old versions of objects, as S3 Storage Lens counts them?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import COUNTED_APART, Finding, Saving, Used, check, counted_apart

SQL = COUNTED_APART
_METRICS = ("NonCurrentVersionStorageBytes",)


@check(
    "Which buckets pay for old versions of objects, as S3 Storage Lens counts them?",
    number=38,
    kind="storage",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.8,
    reversible=False,
    needs="metrics",
)
def noncurrent_versions(
    used: Used, *, least_gb: int = 10, metrics: tuple[str, ...] = _METRICS
) -> Iterator[Finding]:
    """Find versions that were written over or deleted and are stored on.

    The bill has them in its storage: a file of metrics of S3 Storage Lens tells them apart. Expected is that
    all that are there now go, the least that each is wanted still. Ten GB cost a quarter: fewer than
    `least_gb` are not worth a rule.
    """
    for part in counted_apart(used, metrics, least_gb):
        bucket, size, saved = part.bucket, part.size, part.cost
        yield used.finding(
            bucket,
            Saving(Decimal(0), saved, saved),
            tier="METRICS",
            reason=f"{size:,.1f} of its {bucket.size_gb:,.1f} GB are versions written over or deleted,"
            f" {saved:,.2f} a month.",
            formula=part.formula,
            evidence={"size_gb": bucket.size_gb, "noncurrent_gb": size},
            preconditions=[
                "none is needed to undo a mistake, or by a law: Object Lock keeps what must stay",
                "the versions are in S3 Standard",
            ],
            steps=[
                (
                    f"aws s3api put-bucket-lifecycle-configuration --bucket {bucket.resource_id} … with"
                    " NoncurrentVersionExpiration after 30 days, and the newest two kept."
                ),
                "Delete markers of which nothing is left go with ExpiredObjectDeleteMarker.",
            ],
        )
