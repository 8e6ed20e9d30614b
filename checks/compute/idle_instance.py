"""Which instances does nothing run on?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which instances does nothing run on?",
    number=25,
    kind="idle",
    action="stop",
    risk="med",
    effort="Low",
    confidence=0.8,
    needs=("metrics", "optimizer", "recommendations"),
)
def idle_instance(
    used: Used, *, most_cpu_percent: float = 5, most_mb_a_day: float = 5, least_days: int = 14
) -> Iterator[Finding]:
    """Find instances idle as Compute Optimizer has it: 14 days below 5 % of CPU and 5 MB of network a day.

    All three amounts are what it costs to run; its volumes and addresses stay and cost on. Without metrics of
    the network the least is nothing.
    """
    asked = {"most_cpu_percent": most_cpu_percent, "most_mb_a_day": most_mb_a_day, "least_days": least_days}
    for instance in used.ask(SQL, **asked):
        network = instance.network_mb_a_day
        cost = instance.monthly_cost
        passed = "its network is not told" if network is None else f"{network:.2f} MB a day passed"
        yield used.finding(
            instance,
            Saving(cost if network is not None else Decimal(0), cost, cost),
            tier="METRICS",
            reason=f"In {instance.days_told} days its CPU was never above {instance.most_cpu:.1f} % and"
            f" {passed}; it costs {cost:.2f} a month to run.",
            formula=f"{instance.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
            evidence={"most_cpu_percent": instance.most_cpu, "days_of_metrics": instance.days_told},
            missing=[] if network is not None else ["how much passes its network"],
            preconditions=["it does not stand by for a failover or a job once a quarter"],
            steps=[
                "Ask its owner; then stop it for two weeks: volumes stay, and what is on them.",
                "Terminate it after a snapshot of its volumes; they and its address cost until they go too.",
            ],
        )
