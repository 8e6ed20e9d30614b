"""Which load balancers does next to nothing pass through?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which load balancers does next to nothing pass through?",
    number=10,
    kind=("idle", "network"),
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.8,
    needs="resource_ids",
)
def idle_load_balancer(
    used: Used, *, least_hours: int = 336, most_lcu_hours: int = 1, most_gb: int = 1
) -> Iterator[Finding]:
    """Find load balancers that balance nothing. An LCU-hour is about a GB: scanners of the net make less."""
    for balancer in used.ask(SQL, least_hours=least_hours, most_lcu_hours=most_lcu_hours, most_gb=most_gb):
        yield used.finding(
            balancer,
            Saving.exactly(balancer.monthly_cost),
            reason=f"{balancer.quantity:.0f} hours were paid for and {balancer.lcu_hours:.2f} LCU-hours used:"
            f" {balancer.cost:.2f} in the window, {balancer.monthly_cost:.2f} a month.",
            formula=f"{balancer.cost:.2f} x 730 / {used.window.hours} h = {balancer.monthly_cost:.2f}",
            evidence={
                "lcu_hours": balancer.lcu_hours,
                "gigabytes": balancer.gigabytes,
                "operation": balancer.operation or "",
            },
            preconditions=[
                "it is no stand-by of a failover, and nothing is to be moved to it",
                "no DNS record names it: made anew, it has another name",
            ],
            idle_by_bill_alone=True,
            steps=[
                "Look at its targets, and at RequestCount or ActiveFlowCount of the last month.",
                "aws elbv2 delete-load-balancer --load-balancer-arn … (aws elb for a classic one).",
                "Its public addresses and their hours end with it.",
            ],
        )
