"""42: growth by the month times the rate: 10 GB x 0.03."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.checks.rows import Rows, cents, over_the_month
from tests.support.homes import TinyHome, charge

D = Decimal
METER = "USE1-TimedStorage-ByteHrs"
MONTHS = (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1))
LOGS = {"service": "AmazonCloudWatch", "unit": "GB-Mo"}


def before(home: TinyHome, **sizes: tuple[int, int, int]) -> TinyHome:
    """Deliver what each log group held in March, April and May, at 0.03 a GB; 0 before it began."""
    for at, month in enumerate(MONTHS):
        told = [
            charge(
                D("0.03") * size[at],
                month,
                identity_line_item_id=f"{name}-{month}",
                line_item_usage_start_date=month,
                line_item_usage_type=METER,
                line_item_usage_amount=str(size[at]),
                line_item_resource_id=name,
                line_item_product_code="AmazonCloudWatch",
                pricing_unit="GB-Mo",
                product={"product_name": "AmazonCloudWatch", "region": "us-east-1"},
                product_region_code="us-east-1",
            )
            for name, size in sizes.items()
            if size[at]
        ]
        home.deliver(told, month)
    return home


def held(name: str, gb: str, cost: str) -> list[Any]:
    return over_the_month(METER, gb, cost, resource=name, **LOGS)


def test_what_grows_every_month_is_never_deleted(rows: Rows) -> None:
    home = before(
        rows.make(), forever=(100, 110, 115), level=(100, 100, 100), once=(100, 120, 110), young=(0, 100, 110)
    )
    (found,) = rows.look(
        "logs_without_retention",
        held("forever", "130", "3.90"), held("level", "100", "3.00"), held("once", "130", "3.90"),
        held("young", "120", "3.60"),
        home=home,
    )  # fmt: skip
    assert found.resource_id == "forever"
    assert cents(found.saving.expected) == D("0.30")  # (130 - 100) / 3 = 10 GB x 0.03
    assert cents(found.saving.low) == D("0.15")  # April to May, 5 GB
    assert cents(found.saving.high) == D("3.00")  # (130 - 3 x 10) GB x 0.03
    assert found.evidence["growing_since"] == "2026-04"
    assert not found.reversible


def test_three_months_alone_tell_of_two_steps(rows: Rows) -> None:
    home = rows.make()
    home.deliver([charge("0.01", MONTHS[1])], MONTHS[1])
    assert rows.look("logs_without_retention", held("new", "130", "3.90"), home=home) == []
