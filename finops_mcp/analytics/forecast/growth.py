"""How does what flows grow, and how do the days of a week differ?"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from finops_mcp.analytics.forecast.history import History
from finops_mcp.analytics.forecast.weekly import WEEK, weekly

_WEEKS = 12
_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Growth:
    """Growth a month over the newest twelve weeks, and each weekday's distance from the mean: shares."""

    monthly: float | None
    weekdays: dict[str, float]


def growth_of(history: History) -> Growth:
    """Tell growth by the median slope between any two weeks (Theil and Sen), by the newest weeks' median.

    Of what comes near nothing or below, shares are not told.
    """
    weeks = min(history.days // WEEK, _WEEKS)
    rows = history.flow[None, history.days - weeks * WEEK :]
    sums = rows.reshape(weeks, WEEK).sum(axis=1)
    pattern = weekly(rows)
    if not pattern.relative[0]:
        return Growth(None, {})
    one, other = np.triu_indices(weeks, 1)
    slope = float(np.median((sums[other] - sums[one]) / (other - one)))
    level = float(np.median(sums[-4:]))
    first = history.daily.day(history.days - weeks * WEEK)
    names = [f"{first + timedelta(days=n):%a}" for n in range(WEEK)]
    return Growth(
        monthly=slope * _MONTH / WEEK / level,
        weekdays=dict(zip(names, map(float, pattern.effect[0]), strict=True)),
    )
