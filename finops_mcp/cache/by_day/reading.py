"""Rows of the statements, reshaped into streams of days."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from finops_mcp.analytics.daily import Bools, DailyCosts

if TYPE_CHECKING:
    from datetime import date

    from finops_mcp.cache.by_day import Days
    from finops_mcp.cache.costs import Costs

PAYER = "billing_account_id"
STEADY = 0.8
"""A payer with use on so many of its days has some on all: a day without is one that was not delivered."""


def streams_of(costs: "Costs", days: "Days", dimensions: Sequence[str]) -> DailyCosts:
    """Give the daily cost of each combination of some dimensions.

    Days after the newest charge are left out. Raises what a selection raises.
    """
    end = min(days.end, costs.today + timedelta(days=1))
    told = list(dict.fromkeys([*dimensions, PAYER]))
    chosen = costs.select(
        start=days.start.isoformat(),
        end=end.isoformat(),
        metric=days.metric,
        scope=days.scope,
        dimensions=[*told, "day"],
        filters=days.filters,
        of_days=True,
    )
    asked = {"told": told, "currency": days.currency, "start": f"{days.start}", "end": f"{end}"}
    keys = costs.ask(_sql("keys"), chosen, **asked)
    cells = costs.columns(_sql("cells"), chosen, **asked)
    amounts = np.zeros((len(keys), (end - days.start).days))
    numbers = np.array([row[0] for row in keys], dtype=np.uint64)
    order = np.argsort(numbers)
    if len(keys):
        streams = order[np.searchsorted(numbers[order], cells["stream"].to_numpy())]
        amounts[streams, cells["at"].to_numpy()] = cells["cost"].to_numpy()
    payers = [row[1 + told.index(PAYER)] for row in keys]
    held = _held(costs, days, end)
    whole = np.ones(amounts.shape[1], dtype=np.bool_)
    found = DailyCosts(
        first_day=days.start,
        dimensions=tuple(told),
        keys=tuple(tuple(row[1:]) for row in keys),
        amounts=amounts,
        held=np.array([held.get(payer, whole) for payer in payers], dtype=np.bool_).reshape(amounts.shape),
        currency=days.currency,
    )
    return found if PAYER in dimensions else found.by(dimensions)


def _held(costs: "Costs", days: "Days", end: "date") -> dict[str | None, Bools]:
    """Tell for each payer which days its exports cover: all from its first to its newest, but for gaps."""
    length = (end - days.start).days
    used: dict[str | None, Bools] = {}
    rows = costs.ask(_sql("delivered"), start=days.start, end=end, currency=days.currency)
    for payer, day in rows:
        used.setdefault(payer, np.zeros(length, dtype=np.bool_))[(day - days.start).days] = True
    held = {}
    for payer, seen in used.items():
        mine = [p for p in costs.opened.periods if p.billing_account_id == payer]
        span = np.zeros(length, dtype=np.bool_)
        for period in mine:
            ends = min(period.last_day, max(p.last_charge.date() for p in mine))
            span[max((period.month - days.start).days, 0) : max((ends - days.start).days + 1, 0)] = True
        held[payer] = seen if seen.sum() >= STEADY * span.sum() else span
    return held


@cache
def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text()
