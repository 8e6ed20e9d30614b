"""How far off were forecasts of such sums in the past, and how wide does that make an interval?

A sum is judged by sums: errors of days are not independent, so that intervals of days added up would be far
too narrow (they covered 42 to 63 % instead of 80 where that was measured).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from finops_mcp.analytics.daily import Bools, Floats
from finops_mcp.analytics.forecast.dated import Whole

LEVELS = (50, 80, 95)
"""In percent."""
_FEWEST = 8
"""Under so many other errors nothing is said of what an interval covers."""


@dataclass(frozen=True)
class Tested:
    """How forecasts of sums of so many days did from so many origins of the past.

    `wape` is the sum of the errors' sizes by that of what came; `bias` is above 0 where more was expected
    than came; `coverage` is the share of sums inside the interval of each level. What there are too few
    origins for is absent.
    """

    days: int
    origins: int
    wape: float | None
    bias: float | None
    coverage: dict[int, float] | None


@dataclass(frozen=True)
class Errors:
    """What came in the past, and what of it was missed: (origins, days ahead + 1), cumulated.

    Origins are columns of a history of so many `days`, and tell of sums that ended by then; `scales` is what
    a day cost around each, by which errors of other times are made comparable.
    """

    origins: Whole
    scales: Floats
    came: Floats
    missed: Floats
    days: int

    @property
    def tested(self) -> int:
        """How many days ahead were tested."""
        return int(self.missed.shape[1]) - 1

    def half_widths(self, first: int, after: int) -> Floats:
        """Give the half-width of each level's interval of the sum of some days ahead, in days of `scales`.

        Beyond what was tested, that of the furthest tested sum of the same length, or of the longest,
        growing with the square root of the distance, as the error of a level that wanders does.
        """
        near, until = self._within(first, after)
        errors, has = self._of(near, until)
        grown = sqrt(max(after / until, 1.0)) * (after - first) / (until - near)
        return _widths(np.abs(errors[has]), self._independent(until - near, int(has.sum()))) * grown

    def of(self, first: int, after: int) -> Tested:
        """Tell how sums of some days ahead did, or of the furthest alike that were tested.

        Each is held against the intervals that the sums not overlapping it make.
        """
        first, after = self._within(first, after)
        errors, has = self._of(first, after)
        came = np.abs(self.came[has, after] - self.came[has, first]).sum()
        missed = self.missed[has, after] - self.missed[has, first]
        inside = []
        for at in np.flatnonzero(has):
            apart = has & (np.abs(self.origins - self.origins[at]) >= after - first)
            if (others := int(apart.sum())) >= _FEWEST:
                widths = _widths(np.abs(errors[apart]), self._independent(after - first, others))
                inside.append(np.abs(errors[at]) <= widths)
        shares = np.mean(inside, axis=0) if inside else None
        return Tested(
            days=after - first,
            origins=int(has.sum()),
            wape=float(np.abs(missed).sum() / came) if came else None,
            bias=float(-missed.sum() / came) if came else None,
            coverage=None if shares is None else dict(zip(LEVELS, map(float, shares), strict=True)),
        )

    def _of(self, first: int, after: int) -> tuple[Floats, Bools]:
        """Give the error of each origin's sum in days of its scale, and which origins have one."""
        missed = self.missed[:, after] - self.missed[:, first]
        return np.asarray(missed / self.scales), self.origins + after <= self.days

    def _within(self, first: int, after: int) -> tuple[int, int]:
        if after <= self.tested:
            return first, after
        return max(self.tested - (after - first), 0), self.tested

    def _independent(self, length: int, count: int) -> float:
        """Count the origins that lie so far apart that their sums do not overlap."""
        apart = float(np.diff(self.origins).mean()) if len(self.origins) > 1 else 1.0
        return max(count * min(apart / length, 1.0), 1.0)


def _widths(sizes: Floats, independent: float) -> Floats:
    """Give quantiles of sizes of errors: by (n + 1) / n of conformal prediction, wider the fewer there are.

    The last factor makes up for errors of overlapping sums, which tell the same again.
    """
    if not len(sizes):
        return np.zeros(len(LEVELS))
    shares = np.minimum(np.array(LEVELS) / 100 * (1 + 1 / len(sizes)), 1.0)
    return np.asarray(np.quantile(sizes, shares) * (1 + 1 / (4 * independent)))
