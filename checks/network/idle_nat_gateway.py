"""Which NAT gateways does next to nothing pass through?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which NAT gateways does next to nothing pass through?",
    number=7,
    kind=("idle", "network"),
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.8,
    needs="resource_ids",
)
def idle_nat_gateway(used: Used, *, least_hours: int = 336, most_gb: int = 1) -> Iterator[Finding]:
    """Find gateways without traffic: each is paid by the hour, and is made anew in minutes."""
    for gateway in used.ask(SQL, least_hours=least_hours, most_gb=most_gb):
        yield used.finding(
            gateway,
            Saving.exactly(gateway.monthly_cost),
            reason=f"{gateway.quantity:.0f} hours were paid for and {gateway.gigabytes:.2f} GB passed:"
            f" {gateway.cost:.2f} in the window, {gateway.monthly_cost:.2f} a month.",
            formula=f"{gateway.cost:.2f} x 730 / {used.window.hours} h = {gateway.monthly_cost:.2f}",
            evidence={"gigabytes": gateway.gigabytes},
            preconditions=["no route table needs it for rare but necessary traffic, such as updates"],
            idle_by_bill_alone=True,
            steps=[
                "Find the route tables that point to it, and what subnets use them.",
                f"aws ec2 delete-nat-gateway --nat-gateway-id {gateway.resource_id.rpartition('/')[2]}",
                "Release its address afterwards: an address that is held costs too.",
            ],
        )
