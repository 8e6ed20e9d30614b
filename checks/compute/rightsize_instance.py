"""Which instances are larger than what runs on them needs?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, smaller

SQL = beside(__file__)


@check(
    "Which instances are larger than what runs on them needs?",
    number=24,
    kind="rightsizing",
    action="rightsize",
    risk="med",
    effort="Medium",
    confidence=0.7,
    needs=("metrics", "optimizer", "recommendations"),
)
def rightsize_instance(used: Used, *, headroom: float = 0.20, least_days: int = 14) -> Iterator[Finding]:
    """Find the smallest size of the same family that leaves 20 % above the 99.5th percentile.

    What is needed is a share of what it has: p99.5 / (1 - 0.20), of CPU and of memory alike, and each size
    down has half of both at half the price. Without metrics of memory it is one size at most. Least is one
    size down, expected and most the smallest that fits. Where no metrics tell, Compute Optimizer's advice is
    taken with its own estimate; before discounts the least is nothing.
    """
    for instance in used.ask(SQL, least_days=least_days):
        if instance.advised_type is not None:
            yield _advised(used, instance)
            continue
        told = instance.memory_percent is not None
        room = 100 * (1 - headroom)
        cpu = instance.cpu_percent / room
        need = max(cpu, instance.memory_percent / room) if told else cpu
        sizes = smaller(instance.instance_type, need)[: None if told else 1]
        if not sizes:
            continue
        to, share = sizes[-1]
        cost = instance.monthly_cost
        saved = cost * (1 - share)
        memory = f"of memory {instance.memory_percent:.1f} %" if told else "its memory is not told"
        yield used.finding(
            instance,
            Saving(cost * (1 - sizes[0][1]), saved, saved),
            tier="METRICS",
            reason=f"In {instance.days_told} days the 99.5th percentile of its CPU was"
            f" {instance.cpu_percent:.1f} %, {memory}; {to} has {share:.1%} of {instance.instance_type} and"
            f" {need:.1%} is needed, {headroom:.0%} of headroom in it.",
            formula=f"{cost:.2f} x (1 - {share}) = {saved:.2f}, where max of p99.5 / (1 - {headroom})"
            f" = {Decimal(str(round(need, 4)))} of its size is needed",
            rate_source="your own bill; sizes of a family are priced in proportion",
            evidence={"instance_type": instance.instance_type, "becomes": to, "needed_share": round(need, 4)},
            missing=[] if told else ["how much memory is used, so it is one size down at most"],
            preconditions=["disk and network of the smaller size are enough"],
            restarts=True,
            steps=[
                f"Stop it, change its type to {to}, start it; in a group, change the launch template.",
                "Watch CPU, memory and latency over a whole week.",
            ],
        )


def _advised(used: Used, instance: Any) -> Finding:
    """Say what Compute Optimizer advises, whose estimate after discounts has commitments in it already."""
    saved, after = instance.advised_saving, instance.after_discounts
    basis = "after discounts" if after else "before discounts, so at most that"
    return used.finding(
        instance,
        Saving(saved if after else Decimal(0), saved, saved),
        tier="CO",
        reason=f"{instance.instance_type} costs {instance.monthly_cost:.2f} a month, too large as Compute"
        f" Optimizer has it: {instance.advised_type} saves {saved:.2f} a month, {basis}.",
        formula=f"estimated by AWS{_over(instance)}, {basis}: {saved:.2f}",
        rate_source=f"Compute Optimizer, {basis}",
        evidence={
            "instance_type": instance.instance_type,
            "becomes": instance.advised_type,
            "performance_risk": instance.performance_risk if instance.performance_risk is not None else "?",
        },
        preconditions=["disk and network of the smaller size are enough"],
        restarts=True,
        steps=[
            f"Stop it, change its type to {instance.advised_type}, start it; in a group, the template.",
            "Watch CPU, memory and latency over a whole week.",
        ],
    )


def _over(instance: Any) -> str:
    return f" over {instance.lookback_days:.0f} days" if instance.lookback_days is not None else ""
