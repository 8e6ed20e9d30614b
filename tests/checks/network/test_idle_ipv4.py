"""11: an address that AWS meters as idle, 0.005 an hour."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, item

D = Decimal


def test_an_idle_address_is_all_saved(rows: Rows) -> None:
    address = item("EU-PublicIPv4:IdleAddress", 24, "0.12", service="AmazonVPC", region="eu-west-1")
    (found,) = rows.look("idle_ipv4", address)
    assert D(found.evidence["cost"]) == D("3.60")  # 720 h x 0.005; of 744 h it is 3.72
    assert found.saving.expected == D("3.60") * 730 / HOURS  # 3.65
    assert (found.risk, found.confidence, found.reversible) == ("low", 0.95, False)


def test_an_address_in_use_is_no_finding(rows: Rows) -> None:
    assert rows.look("idle_ipv4", item("PublicIPv4:InUseAddress", 24, "0.12", service="AmazonVPC")) == []
