"""Where do requests to S3 or KMS cost more than the storage?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Where do requests to S3 or KMS cost more than the storage?",
    number=40,
    kind="storage",
    action="investigate",
    risk="low",
    effort="Low",
    confidence=0.5,
    needs="resource_ids",
)
def request_explosion(
    used: Used, *, least_cost: int = 10, bucket_key_share: Decimal = Decimal("0.99")
) -> Iterator[Finding]:
    """Find requests dearer than storage, and KMS requests in places where S3 stores.

    Why there are so many the bill does not tell: nothing is expected, the most is an upper bound: all
    requests, or 99 % of those to KMS, as AWS says of S3 Bucket Keys. Below `least_cost` a month looking
    costs more.
    """
    for asked in used.ask(SQL, least_cost=least_cost):
        yield _key(used, asked, bucket_key_share) if asked.is_key else _bucket(used, asked)


def _bucket(used: Used, asked: Any) -> Finding:
    return used.finding(
        asked,
        Saving(Decimal(0), Decimal(0), asked.monthly_cost),
        reason=f"{asked.quantity:,.0f} requests, most of their cost {asked.dearest or 'not told'}, cost"
        f" {asked.monthly_cost:,.2f} a month, and what is stored {asked.storage_cost:,.2f}.",
        formula=f"at most {asked.cost:.2f} x 730 / {used.window.hours} h = {asked.monthly_cost:.2f}",
        evidence={"storage_monthly_cost": asked.storage_cost, "dearest_operation": asked.dearest or ""},
        preconditions=["the requests are more than the work needs: server access logs or S3 Storage Lens"],
        steps=[
            "Find who asks: server access logs, or CloudTrail data events for an hour.",
            "Many small PUTs: put them together. Many GETs: cache them. Many LISTs: keep an index.",
        ],
    )


def _key(used: Used, asked: Any, share: Decimal) -> Finding:
    most = asked.monthly_cost * share
    return used.finding(
        asked,
        Saving(Decimal(0), Decimal(0), most),
        scope=f"{asked.sub_account_id} {asked.region_id}",
        reason=f"{asked.quantity:,.0f} requests to KMS, most of their cost {asked.dearest or 'not told'},"
        f" cost {asked.monthly_cost:,.2f} a month where S3 stores; if they are of S3, Bucket Keys end up to"
        f" {share:.0%} of them.",
        formula=f"at most {asked.monthly_cost:.2f} x {share:f} = {most:.2f}",
        evidence={"dearest_operation": asked.dearest or ""},
        preconditions=["it is S3 that asks: userAgent and the encryption context in CloudTrail tell"],
        steps=[
            "Find who asks: CloudTrail's KMS events by userAgent and encryption context.",
            "aws s3api put-bucket-encryption … with BucketKeyEnabled; older objects keep their keys.",
        ],
    )
