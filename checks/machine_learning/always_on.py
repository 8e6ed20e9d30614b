"""Which notebooks and endpoints of SageMaker are on day and night?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import (
    WEEK,
    Finding,
    Saving,
    Used,
    beside,
    check,
    environment_of,
    in_working_hours,
    is_development,
)

SQL = beside(__file__)
_HOURS = 60


@check(
    "Which notebooks and endpoints of SageMaker are on day and night?",
    number=52,
    kind="idle",
    action="stop",
    risk="low",
    effort="Low",
    confidence=0.7,
    needs=("hourly", "resource_ids"),
)
def always_on(used: Used, *, least_share: float = 0.95, least_days: int = 14) -> Iterator[Finding]:
    """Find what was on for 95 % of all hours: people work in notebooks for some of them.

    Expected of a notebook, and of an endpoint of a development environment, is a week of 60 of 168 hours, the
    least one of 96, the most all of it (a notebook) or one of 40. An endpoint without a call in metrics of
    two weeks is saved whole. Of any other endpoint that metrics do not tell of, nothing is expected.
    """
    for running in used.ask(SQL, least_share=least_share, least_days=least_days):
        told = running.invocations
        if running.is_endpoint and told == 0:
            yield _unused(used, running)
        elif not running.is_endpoint or is_development(environment_of(running.tags or {})):
            yield _scheduled(used, running)
        elif told is None:
            yield _untold(used, running)


def _unused(used: Used, running: Any) -> Finding:
    cost = running.monthly_cost
    return used.finding(
        running,
        Saving.exactly(cost),
        action="delete",
        tier="METRICS",
        reason=f"The endpoint was not called once, and costs {cost:,.2f} a month.",
        formula=f"{running.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
        evidence={"invocations": 0},
        preconditions=["it is made again from its configuration within minutes, where it is needed"],
        steps=[
            f"aws sagemaker delete-endpoint --endpoint-name {running.name}; its configuration stays.",
            "For rare calls serverless inference or asynchronous endpoints, which go down to nothing.",
        ],
    )


def _scheduled(used: Used, running: Any) -> Finding:
    cost = running.monthly_cost
    saving = in_working_hours(cost, _HOURS)
    what = "endpoint" if running.is_endpoint else "notebook"
    ends = (
        "Delete the endpoint in the evening and make it from its configuration in the morning (EventBridge)."
        if running.is_endpoint
        else "aws sagemaker stop-notebook-instance, or delete-app of a Studio: what it holds stays."
    )
    return used.finding(
        running,
        saving if running.is_endpoint else Saving(saving.low, saving.expected, cost),
        reason=f"The {what} was on for nearly every hour, at {cost:,.2f} a month; on for {_HOURS} of {WEEK}"
        f" hours a week it costs {cost - saving.expected:,.2f}.",
        formula=f"{cost:.2f} x (1 - {_HOURS} / {WEEK}) = {saving.expected:.2f}",
        preconditions=["no training or test runs there at night"],
        idle_by_bill_alone=True,
        steps=[
            ends,
            "A lifecycle configuration stops a notebook that was idle for an hour: its volume stays."
            if not running.is_endpoint
            else "For rare calls serverless inference, which costs nothing while nobody calls.",
        ],
    )


def _untold(used: Used, running: Any) -> Finding:
    cost, nothing = running.monthly_cost, Decimal(0)
    return used.finding(
        running,
        Saving(nothing, nothing, cost),
        action="investigate",
        reason=f"The endpoint is on day and night, at {cost:,.2f} a month; whether it is called the bill does"
        " not tell.",
        formula=f"at most {running.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
        missing=["calls of it: metrics of Invocations (finops-duck inputs FILE)"],
        preconditions=["it is called seldom, or in some hours alone"],
        steps=[
            "Give its metrics: Invocations, sum, of two weeks or more.",
            "Let it scale with its calls, or use serverless inference where they are rare.",
        ],
    )
