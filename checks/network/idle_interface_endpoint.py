"""Which interface endpoints are hardly used?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which interface endpoints are hardly used?",
    number=13,
    kind=("idle", "network"),
    action="delete",
    risk="low",
    effort="Low",
    confidence=0.8,
    needs="resource_ids",
)
def idle_interface_endpoint(
    used: Used, *, least_hours: int = 336, hours_to_bytes: int = 20
) -> Iterator[Finding]:
    """Find endpoints whose hours cost over `hours_to_bytes` times what their traffic does, or that have none.

    What little passes would go through a NAT gateway instead, and that is taken off; at most it ends too.
    """
    endpoints = used.ask(SQL, least_hours=least_hours, hours_to_bytes=hours_to_bytes)
    for endpoint, prices in used.prices.of(endpoints, _meters, service="AmazonEC2"):
        whole = endpoint.monthly_cost
        through_nat, source = Decimal(0), "your own bill"
        for price in prices:
            through_nat, source = endpoint.monthly_gb * price.amount, price.source
        saved = whole - through_nat
        if saved <= 0:
            continue
        yield used.finding(
            endpoint,
            Saving(saved, saved, whole),
            reason=f"{endpoint.quantity:.0f} hours (one for each zone) were paid for and"
            f" {endpoint.gigabytes:.2f} GB passed: {endpoint.cost:.2f} in the window, {whole:.2f} a month.",
            formula=f"{endpoint.cost:.2f} x 730 / {used.window.hours} h - {endpoint.monthly_gb:.2f} GB"
            f" by NAT, {through_nat:.2f} = {saved:.2f}",
            rate_source=source,
            evidence={"gigabytes": endpoint.gigabytes},
            preconditions=[
                "no rule of security asks that the service is reached privately",
                "what still uses it has another way, such as a NAT gateway",
            ],
            idle_by_bill_alone=True,
            steps=[
                "See in flow logs of its interfaces who uses it, and whether one zone would do.",
                f"aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {endpoint.resource_id.rpartition('/')[2]}",
            ],
        )


def _meters(endpoint: Any) -> list[str]:
    """Name what a GB through a NAT gateway is metered by, where there is any."""
    return [endpoint.sku_meter.partition("VpcEndpoint-")[0] + "NatGateway-Bytes"] * (endpoint.monthly_gb > 0)
