"""21: m5.large at 0.096 an hour, m5a.large at 0.086; a tenth where no price is known."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, meter: str, rate: str, operation: str = "RunInstances") -> list[Any]:
    return item(meter, 24, str(24 * D(rate)), resource=name, operation=operation)


def test_intel_costs_about_a_tenth_more(rows: Rows) -> None:
    found = rows.look(
        "amd",
        instance("i-intel", "BoxUsage:m5.large", "0.096"),
        instance("i-amd", "BoxUsage:m5a.large", "0.086"),
        instance("i-planned", "BoxUsage:c6i.large", "0.090"),
        instance("i-windows", "BoxUsage:m5.large", "0.188", "RunInstances:0002"),
        instance("i-dearer", "BoxUsage:m7i.large", "0.1008"),  # AMD's m7a costs more
    )
    assert {f.resource_id: cents(f.saving.expected) for f in found} == {
        "i-intel": D("7.30"),  # (0.096 - 0.086) x 730
        "i-planned": D("6.57"),  # 0.090 x 730 x 10 %
        "i-windows": D("13.72"),  # 0.188 x 730 x 10 %
    }
    assert {f.resource_id: f.confidence for f in found} == {
        "i-intel": 0.5,
        "i-planned": 0.5,
        "i-windows": 0.4,
    }


def test_amd_and_arm_are_no_findings(rows: Rows) -> None:
    amd, arm = instance("a", "BoxUsage:m5a.large", "0.086"), instance("g", "BoxUsage:m6g.large", "0.077")
    assert rows.look("amd", amd, arm) == []


def test_what_a_reservation_pays_for_stays_in_its_family(rows: Rows) -> None:
    reserved = item(
        "BoxUsage:m5.large", 24, "0", resource="i-reserved", operation="RunInstances",
        line_item_line_item_type="DiscountedUsage", reservation_effective_cost="1.44",
        reservation_reservation_a_r_n="arn:aws:ec2:us-east-1:111111111111:reserved-instances/r-1",
    )  # fmt: skip
    assert rows.look("amd", reserved) == []
