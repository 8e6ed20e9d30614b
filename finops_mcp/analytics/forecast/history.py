"""What is a forecast made from? Daily costs, parted into what flows and what falls on single days."""

from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.daily import Bools, DailyCosts, Floats
from finops_mcp.analytics.forecast.dated import Dated, Whole, sparse
from finops_mcp.analytics.forecast.edges import Edges
from finops_mcp.analytics.forecast.smoothing import FEWEST_DAYS, MOST_DAYS, project
from finops_mcp.analytics.forecast.weekly import WEEK

_LEVEL, _MONTH = 4 * WEEK, 31
_LENGTHS = tuple(range(FEWEST_DAYS, MOST_DAYS + 1, 5 * WEEK))


@dataclass(frozen=True)
class History:
    """Finished days of some streams, and their sum parted by how it comes.

    `flow` is what comes every day, without gaps; `known` the days that the exports cover; `total` all that
    came, which a forecast is judged by.
    """

    daily: DailyCosts
    flow: Floats
    known: Bools
    total: Floats
    on_dates: Bools
    dated: Dated
    edges: Edges

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.flow.shape[0])

    def scales(self, origins: Whole) -> Floats:
        """Give what flows and falls due a day around some columns, by which errors are compared."""
        flow = np.array([np.abs(self.flow[o - _LEVEL : o]).mean() for o in origins])
        return np.asarray(flow + np.abs(self.dated.ahead(origins, _MONTH)).mean(axis=1))

    def expected(self, origins: Whole, ahead: int) -> Floats:
        """Tell the days from each of some columns on as they were to be expected then: (origins, ahead)."""
        found = np.zeros((len(origins), ahead))
        by_length: dict[int, list[int]] = {}
        for at, origin in enumerate(origins):
            by_length.setdefault(max(n for n in _LENGTHS if n <= origin), []).append(at)
        for length, places in by_length.items():
            rows = np.array([self.flow[origins[at] - length : origins[at]] for at in places])
            found[places] = project(rows, ahead)
        places_ahead = self.edges.places(0, int(origins.max(initial=0)) + ahead)
        for at, origin in enumerate(origins):
            found[at] *= 1 + self.edges.effects(int(origin))[places_ahead[origin : origin + ahead]]
        rates = np.array([self.dated.rate(int(origin)) for origin in origins])
        return np.asarray(found + rates[:, None] + self.dated.ahead(origins, ahead))


def history_of(daily: DailyCosts) -> History:
    """Part finished days into what flows and what falls on single days."""
    known = daily.covered
    on_dates = sparse(daily.amounts)
    flow = without_gaps(daily.amounts[~on_dates].sum(axis=0)[None], known)[0]
    edges = Edges(flow, daily.first_day)
    return History(
        daily=daily,
        flow=edges.removed(flow),
        known=known,
        total=daily.total,
        on_dates=on_dates,
        dated=Dated(daily.first_day, daily.amounts[on_dates]),
        edges=edges,
    )


def without_gaps(rows: Floats, known: Bools) -> Floats:
    """Fill days that are not known from the same weekday of the weeks around them, the nearest that are."""
    filled = rows.copy()
    missing = np.flatnonzero(~known)
    places = np.flatnonzero(known)
    for day in missing:
        alike = places[(places - day) % WEEK == 0]
        near = alike[np.argsort(np.abs(alike - day), kind="stable")[:2]]
        filled[:, day] = rows[:, near].mean(axis=1) if len(near) else 0.0
    return filled
