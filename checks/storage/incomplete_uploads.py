"""Which buckets pay for uploads never completed, as S3 Storage Lens counts them?"""

from collections.abc import Iterator

from finops_mcp.savings import COUNTED_APART, Finding, Saving, Used, check, counted_apart

SQL = COUNTED_APART
_METRICS = ("IncompleteMultipartUploadStorageBytes", "IncompleteMPUStorageBytesOlderThan7Days")


@check(
    "Which buckets pay for uploads never completed, as S3 Storage Lens counts them?",
    number=37,
    kind="storage",
    action="modernise",
    risk="none",
    effort="VeryLow",
    confidence=0.9,
    reversible=False,
    needs="metrics",
)
def incomplete_uploads(
    used: Used, *, least_gb: int = 1, metrics: tuple[str, ...] = _METRICS
) -> Iterator[Finding]:
    """Find parts of multipart uploads, which nobody can read and no listing of objects shows.

    The bill has them in its storage: a file of metrics of S3 Storage Lens tells them apart. A GB costs two
    cents: less than `least_gb` is not worth a rule.
    """
    for part in counted_apart(used, metrics, least_gb):
        bucket, size, saved = part.bucket, part.size, part.cost
        yield used.finding(
            bucket,
            Saving(saved, saved, saved),
            tier="METRICS",
            reason=f"{size:,.1f} of its {bucket.size_gb:,.1f} GB are of uploads that were never completed,"
            f" {saved:,.2f} a month.",
            formula=part.formula,
            evidence={"size_gb": bucket.size_gb, "incomplete_gb": size},
            preconditions=[
                "no upload takes longer than the rule waits",
                "the parts are in S3 Standard",
            ],
            steps=[
                (
                    f"aws s3api put-bucket-lifecycle-configuration --bucket {bucket.resource_id} … with"
                    " AbortIncompleteMultipartUpload after 7 days."
                ),
            ],
        )
