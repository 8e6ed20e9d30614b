"""Streams made ready: summed up, monthly fees taken out, with what each day was expected to cost."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.anomalies.calendar import without_monthly
from finops_mcp.analytics.anomalies.expectation import levels, typical_size, weekday_factors
from finops_mcp.analytics.anomalies.holidays import quiet_days
from finops_mcp.analytics.anomalies.scopes import Indices, Scopes, scopes_of
from finops_mcp.analytics.daily import DailyCosts, Floats

_NOTHING = 0.02
"""A day on which the whole organisation costs less than this part of its usual was not delivered."""


@dataclass(frozen=True)
class Prepared:
    """Daily cost of scopes without their monthly fees, a row each, absent where it is not held.

    `final` leaves the days out that are not told whole; `level` and `factors` are what `expectation` tells:
    a day is expected to cost the level known before it times its factor. `typical` is a standard deviation.
    """

    first_day: date
    scopes: Scopes
    amounts: Floats
    final: Floats
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
    """Make streams ready; their last days are told in part only."""
    scopes = scopes_of(costs)
    amounts = np.where(scopes.held, scopes.amounts, np.nan)
    total = scopes.amounts[: scopes.streams].sum(axis=0)
    amounts[:, total < _NOTHING * np.median(total)] = np.nan
    final = _without_last(amounts, unfinished)
    factors = weekday_factors(final)
    expected = _known_before(levels(final, factors)) * factors
    typical = typical_size(final - expected)
    quiet = quiet_days(final - expected, typical, scopes.streams)
    kept = np.where(quiet, np.nan, without_monthly(amounts, expected, typical, costs.first_day))
    final = _without_last(kept, unfinished)
    level = levels(final, factors)
    return Prepared(
        costs.first_day, scopes, kept, final, factors, level, typical, unfinished, _accounts(scopes)
    )


def _known_before(level: Floats) -> Floats:
    """Give the level of the day before; the first that is known stands in for those before it."""
    before = np.full_like(level, np.nan)
    before[:, 1:] = level[:, :-1]
    known = np.isfinite(before)
    first = known.argmax(axis=1)
    early = np.arange(level.shape[1])[None, :] < first[:, None]
    return np.where(early, before[np.arange(len(before)), first][:, None], before)


def _without_last(amounts: Floats, count: int) -> Floats:
    final = amounts.copy()
    final[:, max(amounts.shape[1] - count, 0) :] = np.nan
    return final


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
