"""What drives the variance of a budget: which parts of what it is about cost more than was to be expected?"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from finops_mcp.analytics.budgets import Driver, Part, drivers
from finops_mcp.answers import Cell, Table, added, exact, share
from finops_mcp.budgets import Budget
from finops_mcp.budgets.known import condition
from finops_mcp.cache.remembered import Row
from finops_mcp.cache.selection import Selection
from finops_mcp.variance.held import all_held
from finops_mcp.variance.standings import Ask, Standing, Weighting, select_of, standings

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

MOST_PARTS = 10
OTHERS, LEFT = "(all others)", "(budget of no part)"
_ZERO = Decimal(0)


def split_selection(costs: "Costs", one: Standing, by: str) -> Selection:
    """Select what a budget is about, with the like span before. Raises what a selection raises."""
    within = condition(one.held.budget)
    return select_of(costs, one.held, [by], filters=within, compare="previous_period")


def own_budgets(
    costs: "Costs", ask: Ask, kept: Sequence[Budget], one: Standing, by: str, weighting: Weighting
) -> dict[str | None, Decimal]:
    """Give the budgets to date of the parts of a budget: those of its period and measure, by one dimension.

    A part of what has one value already has none: its budget is about more than that.
    """
    whole = one.held.budget
    mine = [b for b in kept if b.model_copy(update={"dimension": None, "value": None}).same == whole.same]
    mine = [b for b in mine if b.dimension == by]
    if not mine:
        return {}
    told = standings(costs, ask, all_held(costs, mine, one.held.days), weighting)
    return {s.held.budget.only: s.to_date for s in told if s.to_date is not None}


def split(given: Sequence[Row], own: Mapping[str | None, Decimal], one: Standing, by: str) -> Table:
    """Split the variance of a budget by parts: their cost now and before, and their own budgets to date."""
    rows = {value: (now, before) for value, currency, now, before in given if currency == one.held.currency}
    parts = [
        Part(value, now, own.get(value), before)
        for value in dict.fromkeys([*rows, *own])
        for now, before in [rows.get(value, (_ZERO, _ZERO))]
        if now or before or value in own
    ]
    found, left = drivers(one.to_date or _ZERO, parts)
    shown, others = found[:MOST_PARTS], found[MOST_PARTS:]
    whole = one.variance or _ZERO
    lines = [_line(d.value, [d], d.against, whole) for d in shown]
    if others:
        lines.append(_line(OTHERS, others, None, whole))
    if left:
        lines.append([LEFT, exact(_ZERO), exact(left), exact(-left), share(-left, whole), None])
    return Table(columns=[by, "actual", "expected", "variance", "variance_share", "against"], rows=lines)


def _line(name: str | None, of: Sequence[Driver], against: str | None, whole: Decimal) -> list[Cell]:
    actual, expected = added(d.actual for d in of), added(d.expected for d in of)
    gap = added(d.gap for d in of)
    return [name, exact(actual), exact(expected), exact(gap), share(gap, whole), against]
