"""Which NAT gateways pass so little that another in the region could take it?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)
_SIDES = 2


@check(
    "Which NAT gateways pass so little that another in the region could take it?",
    number=9,
    kind="network",
    action="delete",
    risk="med",
    effort="Medium",
    confidence=0.5,
    needs="resource_ids",
)
def nat_per_zone(
    used: Used, *, least_hours: int = 336, idle_below_gb: int = 1, most_gb_a_day: int = 10
) -> Iterator[Finding]:
    """Keep the busiest of the quiet gateways of an account and region, and lead the others' traffic there.

    Hours are saved, and traffic that now crosses zones is paid on both sides: that is expected. At most no
    traffic crosses; at least nothing is saved, where the gateways are of VPCs that are not connected.
    """
    gateways = used.ask(
        SQL, least_hours=least_hours, idle_below_gb=idle_below_gb, most_gb_a_day=most_gb_a_day
    )
    for gateway, (price,) in used.prices.of(gateways, _meters, service="AmazonEC2"):
        hours = gateway.monthly_hours_cost
        saved = hours - gateway.monthly_gb * _SIDES * price.amount
        if saved <= 0:
            continue
        yield used.finding(
            gateway,
            Saving(_NOTHING, saved, hours),
            reason=f"{gateway.gigabytes:.1f} GB passed in {used.window.days} days, while {gateway.gateways}"
            f" such gateways run in the region; its hours cost {hours:.2f} a month.",
            formula=f"{hours:.2f} - {gateway.monthly_gb:.1f} GB x {_SIDES} x {price.amount:f} = {saved:.2f}",
            rate_source=price.source,
            evidence={"gigabytes": gateway.gigabytes, "quiet_gateways": gateway.gateways},
            missing=["the gateways are of one VPC, or of VPCs that are connected"],
            preconditions=["losing the zone of the gateway that stays may cut others off for a while"],
            steps=[
                "aws ec2 describe-nat-gateways, and see which are of one VPC.",
                "Point the route tables of its subnets to the gateway that stays.",
                f"aws ec2 delete-nat-gateway --nat-gateway-id {gateway.resource_id.rpartition('/')[2]}",
                "Release its address afterwards.",
            ],
        )


def _meters(gateway: Any) -> list[str]:
    return [gateway.sku_meter.replace("NatGateway-Hours", "DataTransfer-Regional-Bytes")]
