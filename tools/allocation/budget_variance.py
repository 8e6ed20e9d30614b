"""Where do we stand against our budgets, and what drives the gap?"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.budgets import Stretch
from finops_mcp.answers import Table, added, cents, exact, same_question, share
from finops_mcp.budgets import Budget
from finops_mcp.budgets.known import condition
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.spans import Span
from finops_mcp.errors import NoSuchBudget
from finops_mcp.variance.caveats import alike, caveats, of_drivers
from finops_mcp.variance.held import all_held
from finops_mcp.variance.splitting import own_budgets, split, split_selection
from finops_mcp.variance.standings import Standing, Weighting, in_order, select_of, standings
from finops_mcp.vocabulary import BillingMonth, DimensionName, End, Start, Top

SQL = beside(__file__)
COLUMNS = (
    *("dimension", "value", "period", "start", "end_exclusive", "measure", "scope", "billing_currency"),
    *("state", "budget", "actual", "used_share", "over", "weighted", "budget_to_date"),
    *("variance", "variance_ratio", "forecast", "forecast_low_80", "forecast_high_80", "forecast_by"),
    *("forecast_variance", "forecast_over"),
)
"""What each row says; alerts read it by these names.

`dimension` null is everything, `value` "(none)" what has no value; `state` is complete, running, not begun,
incomplete data or unknown. `actual` is what was spent so far of `budget`, `used_share` its share and `over`
whether it is more; `variance` is held against `budget_to_date`. `forecast` is what a running one will come
to, by a forecast with an interval or by a run-rate, and `forecast_over` whether that is more than `budget`.
What cannot be told is null.
"""
_ZERO = Decimal(0)


class BudgetVariance(Answer):
    """One row for each budget, what is about everything first, then the worst; what is not known is null."""

    drivers: Table | None = Field(
        default=None, description="Parts of the first row's variance, which add up to it exactly."
    )


@tool("Where do we stand against our budgets, and what drives the gap?")
def budget_variance(
    costs: Costs,
    *,
    month: Annotated[BillingMonth, Field(description="Billing month, YYYY-MM.")] = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[DimensionName | None, Field(description="Only budgets by this dimension.")] = None,
    value: Annotated[str | None, Field(description="Only the budget of this value.")] = None,
    by: Annotated[DimensionName | None, Field(description="What to split the first row's gap by.")] = None,
    weighting: Annotated[Weighting, Field(description="How a running period is cut.")] = "calendar",
    top: Top = 20,
) -> BudgetVariance:
    """Actual against each kept budget: to date, share used, where it will land, over or not.

    Without dates, of what is running; with dates, of its days in them. Drivers are held against budgets of
    their own, or the like span before.
    """

    def ask(chosen: Any, dimensions: Sequence[str]) -> list[tuple[Any, ...]]:
        return costs.ask(SQL, chosen, dimension=list(dimensions))

    kept = costs.own.budgets()
    asked = None
    if month or start or end:
        span = costs.select(month=month, start=start, end=end).span
        asked = Stretch(span.start, span.end)
    held = all_held(costs, _wanted(kept, dimension, value), asked)
    told = in_order(standings(costs, ask, held, weighting), asked)
    first = next((one for one in told if one.variance is not None), None)
    if first is None:
        why = [
            one.held.said or f"{one.held.budget.name} of {one.held.budget.period} has not begun."
            for one in told
        ]
        raise NoSuchBudget(f"Nothing can be held against these budgets. {' '.join(dict.fromkeys(why))}")
    told.sort(key=lambda one: one.variance is None)
    chosen = select_of(costs, first.held, [])
    said = caveats(told)
    parts = None
    if by:
        chosen = split_selection(costs, first, by)
        own = own_budgets(costs, ask, kept, first, by, weighting)
        parts = split(ask(chosen, [by]), own, first, by)
        said += of_drivers(costs, first, chosen)
    rows = [_row(one) for one in told]
    return BudgetVariance(
        summary=_summary(first, told),
        columns=list(COLUMNS),
        rows=rows[:top],
        totals=_totals(told, value),
        total_rows=len(rows),
        truncated=len(rows) > top,
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *said],
        next=_next(costs, first, chosen.span, by),
        drivers=parts,
    )


def _wanted(kept: Sequence[Budget], dimension: str | None, value: str | None) -> list[Budget]:
    found = [b for b in kept if dimension in {None, b.dimension} and value in {None, b.value}]
    if found:
        return found
    raise NoSuchBudget(
        f"No budget is kept for {' = '.join(word for word in (dimension, value) if word)}.",
        valid=list(dict.fromkeys(b.name for b in kept)),
        near=near(value or dimension or "", {(b.value if value else b.dimension) or "" for b in kept}),
    )


def _row(one: Standing) -> list[Any]:
    budget, days = one.held.budget, one.held.days
    known = one.actual is not None
    lands = one.landing
    ahead = None if lands is None else lands.amount - one.budget
    return [
        *(budget.dimension, budget.value, budget.period, str(days.start), str(days.end)),
        *(budget.measure, budget.scope, one.held.currency, one.held.state),
        *(exact(one.budget), exact(one.actual)),
        share(one.actual or _ZERO, one.budget) if known else None,
        (one.actual or _ZERO) > one.budget if known else None,
        *(one.weighted, exact(one.to_date), exact(one.variance)),
        share(one.variance or _ZERO, one.to_date or _ZERO) if known else None,
        *((exact(lands.amount), exact(lands.low), exact(lands.high), lands.by) if lands else [None] * 4),
        *(exact(ahead), None if ahead is None else ahead > 0),
    ]


def _totals(told: Sequence[Standing], value: str | None) -> dict[str, Any]:
    """Add budgets up where they are of one dimension, time and measure, with what none of them is about."""
    if not alike(told):
        return {}
    mine = added(one.actual for one in told)
    every = mine if value else added(told[0].spent.values())
    due = added(one.to_date for one in told)
    of_others = {} if value or told[0].held.budget.dimension is None else {"unbudgeted": exact(every - mine)}
    return {
        "budget": exact(added(one.budget for one in told)),
        "budget_to_date": exact(due),
        "actual": exact(every),
        **of_others,
        "variance": exact(every - due),
    }


def _summary(first: Standing, told: Sequence[Standing]) -> str:
    budget, currency = first.held.budget, first.held.currency
    variance, due = first.variance or _ZERO, first.to_date or _ZERO
    part = share(variance, due)
    off = f"{'+' if variance > 0 else ''}{cents(variance)}" + ("" if part is None else f" ({part:+.1%})")
    text = f"{budget.name}, {budget.period}: {cents(first.actual)} {currency} against "
    if first.held.state == "complete":
        text += f"{cents(due)}, {off}"
    else:
        by_day = f"{cents(due)} to be spent by {first.held.newest}"
        text += f"{by_day}, {off}, of {cents(first.budget)}"
        if first.landing is not None:
            text += f"; it is forecast to land at {cents(first.landing.amount)}"
    if len(told) > 1:
        over = sum(one.actual is not None and one.actual > one.budget for one in told)
        text += f"; {over} of {len(told)} budgets are over"
    return f"{text}."


def _next(costs: Costs, first: Standing, span: Span, by: str | None) -> list[NextStep]:
    budget, days = first.held.budget, first.held.days
    time = {"start": str(days.start), "end": str(days.end)}
    found = []
    if by is None:
        about = {"dimension": budget.dimension, "value": budget.value} if budget.dimension else {}
        deeper = "service_name" if budget.dimension != "service_name" else "sub_account_name"
        found.append(
            NextStep(
                tool="budget_variance",
                arguments={**time, **about, "by": deeper},
                why=f"which parts of {budget.name} drive its variance",
            )
        )
    if costs.periods_in(span.before("previous_period", costs.today)):
        same = same_question(metric=budget.measure, scope=budget.scope)
        filters = [f.model_dump() for f in condition(budget)]
        found.append(
            NextStep(
                tool="cost_changes",
                arguments={**time, **same, **({"filters": filters} if filters else {})},
                why=f"why {budget.name} changed since the like span before: usage, rates, commitments",
            )
        )
    return found
