"""Which buckets pay more for their cheap class than S3 Standard would cost?"""

from collections.abc import Iterator
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which buckets pay more for their cheap class than S3 Standard would cost?",
    number=39,
    kind="storage",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.8,
    needs="resource_ids",
)
def s3_wrong_class(used: Used, *, least_cost: int = 1) -> Iterator[Finding]:
    """Find early deletions and retrievals that eat up what the class saves.

    Expected is the class with them, less the same GB in Standard; the most are all such charges, as if what
    stays were well placed; where Standard would cost more the class is right and nothing is said. Charges
    below `least_cost` a month are not worth a change.
    """
    buckets = used.ask(SQL, least_cost=least_cost)
    for bucket, (standard,) in used.prices.of(buckets, _meters):
        instead = bucket.size_gb * standard.amount
        saved = bucket.monthly_cost - instead
        if saved <= 0:
            continue
        yield used.finding(
            bucket,
            Saving(min(saved, bucket.regretted), min(saved, bucket.regretted), bucket.regretted),
            reason=f"Early deletions and retrievals from {bucket.storage_class} cost {bucket.regretted:,.2f}"
            f" a month, {bucket.monthly_cost:,.2f} with its storage; the {bucket.size_gb:,.0f} GB cost"
            f" {instead:,.2f} in S3 Standard.",
            formula=f"{bucket.monthly_cost:.2f} - {bucket.size_gb:.2f} GB x {standard.amount:f}"
            f" = {saved:.2f}",
            rate_source=standard.source,
            evidence={
                "class": bucket.storage_class,
                "size_gb": bucket.size_gb,
                "early_deletions_and_retrievals": bucket.regretted,
            },
            preconditions=[
                "it goes on like this: a restore or a clearing out that happens once is no pattern",
            ],
            steps=[
                "See which rule of the bucket's lifecycle moves what is still read or soon deleted.",
                "Let it move later, or only prefixes at rest; short-lived objects belong in STANDARD.",
            ],
        )


def _meters(bucket: Any) -> list[str]:
    return [f"{bucket.prefix}TimedStorage-ByteHrs"]
