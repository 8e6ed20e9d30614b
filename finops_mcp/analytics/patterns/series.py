"""One series of daily costs, and the robust measures of it that every pattern is looked for with."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from finops_mcp.analytics.daily import Bools, Floats

Integers = NDArray[np.intp]
MONTH = 365.25 / 12
"""Days of a month, as amounts per month are told."""
_SIGMA = 1.4826
"""The median absolute deviation of a normal distribution is its standard deviation divided by this."""
_NOTHING = 1e-6
"""What is smaller than this part of the usual cost of a day is binary rounding."""
_ONE_OFF, _IN_SO_MANY = 5, 50


@dataclass(frozen=True)
class Series:
    """The cost of each day in one currency; days that are not `held` are not known and take no part."""

    first_day: date
    amounts: Floats
    held: Bools

    @cached_property
    def at(self) -> Integers:
        """The days that are known, counted from the first."""
        return np.flatnonzero(self.held)

    @cached_property
    def known(self) -> Floats:
        """Their cost."""
        return np.asarray(self.amounts[self.at])

    @cached_property
    def dates(self) -> list[date]:
        """Their dates."""
        return [self.first_day + timedelta(days=int(n)) for n in self.at]

    @cached_property
    def weekdays(self) -> Integers:
        """Their weekdays, Monday 0."""
        return (self.at + self.first_day.weekday()) % 7

    @cached_property
    def usual(self) -> float:
        """What a day costs in the mean, whatever its sign."""
        return float(np.abs(self.known).mean()) if self.known.size else 0.0

    @property
    def days_between(self) -> int:
        """How many days lie between the first that is known and the last."""
        return int(self.at[-1] - self.at[0])

    @property
    def nothing(self) -> float:
        """An amount a day too small to mean anything."""
        return max(self.usual * _NOTHING, _NOTHING)


def moving_median(values: Floats, reach: int) -> Floats:
    """Give the median of the values around each, so many to both sides; fewer, and as many, at the ends.

    A window that stays symmetric leaves a straight line as it is.
    """
    found = np.empty_like(values)
    if values.size > 2 * reach:
        inner = np.lib.stride_tricks.sliding_window_view(values, 2 * reach + 1)
        found[reach:-reach] = np.median(inner, axis=1)
    for n in range(min(reach, (values.size + 1) // 2)):
        found[n] = np.median(values[: 2 * n + 1])
        found[-1 - n] = np.median(values[values.size - 2 * n - 1 :])
    return found


def spread(values: Floats) -> float:
    """Give a standard deviation that outliers do not move: 1.4826 times the median absolute deviation."""
    return float(_SIGMA * np.median(np.abs(values - np.median(values)))) if values.size else 0.0


def strength(pattern: Floats, rest: Floats) -> float:
    """Tell how strong a pattern is beside what remains: max(0, 1 - Var(R) / Var(P + R)), from 0 to 1.

    Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 4.3, for trend and
    season; here for steps and jobs alike. One-offs are left out: one day in fifty at most, of those
    that fit worse than by five robust standard deviations.
    """
    far = np.abs(rest) > _ONE_OFF * spread(rest)
    order = np.argsort(np.abs(rest), kind="stable")
    kept = order[: rest.size - min(int(far.sum()), rest.size // _IN_SO_MANY)]
    both = float(np.var((pattern + rest)[kept]))
    return max(0.0, 1.0 - float(np.var(rest[kept])) / both) if both > 0 else 0.0
