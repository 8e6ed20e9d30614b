"""52: a schedule saves 1 - 60 / 168 = 64 %, and an endpoint without a call is saved whole."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.checks.given import give, metric
from tests.checks.rows import DAYS, FIRST, NON_PROD, Rows, cents
from tests.support.homes import charge

D = Decimal
ARN = "arn:aws:sagemaker:us-east-1:111111111111:"
PROD = {"user_env": "prod"}


def by_the_hour(
    name: str, meter: str, tags: dict[str, str], hours: range = range(24), count: int = 1
) -> list[Any]:
    """Make up a notebook or endpoint at 0.10 an hour, for some hours of every day of June."""
    first = datetime.combine(FIRST, datetime.min.time())
    return [
        charge(
            D("0.10") * count,
            FIRST,
            identity_line_item_id=f"{name}-{day}-{hour}",
            line_item_usage_start_date=first + timedelta(days=day, hours=hour),
            line_item_usage_end_date=first + timedelta(days=day, hours=hour + 1),
            line_item_usage_type=f"USE1-{meter}:ml.m5.large",
            line_item_usage_amount=str(count),
            line_item_resource_id=ARN + name,
            line_item_product_code="AmazonSageMaker",
            pricing_unit="Hrs",
            product={"product_name": "Amazon SageMaker", "region": "us-east-1"},
            product_region_code="us-east-1",
            resource_tags=tags,
        )
        for day in range(DAYS)
        for hour in hours
    ]


def test_what_is_on_day_and_night(rows: Rows) -> None:
    home = give(
        rows.make(), "metrics",
        metric("endpoint/unused", "Invocations", "sum", 0), metric("endpoint/busy", "Invocations", "sum", 9),
    )  # fmt: skip
    found = rows.look(
        "always_on",
        by_the_hour("notebook-instance/alone", "Notebk", NON_PROD),
        by_the_hour("notebook-instance/by-day", "Notebk", NON_PROD, range(8, 20), 2),
        by_the_hour("endpoint/of-dev", "Host", NON_PROD),
        by_the_hour("endpoint/unused", "Host", PROD),
        by_the_hour("endpoint/busy", "Host", PROD),
        by_the_hour("endpoint/untold", "Host", PROD),
        home=home,
    )  # fmt: skip
    of = {(f.resource_id or "").rpartition("/")[2]: f for f in found}
    assert set(of) == {"alone", "of-dev", "unused", "untold"}
    assert "by-day" not in of
    for name in ("alone", "of-dev"):  # 73.00 x 108 / 168
        assert cents(of[name].saving.expected) == D("46.93")
        assert (of[name].action, of[name].risk) == ("stop", "med")
    assert cents(of["alone"].saving.high) == D("73.00")
    assert cents(of["of-dev"].saving.high) == D("55.62")  # x 128 / 168
    assert cents(of["unused"].saving.low) == D("73.00")
    assert (of["unused"].action, of["unused"].tier) == ("delete", "METRICS")
    assert (of["untold"].action, of["untold"].saving.expected) == ("investigate", D(0))
    assert cents(of["untold"].saving.high) == D("73.00")
