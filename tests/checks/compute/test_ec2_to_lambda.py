"""49: a t3.medium at 0.0416 an hour is 30.37 a month; 2M requests of 120 ms at 512 MB cost 2.40 in Lambda."""

from decimal import Decimal
from typing import Any

from tests.checks.given import give, metric
from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, meter: str = "BoxUsage:t3.medium", hours: int = 24) -> list[Any]:
    return item(meter, hours, str(hours * D("0.0416")), resource=name, operation="RunInstances")


def test_two_million_requests_a_month_save_27_97(rows: Rows) -> None:
    june = 2_000_000 * 720 / 730
    home = give(
        rows.make(),
        "metrics",
        metric("i-1", "RequestCount", "sum", june),
        metric("i-1", "TargetResponseTime", "avg", 0.12),
        metric("i-busy", "RequestCount", "sum", 15 * june),
        metric("i-busy", "TargetResponseTime", "avg", 0.12),
    )
    (found,) = rows.look("ec2_to_lambda", instance("i-1"), instance("i-busy"), home=home)
    # 2M x (0.12 s x 0.5 GB x 0.0000166667 + 0.0000002) = 2.00 + 0.40; 30.368 - 2.40
    assert found.resource_id == "i-1"
    assert cents(found.current_cost) == D("30.37")
    assert cents(found.saving.expected) == D("27.97")
    assert cents(found.saving.low) == D("25.97")  # twice as long: 2.00 more
    assert (found.action, found.tier, found.risk) == ("modernise", "METRICS", "high")


def test_the_bill_alone_tells_the_break_even_and_what_is_missing(rows: Rows) -> None:
    found = rows.look(
        "ec2_to_lambda",
        instance("i-1"),
        instance("i-large", "BoxUsage:t3.large"),
        instance("i-some-hours", hours=12),
    )
    (one,) = found
    assert "25.3 million requests a month (9.6 a second)" in one.reason  # 30.368 / 0.0000012
    assert one.action == "investigate"
    assert (one.saving.expected, one.saving.high) == (D(0), one.current_cost)
    assert "requests a month (not shown by the data)" in one.preconditions


def test_a_large_one_is_no_finding(rows: Rows) -> None:
    assert rows.look("ec2_to_lambda", instance("i-large", "BoxUsage:t3.large")) == []
