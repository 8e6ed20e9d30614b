"""Where do we stand against our budgets, and what drives the gap?"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.budgets import FEWEST_DAYS, NEWEST_DAYS, Stretch
from finops_mcp.answers import Table, added, cents, exact, same_question, share
from finops_mcp.budgets import Budget
from finops_mcp.budgets.known import condition
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.selection import Selection
from finops_mcp.cache.spans import Span
from finops_mcp.errors import NoSuchBudget
from finops_mcp.variance.held import all_held
from finops_mcp.variance.lately import SEASON_MONTHS
from finops_mcp.variance.splitting import own_budgets, split, split_selection
from finops_mcp.variance.standings import Standing, Weighting, in_order, select_of, standings
from finops_mcp.vocabulary import BillingMonth, DimensionName, End, Start, Top

SQL = beside(__file__)
COLUMNS = (
    *("dimension", "value", "period", "start", "end_exclusive", "measure", "scope", "billing_currency"),
    *("state", "budget", "actual", "used_share", "over", "weighted", "budget_to_date"),
    *("variance", "variance_ratio", "forecast", "forecast_variance", "forecast_over"),
)
"""What each row says; alerts read it by these names.

`dimension` null is everything, `value` "(none)" what has no value; `state` is complete, running, not begun,
incomplete data or unknown. `actual` is what was spent so far of `budget`, `used_share` its share and `over`
whether it is more; `variance` is held against `budget_to_date`. `forecast` is what a running one will come
to, and `forecast_over` whether that is more than `budget`. What cannot be told is null.
"""
_MONTHS = f"the newest {SEASON_MONTHS} whole months"
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
    weighting: Annotated[
        Weighting, Field(description="How a running period is cut: each day alike, or as past months ran.")
    ] = "calendar",
    top: Top = 20,
) -> BudgetVariance:
    """Actual against each kept budget: to date, share used, where it lands, over or not.

    Without dates, of what is running; with dates, of its days in them. Drivers are held against budgets of
    their own, or the like span before.
    """

    def ask(chosen: Any, dimensions: Sequence[str]) -> list[tuple[Any, ...]]:
        return costs.ask(SQL, chosen, dimension=list(dimensions))

    kept = costs.budgets()
    asked = None
    if month or start or end:
        span = costs.select(month=month, start=start, end=end).span
        asked = Stretch(span.start, span.end)
    held = all_held(costs, _wanted(kept, dimension, value), asked)
    told = in_order(standings(costs, ask, held, weighting), asked)
    first = next((one for one in told if one.variance is not None), None)
    if first is None:
        said = [
            one.held.said or f"{one.held.budget.name} of {one.held.budget.period} has not begun."
            for one in told
        ]
        raise NoSuchBudget(f"Nothing can be held against these budgets. {' '.join(dict.fromkeys(said))}")
    told.sort(key=lambda one: one.variance is None)
    chosen = select_of(costs, first.held, [])
    caveats = _caveats(told)
    parts = None
    if by:
        chosen = split_selection(costs, first, by)
        own = own_budgets(costs, ask, kept, first, by, weighting)
        parts = split(ask(chosen, [by]), own, first, by)
        caveats += _of_drivers(costs, first, chosen)
    rows = [_row(one) for one in told]
    return BudgetVariance(
        summary=_summary(first, told),
        columns=list(COLUMNS),
        rows=rows[:top],
        totals=_totals(told, value),
        total_rows=len(rows),
        truncated=len(rows) > top,
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *caveats],
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
    ahead = None if one.forecast is None else one.forecast - one.budget
    return [
        *(budget.dimension, budget.value, budget.period, str(days.start), str(days.end)),
        *(budget.measure, budget.scope, one.held.currency, one.held.state),
        *(exact(one.budget), exact(one.actual)),
        share(one.actual or _ZERO, one.budget) if known else None,
        (one.actual or _ZERO) > one.budget if known else None,
        *(one.weighted, exact(one.to_date), exact(one.variance)),
        share(one.variance or _ZERO, one.to_date or _ZERO) if known else None,
        *(exact(one.forecast), exact(ahead), None if ahead is None else ahead > 0),
    ]


def _totals(told: Sequence[Standing], value: str | None) -> dict[str, Any]:
    """Add budgets up where they are of one dimension, time and measure, with what none of them is about."""
    if not _alike(told):
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


def _alike(told: Sequence[Standing]) -> bool:
    kinds = {
        (b.dimension, b.period, b.measure, b.scope, one.held.currency)
        for one in told
        for b in [one.held.budget]
    }
    values = [one.held.budget.value for one in told]
    known = all(one.variance is not None for one in told)
    return known and len(kinds) == 1 and len(set(values)) == len(values)


def _caveats(told: Sequence[Standing]) -> list[str]:
    said = list(dict.fromkeys(one.held.said for one in told if one.held.said))
    running = [one for one in told if one.held.state == "running"]
    if any(one.weighted == "calendar" for one in running):
        said.append("budget_to_date of what is running, by calendar: each day of its period alike.")
    if any(one.weighted == "season" for one in running):
        said.append(f"budget_to_date by season: as weekdays and days of the month cost in {_MONTHS}.")
    if any(one.forecast is not None for one in running):
        said.append(
            "forecast is an estimate: the days to come at the level of the newest"
            f" {NEWEST_DAYS} complete ones, as weekdays and days of the month cost in {_MONTHS}, or, without"
            " such months, by run-rate. It knows no trend and no plans, and was not tested on the past."
        )
    if any(one.forecast is None for one in running):
        said.append(
            f"Where forecast is null, fewer than {FEWEST_DAYS} complete days are known, or their line items"
            " are no longer kept."
        )
    if any(
        one.held.days.start > b.start or one.held.days.end < b.end for one in told for b in [one.held.budget]
    ):
        said.append(
            "Budgets of longer periods are spread evenly by day; their days within the time asked count."
        )
    if len(told) > 1 and not _alike(told):
        said.append(
            "Not added up: these budgets overlap, or not all can be told. The basis is the first row's."
        )
    return said


def _of_drivers(costs: Costs, first: Standing, chosen: Selection) -> list[str]:
    of = f"drivers split the variance of {first.held.budget.name}, {first.held.budget.period}"
    if chosen.previous and costs.periods_in(chosen.previous):
        return [
            f"{of}: parts without a budget are held against {chosen.previous.name}, scaled to what is left."
        ]
    return [f"{of}; the cache holds no like span before, so parts without a budget are held against nothing."]


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
        if first.forecast is not None:
            text += f"; at this rate it lands at {cents(first.forecast)}"
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
