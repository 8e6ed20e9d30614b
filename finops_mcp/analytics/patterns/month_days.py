"""On which days of the month does cost come that other days do not have?"""

import calendar
from dataclasses import dataclass
from datetime import date

import numpy as np

from finops_mcp.analytics.daily import Bools, Floats
from finops_mcp.analytics.patterns.series import Series, moving_median, spread

FEWEST_MONTHS = 3
"""What recurs by the month is seen in so many before it is told."""
_MOST_DAYS = 8
_BEYOND, _LIKE_THE_OTHERS, _MOSTLY, _MATTERS = 4, 0.5, 0.75, 0.02
_WEEK = 7
_FROM_THE_END = (-1, -2, -3)


@dataclass(frozen=True)
class MonthDay:
    """A day of the month, counted from its first (1) or back from its last (-1)."""

    number: int

    def falls_on(self, day: date) -> bool:
        """Tell whether a date is that day of its month."""
        return day.day == self.number if self.number > 0 else from_the_end(day) == self.number


def from_the_end(day: date) -> int:
    """Count a day back from the last of its month, which is -1."""
    return day.day - calendar.monthrange(day.year, day.month)[1] - 1


def days_apart(series: Series, week: Floats) -> list[MonthDay]:
    """Find the days of the month that stand apart from the days around them, the greatest first.

    Of a day that does, the median stands out by four standard deviations of all days and by two percent of
    a day's cost, in three months or more, three in four of which show it. `week` is what weekdays cost
    beyond each other.
    """
    values = series.known - week[series.weekdays]
    apart = around(values)
    limit = max(_BEYOND * spread(apart), _MATTERS * series.usual, series.nothing)
    which = [MonthDay(n) for n in (*range(1, 32), *_FROM_THE_END)]
    falls = {day: np.array([day.falls_on(d) for d in series.dates], dtype=np.bool_) for day in which}
    found: list[MonthDay] = []
    while len(found) < _MOST_DAYS:
        weights = [(_weight(apart[falls[day]], limit), day) for day in which]
        weight, best = max(weights, key=lambda w: w[0])
        if not weight:
            break
        found.append(best)
        apart = np.where(falls[best], 0.0, apart)
    return found


def around(values: Floats) -> Floats:
    """Give by how much each day stands apart from the median of the two weeks around it."""
    return values - moving_median(values, _WEEK)


def shown(series: Series, days: list[MonthDay]) -> Bools:
    """Mark the known days that are one of those days of their month."""
    marks = [any(day.falls_on(d) for day in days) for d in series.dates]
    return np.array(marks, dtype=np.bool_)


def _weight(apart: Floats, limit: float) -> float:
    """Weigh what a day of the month explains: its median amount times the months that show it."""
    if apart.size < FEWEST_MONTHS:
        return 0.0
    amount = float(np.median(apart))
    hits = int((apart * np.sign(amount) > _LIKE_THE_OTHERS * abs(amount)).sum())
    if abs(amount) <= limit or hits < _MOSTLY * apart.size:
        return 0.0
    return abs(amount) * hits
