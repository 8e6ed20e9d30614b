"""How did the days lately run, of each value that budgets are about?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from finops_mcp.analytics.budgets import NEWEST_DAYS, Season, Stretch, season_of
from finops_mcp.cache.ahead import STREAMS
from finops_mcp.cache.by_day import Days
from finops_mcp.errors import ChargesNotKept
from finops_mcp.variance.held import Held

if TYPE_CHECKING:
    from finops_mcp.analytics.daily import DailyCosts
    from finops_mcp.cache.costs import Costs

SEASON_MONTHS = 3
_DAY, _HISTORY, _LAST_HOUR = timedelta(days=1), timedelta(days=400), 23


@dataclass(frozen=True)
class Lately:
    """Daily costs before the newest charge; estimates are made of them, and no amount is added up."""

    after: date
    """The first day that is not over."""
    newest: Mapping[date, float]
    """Of the newest complete days, those that the exports cover."""
    growing: float = 0.0
    """Of the day that is not over, so far."""
    season: Season | None = None
    """What days of the newest whole months cost."""
    streams: "DailyCosts | None" = None
    """All days there are, by stream."""


class OfValues:
    """The days lately of each value of the dimension of a budget, or of everything."""

    def __init__(self, costs: "Costs", one: Held) -> None:
        self._months = costs.whole_months(one.currency)[-SEASON_MONTHS:]
        self._daily = _daily(costs, one, self._months)
        newest = max(p.last_charge for p in costs.opened.periods if p.currency == one.currency)
        self._after = one.newest + _DAY if newest.hour == _LAST_HOUR else one.newest

    def of(self, one: Held) -> Lately:
        """Give the days of what a budget is about; none where the line items that tell them are gone."""
        if self._daily is None:
            return Lately(self._after, {})
        mine = _of_value(self._daily, one)
        whole = mine.by([])
        costs = whole.amounts[0].tolist() if mine.keys else [0.0] * mine.days
        covered = (whole if mine.keys else self._daily).covered.tolist()
        told = {mine.day(n): costs[n] for n in range(mine.days) if covered[n]}
        complete = Stretch(self._after - NEWEST_DAYS * _DAY, self._after)
        return Lately(
            self._after,
            {day: cost for day, cost in told.items() if complete.start <= day < complete.end},
            told.get(self._after, 0.0),
            season_of({day: cost for day, cost in told.items() if day.replace(day=1) in self._months}),
            mine.by(STREAMS) if mine.keys else None,
        )


def _of_value(daily: "DailyCosts", one: Held) -> "DailyCosts":
    if one.budget.dimension is None:
        return daily
    place = daily.dimensions.index(one.budget.dimension)
    which = [at for at, key in enumerate(daily.keys) if key[place] == one.budget.only]
    keys = tuple(daily.keys[at] for at in which)
    return replace(daily, keys=keys, amounts=daily.amounts[which], held=daily.held[which])


def _daily(costs: "Costs", one: Held, months: Sequence[date]) -> "DailyCosts | None":
    """Read as many days as there are, or as are needed least; tags of days are in line items alone."""
    budget, after = one.budget, one.newest + _DAY
    dimensions = dict.fromkeys([*STREAMS, *([budget.dimension] if budget.dimension else [])])
    for start in (after - _HISTORY, min([one.newest - NEWEST_DAYS * _DAY, *months])):
        asked = Days(start, after, one.currency, budget.measure, budget.scope)
        try:
            return costs.by_day(asked, list(dimensions))
        except ChargesNotKept:
            continue
    return None
