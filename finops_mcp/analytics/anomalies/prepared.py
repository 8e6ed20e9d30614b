"""Streams made ready: summed up, monthly fees taken out, with what each day was expected to cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.anomalies.calendar import without_monthly
from finops_mcp.analytics.anomalies.expectation import levels, typical_size, weekday_factors
from finops_mcp.analytics.anomalies.holidays import in_deviations, quiet_days, rather_low
from finops_mcp.analytics.anomalies.scopes import Indices, Scopes, scopes_of
from finops_mcp.analytics.daily import DailyCosts, Floats

_ROWS = 500
"""Scopes that are worked on at a time."""


@dataclass(frozen=True)
class Prepared:
    """Daily cost of scopes without their monthly fees, a row each, absent where it is not held.

    `level` and `factors` are what `expectation` tells:
    a day is expected to cost the level known before it times its factor. `typical` is a standard deviation.
    """

    first_day: date
    scopes: Scopes
    amounts: Floats
    factors: Floats
    level: Floats
    typical: Floats
    unfinished: int
    account: Indices

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.amounts.shape[1])

    @property
    def last_final(self) -> int:
        """The column of the newest day that is told whole."""
        return self.days - 1 - self.unfinished

    def day(self, at: int) -> date:
        """Give the day of a column."""
        return self.first_day + timedelta(days=at)


def prepared(costs: DailyCosts, unfinished: int) -> Prepared:
    """Make streams ready; their last days are told in part only. Blocks of scopes keep memory small."""
    scopes = scopes_of(costs)
    amounts = np.where(scopes.held, scopes.amounts, np.nan)
    factors, level, typical, size = (np.empty_like(amounts) for _ in range(4))
    for rows in blocks(len(amounts)):
        final = without_last(amounts[rows], unfinished)
        factors[rows] = weekday_factors(final)
        level[rows] = _known_before(levels(final, factors[rows]))
        deviation = final - level[rows] * factors[rows]
        typical[rows] = typical_size(deviation)
        size[rows] = in_deviations(deviation, typical[rows])
    quiet = quiet_days(size, scopes.streams)
    for rows in blocks(len(amounts)):
        expected = level[rows] * factors[rows]
        kept = without_monthly(amounts[rows], expected, typical[rows], costs.first_day)
        amounts[rows] = np.where(rather_low(size[rows], quiet), np.nan, kept)
        level[rows] = levels(without_last(amounts[rows], unfinished), factors[rows])
    return Prepared(costs.first_day, scopes, amounts, factors, level, typical, unfinished, _accounts(scopes))


def blocks(count: int) -> Iterator[slice]:
    """Give rows in blocks that fit into the caches of a processor."""
    return (slice(start, start + _ROWS) for start in range(0, count, _ROWS))


def without_last(amounts: Floats, count: int) -> Floats:
    """Give amounts with the last days absent."""
    final = amounts.copy()
    final[:, max(amounts.shape[1] - count, 0) :] = np.nan
    return final


def _known_before(level: Floats) -> Floats:
    """Give the level of the day before; the first that is known stands in for those before it."""
    before = np.full_like(level, np.nan)
    before[:, 1:] = level[:, :-1]
    known = np.isfinite(before)
    first = known.argmax(axis=1)
    early = np.arange(level.shape[1])[None, :] < first[:, None]
    return np.where(early, before[np.arange(len(before)), first][:, None], before)


def _accounts(scopes: Scopes) -> Indices:
    """Give for each scope the one that sums its account up; for that of all accounts, itself."""
    whole = {scopes.keys[at][0]: at for at in range(len(scopes.keys)) if scopes.depths[at] == 1}
    alone: dict[str | None, int] = {}
    for at, key in enumerate(scopes.keys):
        if key:
            best = alone.get(key[0])
            if best is None or scopes.depths[at] < scopes.depths[best]:
                alone[key[0]] = at
    return np.array(
        [whole.get(key[0], alone[key[0]]) if key else at for at, key in enumerate(scopes.keys)], dtype=np.intp
    )
