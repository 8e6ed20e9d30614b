"""Which tasks of ECS would cost less on arm64 or spot, and what of their nodes does no task take?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.analytics.savings.rubric import environment_of, is_production
from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which ECS tasks would cost less on arm64, on spot, or on smaller nodes?",
    number=50,
    kind=("modernise", "rightsizing"),
    action="modernise",
    risk="med",
    effort="Medium",
    confidence=0.6,
)
def fargate_tasks(
    used: Used,
    *,
    arm_cheaper: float = 0.20,
    spot_cheaper: float = 0.70,
    share_on_spot: float = 0.5,
    headroom: float = 0.20,
    least_cost: float = 1,
) -> Iterator[Finding]:
    """Take a fifth off tasks of x86 on Fargate, and 70 % off those outside production, on Fargate Spot.

    Pods of EKS are left out: for them Fargate has neither arm64 nor spot. Of a node of ECS on EC2, split cost
    allocation says what no task takes; what of that is above the headroom can go.
    """
    for row in used.ask(SQL, headroom=headroom, least_cost=least_cost):
        if row.part == "node":
            yield _smaller(used, row, headroom)
            continue
        if row.x86_cost > 0:
            yield _on_arm(used, row, Decimal(str(arm_cheaper)))
        environment = environment_of(row.tags or {})
        if environment and not is_production(environment):
            yield _on_spot(used, row, Decimal(str(spot_cheaper)), Decimal(str(share_on_spot)))


def _named(row: Any) -> str:
    return f"{row.cluster or '(no cluster)'}/{row.service or '(no service)'}"


def _on_arm(used: Used, row: Any, cheaper: Decimal) -> Finding:
    saved = row.x86_cost * cheaper
    return used.finding(
        row,
        Saving.exactly(saved),
        scope=f"{row.sub_account_id} {row.region_id} {_named(row)}",
        reason=f"{_named(row)} runs on Fargate on x86 for {row.x86_cost:.2f} a month; on arm64 an hour of"
        f" vCPU or GB costs {cheaper:.0%} less.",
        formula=f"{row.x86_cost:.2f} x {cheaper} = {saved:.2f}",
        rate_source=f"your own bill, arm64 at {cheaper:.0%} less as AWS lists it",
        restarts=True,
        preconditions=["every image of the task exists for arm64, and takes no longer there"],
        steps=[
            "Build the images for both platforms.",
            "Set runtimePlatform.cpuArchitecture to ARM64 in the task definition, and deploy it to a part.",
        ],
    )


def _on_spot(used: Used, row: Any, cheaper: Decimal, share: Decimal) -> Finding:
    saved = row.monthly_cost * cheaper
    return used.finding(
        row,
        Saving(saved * share, saved, saved),
        scope=f"{row.sub_account_id} {row.region_id} {_named(row)}",
        reason=f"{_named(row)} costs {row.monthly_cost:.2f} a month on demand outside production; Fargate"
        f" Spot costs about {cheaper:.0%} less.",
        formula=f"{row.monthly_cost:.2f} x {cheaper} = {saved:.2f}",
        rate_source=f"a planning value of {cheaper:.0%}; what spot costs changes",
        restarts=True,
        missing=["that the task bears an end within two minutes"],
        steps=[
            "Add FARGATE_SPOT to the capacity providers of the cluster.",
            "Give the service a strategy of both, most weight on FARGATE_SPOT, and handle SIGTERM.",
        ],
    )


def _smaller(used: Used, row: Any, headroom: float) -> Finding:
    above = row.idle_cost - row.carried_cost * Decimal(str(headroom))
    return used.finding(
        row,
        Saving(Decimal(0), above, row.idle_cost),
        kinds=("rightsizing",),
        action="rightsize",
        reason=f"Tasks take {1 - row.idle_cost / row.carried_cost:.0%} of the node; {row.idle_cost:.2f} of"
        f" {row.carried_cost:.2f} a month pays for what none takes.",
        formula=f"{row.idle_cost:.2f} - {headroom:.0%} of {row.carried_cost:.2f} = {above:.2f}",
        restarts=True,
        preconditions=["the tasks fit on fewer or smaller nodes, with room for a deployment"],
        steps=[
            "Lower what task definitions reserve to what they use, so that more fit on a node.",
            "Let managed scaling of the capacity provider aim at a higher targetCapacity.",
        ],
    )
