"""26: capacity that is reserved and has no instance in it costs as an instance does, 0.096 an hour."""

from decimal import Decimal

from tests.checks.rows import Rows, cents, item

D = Decimal


def test_reserved_capacity_without_an_instance_is_all_saved(rows: Rows) -> None:
    held = item("EU-UnusedBox:m5.large", 24, "2.304", resource="cr-1", region="eu-west-1")
    (found,) = rows.look("unused_reservation", held, item("BoxUsage:m5.large", 24, "2.304", resource="i-1"))
    assert cents(found.saving.expected) == D("70.08")  # 0.096 x 730
    assert (found.resource_id, found.risk, found.confidence) == ("cr-1", "low", 0.95)


def test_capacity_in_use_is_no_finding(rows: Rows) -> None:
    used = item("Reservation:m5.large", 24, "0", resource="cr-1")
    assert rows.look("unused_reservation", used, item("BoxUsage:m5.large", 24, "2.304")) == []
