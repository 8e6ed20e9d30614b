"""Days and lapses of a selection, read for its forecast."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from finops_mcp.analytics.forecast import FEWEST_DAYS, Step, finished, forecast
from finops_mcp.cache.ahead import STREAMS, Ahead, Lapse
from finops_mcp.cache.by_day import Days
from finops_mcp.errors import HistoryTooShort

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_WINDOW = timedelta(weeks=4)
_NET = ("effective_cost", "billed_cost", "net_amortized_cost", "net_unblended_cost")
_GROSS = ("amortized_cost", "unblended_cost")


_WITHOUT = ((_NET, "contracted_cost"), (_GROSS, "public_on_demand_cost"))
"""By which measure use is told as it would be without the commitment."""


def ahead_of(costs: "Costs", asked: Days, until: date, dimensions: Sequence[str]) -> Ahead:
    """Tell the days up to one, exclusive, from the days asked for.

    Raises HistoryTooShort, and what a selection raises.
    """
    daily = costs.by_day(asked, list(dict.fromkeys([*STREAMS, *dimensions])))
    known = finished(daily.by(STREAMS))
    if known.daily.days < FEWEST_DAYS:
        raise HistoryTooShort(
            asked.currency, known.daily.days, FEWEST_DAYS, str(daily.last_day), ended=bool(known.left)
        )
    after = known.daily.last_day + timedelta(days=1)
    lapses, steps = _lapses(costs, asked, (after, until), dimensions)
    return Ahead(forecast(known, until, steps), daily, lapses)


def _lapses(
    costs: "Costs", asked: Days, span: tuple[date, date], dimensions: Sequence[str]
) -> tuple[list[Lapse], list[Step]]:
    """Tell what commitments that end within a span cost and spare, by their four weeks before it."""
    without = next((m for names, m in _WITHOUT if asked.metric in names), None)
    if without is None:  # the other measures do not know commitments
        return [], []
    after, until = span
    parts = list(dimensions) or ["charge_category"]
    start = after - _WINDOW
    chosen = costs.select(
        start=start.isoformat(),
        end=after.isoformat(),
        metric=asked.metric,
        scope=asked.scope,
        dimensions=parts,
        filters=asked.filters,
    )
    rows = costs.ask(
        _sql(),
        chosen,
        dimension=parts,
        without=without,
        start=start,
        ended=after,
        until=until,
        currency=asked.currency,
    )
    lapses: dict[str, Lapse] = {}
    steps = []
    for *key, name, ends, kind, owner, days, cost, bare, untold in rows:
        day = _from(ends)
        daily = None if untold or not days else float(bare - (cost or 0)) / days
        found = lapses.setdefault(name, Lapse(name, kind or "commitment", owner or "", day, 0.0))
        more = None if daily is None or found.daily is None else found.daily + daily
        lapses[name] = replace(found, daily=more)
        steps.append(Step(day, daily or 0.0, tuple(key) if dimensions else ()))
    return list(lapses.values()), steps


def _from(ends: datetime) -> date:
    """Give the first day that is nearer to being without the commitment than with it."""
    return (ends + timedelta(hours=12)).date()


@cache
def _sql() -> str:
    return files(__package__).joinpath("lapses.sql").read_text()
