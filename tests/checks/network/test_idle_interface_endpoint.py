"""13: an endpoint's hours at 0.01 in each zone, against bytes at 0.01 a GB that would be 0.045 by NAT."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, cents, item

D = Decimal


def endpoint(name: str, gb_a_day: str | None = None, days: range = range(30)) -> list[dict[str, object]]:
    """Make up one in two zones: 48 hours a day."""
    hours = item("USE2-VpcEndpoint-Hours", 48, "0.48", resource=name, service="AmazonVPC", days=days)
    if gb_a_day is None:
        return hours
    cost = D(gb_a_day) * D("0.01")
    return hours + item(
        "USE2-VpcEndpoint-Bytes", gb_a_day, cost, resource=name, service="AmazonVPC", unit="GB"
    )


def test_without_bytes_all_is_saved_and_with_few_what_nat_would_not_cost(rows: Rows) -> None:
    found = rows.look(
        "idle_interface_endpoint",
        endpoint("vpce-none"),  # no row of bytes at all
        endpoint("vpce-zero", "0"),  # a row of none
        endpoint("vpce-few", "2"),  # 60 GB, 0.60: 14.40 of hours are 24 times as much
        endpoint("vpce-used", "2.4"),  # 72 GB, 0.72: 20 times as much, not more
        endpoint("vpce-young", days=range(23, 30)),  # 336 h, not more
    )
    by_name = {f.resource_id: f for f in found}
    assert set(by_name) == {"vpce-none", "vpce-zero", "vpce-few"}
    none, few = by_name["vpce-none"], by_name["vpce-few"]
    assert none.saving.low == none.saving.expected == D("14.40") * 730 / HOURS  # 1,440 h x 0.01
    assert by_name["vpce-zero"].saving == none.saving
    # 14.40 + 0.60 - 60 GB x 0.045 by NAT, 2.70, is 12.30; of 730 h in 720
    assert cents(few.saving.expected) == cents(D("12.30") * 730 / HOURS)
    assert cents(few.saving.high) == cents(D("15.00") * 730 / HOURS)
    assert "recall" in few.rate_source
    assert (none.risk, none.confidence) == ("med", 0.8)  # low, but idle by the bill alone


def test_one_that_is_used_is_no_finding(rows: Rows) -> None:
    assert rows.look("idle_interface_endpoint", endpoint("vpce-used", "50")) == []


def test_the_own_bills_price_of_nat_speaks_before_a_list_price(rows: Rows) -> None:
    nat = item("USE2-NatGateway-Bytes", 10, "0.50", resource="nat", unit="GB")
    (found,) = rows.look("idle_interface_endpoint", endpoint("vpce-few", "2"), nat)
    assert cents(found.saving.expected) == cents(D("12.00") * 730 / HOURS)  # 15.00 - 60 GB x 0.05
    assert found.rate_source == "your own bill of 2026-06"
