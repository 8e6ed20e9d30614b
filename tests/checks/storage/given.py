"""What tests of storage checks are given: charges of months before June, what Storage Lens counts in it."""

from collections.abc import Sequence
from datetime import date

from finops_mcp.analytics.savings.finding import Finding
from tests.checks.given import give, metric
from tests.checks.rows import Rows, over_the_month
from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row

GB = 1024**3


def charged_before(home: TinyHome, month: date, *told: tuple[str, str, str, str]) -> TinyHome:
    """Deliver one line item each on the fifth of an earlier month: resource, service, meter, operation."""
    rows: Sequence[Row] = [
        charge(
            "0.01",
            month,
            identity_line_item_id=f"{resource}-{meter}",
            line_item_resource_id=resource,
            line_item_product_code=service,
            line_item_usage_type=meter,
            line_item_operation=operation,
        )
        for resource, service, meter, operation in told
    ]
    home.deliver(rows, month)
    return home


def counted_by_lens(rows: Rows, check: str, name: str) -> list[Finding]:
    """Give what a check finds in three buckets of 1,000 GB at 0.023 a GB.

    Of one, 300 GB are counted by a metric of that name, of another half a GB, of the third nothing.
    """
    home = give(
        rows.make(),
        "metrics",
        metric("arn:aws:s3:::b-much", name, "avg", 300 * GB),
        metric("b-little", name, "avg", GB / 2),
        metric("b-current", "StorageBytes", "avg", 900 * GB),
    )
    how = {"service": "AmazonS3", "unit": "GB-Mo"}
    buckets = [
        over_the_month("TimedStorage-ByteHrs", "1000", "23.00", resource=bucket, **how)
        for bucket in ("b-much", "b-little", "b-current")
    ]
    return rows.look(check, *buckets, home=home)
