"""14: paid by the hour, without a GB beside it."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, item

D = Decimal


def hourly(meter: str, price: str, name: str, service: str = "AmazonVPC", **how: Any) -> list[dict[str, Any]]:
    return item(meter, 24, str(24 * D(price)), resource=name, service=service, **how)


def carried(meter: str, name: str, service: str = "AmazonVPC", unit: str = "GB") -> list[dict[str, Any]]:
    return item(meter, 1, "0.02", resource=name, service=service, unit=unit)


def test_what_carries_nothing_is_all_saved_and_the_rest_is_no_finding(rows: Rows) -> None:
    firewall, line = "AWSNetworkFirewall", "AWSDirectConnect"
    found = rows.look(
        "idle_connections",
        hourly("USE1-TransitGateway-Hours", "0.05", "tgw-idle"),
        hourly("USE1-TransitGateway-Hours", "0.05", "tgw-used"),
        carried("USE1-TransitGateway-Bytes", "tgw-used"),
        hourly("USE1-Endpoint-Hour", "0.395", "firewall-idle", firewall),
        hourly("USE1-Endpoint-Hour", "0.395", "firewall-used", firewall),
        carried("USE1-Traffic-GB-Processed", "firewall-used", firewall),
        hourly("USE1-VPN-Usage-Hours:ipsec.1", "0.05", "vpn-idle"),
        hourly("USE1-ClientVPN-EndpointHours", "0.10", "client-used"),
        carried("USE1-ClientVPN-ConnectionHours", "client-used", unit="Hrs"),
        hourly("USE1-PortUsage:1G", "0.30", "line-idle", line),
        hourly("USE1-TransitGateway-Hours", "0.05", "tgw-young", days=range(16, 30)),  # 336 h, not more
    )
    by_name = {f.resource_id: f for f in found}
    assert set(by_name) == {"tgw-idle", "firewall-idle", "vpn-idle", "line-idle"}
    for name, price in (
        ("tgw-idle", "0.05"),
        ("firewall-idle", "0.395"),
        ("vpn-idle", "0.05"),
        ("line-idle", "0.30"),
    ):
        assert by_name[name].saving.expected == HOURS * D(price) * 730 / HOURS
    assert (by_name["tgw-idle"].risk, by_name["tgw-idle"].confidence) == ("med", 0.7)
    assert by_name["vpn-idle"].confidence == 0.6  # its kind has no traffic anywhere: perhaps untold


def test_a_firewall_that_gateways_without_a_price_are_chained_to_is_no_finding(rows: Rows) -> None:
    firewall = hourly("USE1-Endpoint-Hour", "0.395", "firewall", "AWSNetworkFirewall")
    waived: dict[str, Any] = {"line_item_net_unblended_cost": "0", "pricing_public_on_demand_cost": "1.08"}
    nat = item("NatGateway-Hours", 24, "1.08", resource="nat-1", **waived)
    passed = item("NatGateway-Bytes", 100, "4.50", resource="nat-1", unit="GB")
    assert rows.look("idle_connections", firewall, nat, passed) == []
    paid = item("NatGateway-Hours", 24, "1.08", resource="nat-1")
    (found,) = rows.look("idle_connections", firewall, paid, passed)
    assert found.resource_id == "firewall"


def test_a_line_whose_traffic_another_account_is_billed_for_is_no_finding(rows: Rows) -> None:
    line = "AWSDirectConnect"
    ours = hourly("USE1-PortUsage:1G", "0.30", "dxcon-1", line)
    theirs = carried("USE1-DataXfer-Out:dc.3", "dxvif-9", line)
    for row in theirs:
        row["line_item_usage_account_id"] = "999999999999"
    assert rows.look("idle_connections", ours, theirs) == []
