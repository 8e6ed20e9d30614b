"""What do the first and last days of a month add to what flows: batches at month end, bills at its start?"""

from datetime import date, timedelta
from functools import cache

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.forecast.dated import Whole
from finops_mcp.analytics.forecast.smoothing import MOST_DAYS
from finops_mcp.analytics.forecast.weekly import WEEK

_DAYS = 3
_FEWEST, _MOST = 3, 6
_AGREE = 0.8
_SIGMA = 1.4826
_NONE = 2 * _DAYS
"""The place of a day that is at neither edge."""


class Edges:
    """What each place at the edges of the months adds, as a share of the same weekdays around it."""

    def __init__(self, flow: Floats, first_day: date) -> None:
        self._first_day = first_day
        self._places = self.places(0, len(flow))
        self._usual = _same_weekdays(flow)
        usual = np.where(self._usual > 0, self._usual, np.inf)
        self._shares = np.where(self._usual > 0, (flow - self._usual) / usual, 0.0)
        newest = slice(max(len(flow) - MOST_DAYS, 0), None)
        inside = self._shares[newest][self._places[newest] == _NONE]
        self._noise = _SIGMA * float(np.median(np.abs(inside))) if len(inside) else 0.0
        self._known = [np.flatnonzero(self._places == place) for place in range(_NONE)]
        self._of = cache(self._effect)

    def places(self, start: int, end: int) -> Whole:
        """Give the place of each day from one column to another: three at each edge, and all others."""
        days = [self._first_day + timedelta(days=n) for n in range(start, end)]
        return np.array([_place(d) for d in days], dtype=np.intp)

    def removed(self, flow: Floats) -> Floats:
        """Give the flow as it would be without what all its months' edges have in common."""
        shares = self.effects(len(flow))[self._places]
        return np.asarray(flow - shares * self._usual)

    def effects(self, origin: int) -> Floats:
        """Give what each place adds, by the months before a column; nothing for the last, all other days."""
        counts = [int(np.searchsorted(known, origin)) for known in self._known]
        return np.array([self._of(place, count) for place, count in enumerate(counts)] + [0.0])

    def _effect(self, place: int, count: int) -> float:
        """Take the median of the newest six months where nearly all agree, less what noise would give."""
        shares = self._shares[self._known[place][max(count - _MOST, 0) : count]]
        if len(shares) < _FEWEST:
            return 0.0
        middle = float(np.median(shares))
        if middle == 0 or (np.sign(shares) == np.sign(middle)).mean() < _AGREE:
            return 0.0
        return middle * max(1 - self._noise**2 / len(shares) / middle**2, 0.0)


def _place(day: date) -> int:
    left = ((day.replace(day=1) + timedelta(days=32)).replace(day=1) - day).days
    if left <= _DAYS:
        return _NONE - left
    return day.day - 1 if day.day <= _DAYS else _NONE


def _same_weekdays(flow: Floats) -> Floats:
    """Give the median of the same weekday up to three weeks before and after each day."""
    around = np.full((6, len(flow)), np.nan)
    for at, weeks in enumerate((-3, -2, -1, 1, 2, 3)):
        shift = weeks * WEEK
        if abs(shift) >= len(flow):
            continue
        if shift < 0:
            around[at, -shift:] = flow[:shift]
        else:
            around[at, :-shift] = flow[shift:]
    return np.asarray(np.nanmedian(around, axis=0))
