"""19: m4.large at 0.100 an hour, m5.large at 0.096; 5 % where no price is known."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, meter: str, rate: str, operation: str = "RunInstances", **more: Any) -> list[Any]:
    return item(meter, 24, str(24 * D(rate)), resource=name, operation=operation, **more)


def test_the_price_of_the_follower_in_the_bill_is_what_it_saves(rows: Rows) -> None:
    found = rows.look(
        "previous_generation",
        instance("i-old", "BoxUsage:m4.large", "0.100"),
        instance("i-new", "BoxUsage:m5.large", "0.096"),
        instance("i-odd", "BoxUsage:m4.10xlarge", "2.00"),  # m5 has no 10xlarge
        instance("i-windows", "BoxUsage:m4.large", "0.192", "RunInstances:0002"),
        instance(
            "db-old", "InstanceUsage:db.r4.large", "0.240", "CreateDBInstance:0014", service="AmazonRDS"
        ),
    )
    saved = {f.resource_id: cents(f.saving.expected) for f in found}
    assert saved == {
        "i-old": D("2.92"),  # (0.100 - 0.096) x 730
        "i-windows": D("7.01"),  # 0.192 x 730 x 5 %: the price of m5.large is one of Linux
        "db-old": D("8.76"),  # 0.240 x 730 x 5 %
    }
    old = next(f for f in found if f.resource_id == "i-old")
    assert old.rate_source == "your own bill of 2026-06"
    assert (old.risk, old.effort, old.confidence) == ("med", "Low", 0.6)  # a restart is med


def test_newer_ones_and_dearer_followers_are_no_findings(rows: Rows) -> None:
    dear = instance("i-old", "BoxUsage:m4.large", "0.090"), instance("i-new", "BoxUsage:m5.large", "0.096")
    assert rows.look("previous_generation", *dear) == []
