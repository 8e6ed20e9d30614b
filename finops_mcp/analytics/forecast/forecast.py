"""Where will cost land, and how sure is that?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Floats
from finops_mcp.analytics.forecast.backtest import backtest
from finops_mcp.analytics.forecast.dated import Due
from finops_mcp.analytics.forecast.history import History, history_of
from finops_mcp.analytics.forecast.intervals import LEVELS, Errors, Tested
from finops_mcp.analytics.forecast.steps import Step, laid_over
from finops_mcp.analytics.forecast.unfinished import Finished, finished
from finops_mcp.analytics.forecast.weekly import WEEK

FEWEST_DAYS = 8 * WEEK
"""Four weeks to forecast from, and four to try it on."""


@dataclass(frozen=True)
class Estimate:
    """A sum of days to come: the middle, and low and high of each level, in percent."""

    amount: float
    between: dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Forecast:
    """The days from the first that is not finished on.

    `daily` is what each of them will cost in the middle; `known` the days that there are, of which the newest
    are not finished; `fees` and `steps` what is known by date.
    """

    known: Finished
    history: History
    daily: Floats
    fees: Sequence[Due]
    steps: Sequence[Step]

    @property
    def first_day(self) -> date:
        """The first day that is told: all before it is finished."""
        return self.history.daily.last_day + timedelta(days=1)

    @cached_property
    def delivered(self) -> Floats:
        """What of each day is there already."""
        return np.asarray(padded(self.known.newest.amounts, len(self.daily)).sum(axis=0))

    @cached_property
    def errors(self) -> Errors:
        """What the same forecast missed in the past."""
        return backtest(self.history, len(self.daily))

    def still(self, start: date, end: date) -> Estimate:
        """Tell what a span, its end exclusive, is still to cost beside what is delivered of it.

        Where nothing was ever below zero, nothing is expected to be.
        """
        first, after = self._columns(start, end)
        if after <= first:
            return Estimate(0.0, dict.fromkeys(LEVELS, (0.0, 0.0)))
        amount = float((self.daily - self.delivered)[first:after].sum())
        scale = float(self.history.scales(np.array([self.history.days]))[0])
        least = 0.0 if self.history.total.min() >= 0 else -np.inf
        return Estimate(
            amount,
            {
                level: (max(amount - float(width) * scale, min(least, amount)), amount + float(width) * scale)
                for level, width in zip(LEVELS, self.errors.half_widths(first, after), strict=True)
            },
        )

    def tested(self, start: date, end: date) -> Tested:
        """Tell how sums as far ahead as those of a span, its end exclusive, did in the past."""
        first, after = self._columns(start, end)
        return self.errors.of(first, max(after, first + 1))

    def _columns(self, start: date, end: date) -> tuple[int, int]:
        days = len(self.daily)
        return (
            min(max((start - self.first_day).days, 0), days - 1),
            min(max((end - self.first_day).days, 0), days),
        )


def forecast(daily: DailyCosts | Finished, until: date, steps: Sequence[Step] = ()) -> Forecast:
    """Tell the days up to one (exclusive), which lies after the newest, from the days so far.

    It takes what is finished of them, which must be `FEWEST_DAYS` at least: `finished` tells beforehand.
    The newest half year tells level, growth and weeks; the newest months the fees; all there is the errors.
    """
    known = daily if isinstance(daily, Finished) else finished(daily)
    history = history_of(known.daily)
    first = known.daily.last_day + timedelta(days=1)
    days = (until - first).days
    now = np.array([history.days])
    fees = history.dated.due(days)
    expected = history.expected(now, days)[0] - history.dated.ahead(now, days)[0]
    expected += by_date(fees, first, days) + laid_over(steps, first, days)
    there = min(known.newest.days, days)
    expected[:there] = np.maximum(expected[:there], known.newest.total[:there])
    return Forecast(known, history, expected, fees, steps)


def by_date(fees: Sequence[Due], first: date, days: int) -> Floats:
    """Add fees up by day."""
    found = np.zeros(days)
    for fee in fees:
        found[(fee.day - first).days] += fee.amount
    return found


def padded(rows: Floats, days: int) -> Floats:
    """Give so many days of each row, nothing where there are fewer."""
    return np.pad(rows[:, :days], ((0, 0), (0, max(days - rows.shape[1], 0))))
