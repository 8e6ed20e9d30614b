"""How fast does cost grow or fall, and how sure is that?"""

from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.patterns.series import MONTH, Integers

CONFIDENCE = 0.95
_WEEK, _MOST_OF_A_WEEK, _FEWEST_WEEKS = 7, 4, 4


@dataclass(frozen=True)
class Growth:
    """By how much the cost of a month rises each month, in money and of its level, with 95 % intervals.

    `ratio` is of the level in the middle of the days, and absent where that is not above zero.
    """

    monthly: float
    low: float
    high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    strength: float


def slope_of(at: Integers, values: Floats) -> tuple[float, float, float] | None:
    """Give the slope per day and its 95 % interval: the median of all slopes between two weeks.

    Theil (1950) and Sen (1968), by scipy. Weeks stand for their days (their medians), so that days that
    resemble those before them do not make the interval too narrow. `values` have everything else taken out.
    Absent where there are too few weeks.
    """
    from scipy.stats import theilslopes

    weeks = (at - at[0]) // _WEEK
    days = [np.flatnonzero(weeks == week) for week in range(int(weeks[-1]) + 1)]
    days = [d for d in days if d.size >= _MOST_OF_A_WEEK]
    if len(days) < _FEWEST_WEEKS:
        return None
    when = [float(np.median(at[d])) for d in days]
    found = theilslopes([float(np.median(values[d])) for d in days], when, CONFIDENCE)
    return float(found.slope), float(found.low_slope), float(found.high_slope)


def growth_of(slope: tuple[float, float, float], level: float, strength: float) -> Growth:
    """Tell a slope per day by the month; `level` is the cost of a day in the middle."""
    middle, low, high = (s * MONTH * MONTH for s in slope)
    ratio, ratio_low, ratio_high = (s * MONTH / level if level > 0 else None for s in slope)
    return Growth(middle, low, high, ratio, ratio_low, ratio_high, strength)
