"""Is every network charge on one path, and do paths add up to what the network cost?"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.analytics.network_paths import LEVERS, PATHS
from finops_mcp.answers import exact
from finops_mcp.cache.home import Home
from finops_mcp.errors import MeasureNotInExport
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.oracle import SEPTEMBER, Line, added, by, costs, lines
from tests.tools.tiny import asked, by_first, charge, column, focus_charge, focus_home, home_of, toolbox_at

D = Decimal
# What AWS's own pages of usage types, the domain and the sample name: each with the path it takes.
METERS = {
    "nat_gateway": ["AmazonEC2/NatGateway-Hours", "AmazonEC2/EU-NatGateway-Bytes"],
    "vpc_endpoints": [
        "AmazonVPC/USE1-VpcEndpoint-Hours", "AmazonVPC/USE1-VpcEndpoint-Bytes",
        "AmazonVPC/EUC1-VpcEndpoint-GWLBE-Hours", "AmazonVPC/EUC1-VpcEndpoint-GWLBE-Bytes",
    ],
    "transit_gateway": [
        "AmazonVPC/USE1-TransitGateway-Hours", "AmazonVPC/USE1-TransitGateway-Bytes",
        "AmazonVPC/USE1-TGW-Multicast-Consumer-Bytes",
    ],
    "vpn": ["AmazonVPC/USE1-VPN-Usage-Hours:ipsec.1", "AmazonVPC/USE1-ClientVPN-ConnectionHours"],
    "network_firewall": [
        "AWSNetworkFirewall/EU-Endpoint-Hour", "AWSNetworkFirewall/EU-Traffic-GB-Processed"
    ],
    "direct_connect": ["AWSDirectConnect/USE1-PortUsage:1G", "AWSDirectConnect/USE1-DataXfer-Out:dc.3"],
    "public_ipv4": [
        "AmazonVPC/PublicIPv4:InUseAddress", "AmazonVPC/EU-PublicIPv4:IdleAddress",
        "AmazonEC2/ElasticIP:IdleAddress",
    ],
    "load_balancers": [
        "AWSELB/EU-LoadBalancerUsage", "AWSELB/LCUUsage", "AWSELB/DataProcessing-Bytes",
        "AWSELB/EU-IdleProvisionedLBCapacity", "AWSELB/EU-TS-LoadBalancerUsage",
    ],
    "content_delivery": [
        "AmazonCloudFront/US-DataTransfer-Out-Bytes", "AmazonCloudFront/EU-Requests-Tier2-HTTPS",
        "AmazonS3/USE1-CloudFront-Out-Bytes",
    ],
    "acceleration": [
        "AWSGlobalAccelerator/Global-Accelerator-fixed-fee", "AmazonS3/USE1-AWS-Out-ABytes-T1",
        "AmazonS3/DataTransfer-Out-ABytes",
    ],
    "inter_region": [
        "AmazonEC2/USE1-USW2-AWS-Out-Bytes", "AmazonEC2/USW2-AWS-Out-Bytes", "AmazonS3/EUC1-EU-AWS-In-Bytes",
        "AmazonS3/USE1-EU-S3RTC-Out-Bytes",
    ],
    "cross_az": ["AmazonEC2/DataTransfer-Regional-Bytes", "AmazonMSK/USE1-DataTransfer-xAZ-Out-Bytes"],
    "storage_in_region": ["AmazonS3/USE1-C3DataTransfer-Out-Bytes", "AmazonS3/S3G-DataTransfer-In-Bytes"],
    "internet_out": [
        "AmazonEC2/EU-DataTransfer-Out-Bytes", "AmazonS3/DataTransfer-Out-Bytes",
        "AmazonLightsail/USE1-TotalDataXfer-Out-Bytes",
    ],
    "internet_in": ["AmazonEC2/DataTransfer-In-Bytes", "AmazonLightsail/USE1-TotalDataXfer-In-Bytes"],
    "dns": ["AmazonRoute53/DNS-Queries", "AmazonRoute53/HostedZone"],
    "other": [
        "AmazonVPC/USE1-IPAddressManager-IP-Hours", "AmazonVPC/USE1-Analysis-Runs",
        "AmazonS3/USE1-MRAP-Out-Bytes",
    ],
}  # fmt: skip
NOT_NETWORK = [
    "AmazonEC2/BoxUsage:m5.large", "AmazonEC2/EBS:VolumeUsage.gp3", "AmazonS3/TimedStorage-ByteHrs",
    "AmazonS3/USE1-EarlyDelete-ByteHrs", "AmazonS3/Retrieval-SIA", "AmazonCloudWatch/DataProcessing-Bytes",
    "AmazonGuardDuty/EUW2-PaidEventsAnalyzed-Bytes", "AmazonAthena/USE1-DataScannedInTB",
    "AmazonS3/Select-Returned-Bytes", "AmazonEC2/EBS:SnapshotUsage",
]  # fmt: skip


def oracle_path(line: Line) -> str | None:
    """Tell a line's path by the rules, one by one, as the table says them."""
    told = f"{line['service']}/{line['meter'] or ''}"
    return next((p.name for p in PATHS if re.search(p.pattern, told)), None) if line["meter"] else None


def test_every_network_meter_is_on_one_path_and_no_other_meter_is(tmp_path: Path) -> None:
    meters = [(path, name) for path, names in METERS.items() for name in names]
    charges = [
        charge(
            str(number + 1),
            line_item_product_code=name.partition("/")[0],
            product={"product_name": name.partition("/")[0]},
            line_item_usage_type=name.partition("/")[2],
            line_item_usage_amount="2",
        )
        for number, name in enumerate([*(name for _, name in meters), *NOT_NETWORK])
    ]
    toolbox = home_of(tmp_path, charges).toolbox
    answer = asked(toolbox, "network_costs", dimension=["service_code", "sku_meter"], top=100)
    found = {f"{service}/{meter}": path for path, service, meter, *_ in answer["rows"]}
    assert found == {name: path for path, name in meters}
    assert set(METERS) == set(LEVERS)
    n = len(meters)
    assert D(answer["totals"]["effective_cost"]) == n * (n + 1) / 2  # 1 + 2 + … + n
    in_all = asked(toolbox, "network_costs")
    nat = next(row for row in in_all["rows"] if row[0] == "nat_gateway")
    # 1.00 of hours and 2.00 of 2 GB
    assert dict(zip(in_all["columns"], nat, strict=True)) == {
        "path": "nat_gateway", "effective_cost": "3.00", "share": round(3 / (n * (n + 1) / 2), 6),
        "data_cost": "2.00", "gigabytes": "2.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dimension", "key"),
    [
        ([], lambda _line: None),
        (["sub_account_id"], lambda line: line["account"]),
        (["resource_id"], lambda line: line["resource"] or None),
    ],
)
def test_paths_add_up_to_what_the_networks_meters_cost(
    sample: Toolbox, dimension: list[str], key: Callable[[Line], Any]
) -> None:
    of = [line for line in costs(lines(SEPTEMBER)) if oracle_path(line)]
    answer = asked(sample, "network_costs", month="2026-09", dimension=dimension, top=1000)
    shown = {(row[0], row[1] if dimension else None): row[1 + len(dimension)] for row in answer["rows"]}
    expected = by(of, lambda line: (oracle_path(line), key(line)))
    assert shown == {name: exact(amount) for name, amount in expected.items()}
    assert answer["totals"] == {"effective_cost": exact(added(of))}
    assert added(of) > 0


def test_the_total_is_that_of_the_same_meters_asked_by_cost_by(sample: Toolbox) -> None:
    answer = asked(sample, "network_costs", month="2026-09", dimension=["sku_meter"], top=1000)
    meters = sorted({row[1] for row in answer["rows"]})
    services = [{"dimension": "service_code", "op": "not_in", "values": ["AmazonCloudWatch"]}]
    same = asked(
        sample,
        "cost_by",
        month="2026-09",
        filters=[{"dimension": "sku_meter", "op": "in", "values": meters}, *services],
    )
    assert same["totals"] == answer["totals"]


def test_what_would_change_a_path_is_told_of_those_shown(sample: Toolbox) -> None:
    answer = asked(sample, "network_costs", month="2026-09", top=2)
    assert list(answer["levers"]) == column(answer, "path")
    assert answer["truncated"] is True
    assert answer["next"][0]["arguments"] == {"kind": "network"}


def test_filters_and_days_narrow_it(sample: Toolbox) -> None:
    only = [{"dimension": "region_id", "op": "eq", "values": ["eu-west-1"]}]
    of = [
        line
        for line in costs(lines(SEPTEMBER))
        if oracle_path(line) and line["region"] == "eu-west-1" and 5 <= line["start"].day < 9
    ]
    answer = asked(sample, "network_costs", start="2026-09-05", end="2026-09-09", filters=only)
    assert by_first(answer, "effective_cost") == {p: exact(a) for p, a in by(of, oracle_path).items()}
    nothing = asked(
        sample,
        "network_costs",
        month="2026-09",
        filters=[{"dimension": "service_code", "op": "eq", "values": ["AmazonAthena"]}],
    )
    assert nothing["rows"] == []
    assert nothing["summary"] == "No network charge in 2026-09 meets the conditions."


def test_amounts_of_different_currencies_are_never_added(tmp_path: Path) -> None:
    nat: dict[str, Any] = {"line_item_usage_type": "NatGateway-Hours"}
    rupees: dict[str, Any] = {"line_item_currency_code": "INR", "bill_payer_account_id": "215530417762"}
    toolbox = home_of(tmp_path, [charge("1000", **nat, **rupees), charge("4", **nat)]).toolbox
    answer = asked(toolbox, "network_costs")
    assert [row[:3] for row in answer["rows"]] == [
        ["nat_gateway", "INR", "1000.00"],
        ["nat_gateway", "USD", "4.00"],
    ]
    assert answer["totals"] == {"effective_cost": {"INR": "1000.00", "USD": "4.00"}}


def test_use_without_a_meter_is_told_and_where_none_has_one_the_paths_are_refused(tmp_path: Path) -> None:
    bare = focus_home(tmp_path / "bare", [focus_charge("2.5")]).toolbox
    with pytest.raises(MeasureNotInExport, match="it has no SkuMeter"):
        asked(bare, "network_costs")
    charges = [charge("4", line_item_usage_type="NatGateway-Hours"), charge("3", line_item_usage_type=None)]
    answer = asked(home_of(tmp_path / "some", charges).toolbox, "network_costs")
    assert answer["totals"] == {"effective_cost": "4.00"}
    assert any("3.00 USD of use names no meter" in c for c in answer["caveats"])


def test_every_network_meter_of_the_workshop_has_a_path(workshop_home: Home) -> None:
    answer = asked(
        toolbox_at(workshop_home.path), "network_costs", month="2018-11", dimension=["sku_meter"], top=1000
    )
    paths = {row[1]: row[0] for row in answer["rows"]}
    assert set(paths.values()) <= {
        "inter_region",
        "cross_az",
        "internet_in",
        "internet_out",
        "public_ipv4",
        "dns",
    }
    told = re.compile(r"(Transfer.*|AWS-(In|Out)-)Bytes$")
    everything = asked(
        toolbox_at(workshop_home.path), "cost_by", month="2018-11", dimension=["sku_meter"], top=1000
    )
    assert {m for m in column(everything, "sku_meter") if m and told.search(m)} <= set(paths)
