"""Which instances does nothing run on?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

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
    the network the least is nothing. Where no metrics tell, Compute Optimizer's word is taken.
    """
    asked = {"most_cpu_percent": most_cpu_percent, "most_mb_a_day": most_mb_a_day, "least_days": least_days}
    for instance in used.ask(SQL, **asked):
        cost = instance.monthly_cost
        dark = instance.told_by == "METRICS" and instance.network_mb_a_day is None
        yield used.finding(
            instance,
            Saving(Decimal(0) if dark else cost, cost, cost),
            tier=instance.told_by,
            reason=f"{_told(instance)}; it costs {cost:.2f} a month to run.",
            formula=f"{instance.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
            evidence=_measured(instance),
            missing=["how much passes its network"] if dark else [],
            preconditions=["it does not stand by for a failover or a job once a quarter"],
            steps=[
                "Ask its owner; then stop it for two weeks: volumes stay, and what is on them.",
                "Terminate it after a snapshot of its volumes; they and its address cost until they go too.",
            ],
        )


def _told(instance: Any) -> str:
    """Say who calls it idle, and by what."""
    if instance.told_by == "CO":
        days = f" over {instance.lookback_days:.0f} days" if instance.lookback_days is not None else ""
        return f"Compute Optimizer calls it idle{days}"
    network = instance.network_mb_a_day
    passed = "its network is not told" if network is None else f"{network:.2f} MB a day passed"
    return f"In {instance.days_told} days its CPU was never above {instance.most_cpu:.1f} % and {passed}"


def _measured(instance: Any) -> dict[str, Any]:
    if instance.told_by == "CO":
        return {"told_by": "Compute Optimizer"}
    return {"most_cpu_percent": instance.most_cpu, "days_of_metrics": instance.days_told}
