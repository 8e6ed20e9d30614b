"""How did the days lately run, of each value that budgets are about?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from finops_mcp.analytics.budgets import NEWEST_DAYS, Season, Stretch, season_of
from finops_mcp.cache.by_day import Days
from finops_mcp.errors import ChargesNotKept
from finops_mcp.variance.held import Held

if TYPE_CHECKING:
    from finops_mcp.analytics.daily import DailyCosts
    from finops_mcp.cache.costs import Costs

SEASON_MONTHS = 3
_DAY, _LAST_HOUR = timedelta(days=1), 23


@dataclass(frozen=True)
class Lately:
    """Daily costs before the newest charge; estimates are made of them, and no amount is added up."""

    after: date
    """The first day that is not over."""
    newest: Mapping[date, float]
    """Of the newest complete days, those that the exports cover."""
    growing: float = 0.0
    """Of that day, so far."""
    season: Season | None = None
    """What days of the newest whole months cost."""


def lately(costs: "Costs", one: Held) -> dict[str | None, Lately] | None:
    """Give the days lately of each value of a budget's dimension, or of everything by the value None.

    Nothing where the line items, which alone tell tags by day, are no longer kept.
    """
    months = costs.whole_months(one.currency)[-SEASON_MONTHS:]
    budget = one.budget
    asked = Days(
        start=min([one.newest - NEWEST_DAYS * _DAY, *months]),
        end=one.newest + _DAY,
        currency=one.currency,
        metric=budget.measure,
        scope=budget.scope,
    )
    try:
        daily = costs.by_day(asked, [budget.dimension] if budget.dimension else [])
    except ChargesNotKept:
        return None
    after = _after_complete(costs, one)
    return {
        (key[0] if key else None): _of(daily, at, set(months), after) for at, key in enumerate(daily.keys)
    }


def _after_complete(costs: "Costs", one: Held) -> date:
    """Give the day after the newest one that is over: the newest itself, unless its last hour has charges."""
    newest = max(p.last_charge for p in costs.opened.periods if p.currency == one.currency)
    return one.newest + _DAY if newest.hour == _LAST_HOUR else one.newest


def _of(daily: "DailyCosts", at: int, months: Collection[date], after: date) -> Lately:
    costs, covered = daily.amounts[at].tolist(), daily.held[at].tolist()
    told = {daily.day(n): costs[n] for n in range(daily.days) if covered[n]}
    complete = Stretch(after - NEWEST_DAYS * _DAY, after)
    return Lately(
        after,
        {day: cost for day, cost in told.items() if complete.start <= day < complete.end},
        told.get(after, 0.0),
        season_of({day: cost for day, cost in told.items() if day.replace(day=1) in months}),
    )
