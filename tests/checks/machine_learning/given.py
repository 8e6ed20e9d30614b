"""What is on by the hour, made up for tests of what is left on."""

from datetime import datetime, timedelta
from decimal import Decimal

from tests.checks.rows import DAYS, FIRST
from tests.support.homes import charge
from tests.support.organisations import Row


def by_the_hour(
    name: str,
    meter: str,
    tags: dict[str, str],
    *,
    service: str = "AmazonSageMaker",
    hours: range = range(24),
    count: int = 1,
) -> list[Row]:
    """Make up what one resource charged at 0.10 an hour, for some hours of every day of June."""
    first = datetime.combine(FIRST, datetime.min.time())
    return [
        charge(
            Decimal("0.10") * count,
            FIRST,
            identity_line_item_id=f"{name}-{meter}-{day}-{hour}",
            line_item_usage_start_date=first + timedelta(days=day, hours=hour),
            line_item_usage_end_date=first + timedelta(days=day, hours=hour + 1),
            line_item_usage_type=f"USE1-{meter}",
            line_item_usage_amount=str(count),
            line_item_resource_id=name,
            line_item_product_code=service,
            pricing_unit="Hrs",
            product={"product_name": service, "region": "us-east-1"},
            product_region_code="us-east-1",
            resource_tags=tags,
        )
        for day in range(DAYS)
        for hour in hours
    ]
