"""Rows of the statements, reshaped into streams of hours."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from finops_mcp.analytics.patterns.clock import HourlyUse
from finops_mcp.cache.by_day import Days

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_PERIOD = ("charge_period_start", "charge_period_end")
_HOURS = 24


def hours_of(costs: "Costs", days: Days, dimensions: Sequence[str], most: int) -> HourlyUse:
    """Give the hourly use of the greatest combinations of some dimensions, and of all others together.

    Use is what commitments could pay for. Raises what a selection raises, and ChargesNotKept.
    """
    chosen = costs.select(
        start=days.start.isoformat(),
        end=days.end.isoformat(),
        metric=days.metric,
        scope=days.scope,
        dimensions=dimensions,
        filters=days.filters,
        of_charges=_PERIOD,
    )
    told = [d.name for d in chosen.dimensions]
    asked = {"told": told, "currency": days.currency, "start": days.start, "most": most}
    keys = [tuple(row[1:-1]) for row in costs.ask(_sql("keys"), chosen, **asked)]
    cells = costs.columns(_sql("cells"), chosen, **asked)
    shape = (len(keys) + 1, (days.end - days.start).days * _HOURS)
    use, cost, untold = np.zeros(shape), np.zeros(shape), np.zeros(shape[0])
    places, at = cells["place"].to_numpy() - 1, cells["hour"].to_numpy()  # the others, 0, are the last
    by_hour = (at >= 0) & (at < shape[1])
    np.add.at(use, (places[by_hour], at[by_hour]), cells["use"].to_numpy()[by_hour])
    np.add.at(cost, (places[by_hour], at[by_hour]), cells["cost"].to_numpy()[by_hour])
    np.add.at(untold, places[at < 0], cells["use"].to_numpy()[at < 0])
    return HourlyUse(days.start, tuple(told), tuple(keys), use, cost, untold)


@cache
def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text()
