"""What falls due on a day of the month: fees, support, renewals; and what turns up without a rule?"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from finops_mcp.analytics.daily import Bools, Floats

Whole = NDArray[np.intp]
_FEWEST_DAYS = 3
_SHARE_OF_DAYS = 0.12
"""A stream on fewer of its days than this has dates; one of each week is on 0.14 of them."""
_LAST_OF_MONTH = 0
_PLACES = 32
_BLOCK, _BLOCKS = 30, 6
GRACE = 5
"""A fee that is no more days late than this is not taken for one that has ended."""


def sparse(amounts: Floats) -> Bools:
    """Tell which streams charge on single days."""
    on = amounts != 0
    count = on.sum(axis=1)
    first = on.argmax(axis=1)
    last = on.shape[1] - 1 - on[:, ::-1].argmax(axis=1)
    return np.asarray((count <= _FEWEST_DAYS) | (count < _SHARE_OF_DAYS * (last - first + 1)))


@dataclass(frozen=True)
class Due:
    """A fee that is to be expected: of which stream, when, how much, and when it last came."""

    stream: int
    day: date
    amount: float
    last: date


@dataclass(frozen=True)
class Dated:
    """The streams of single days, by month and place in it.

    A fee is what came on the same day of the month (or on its last) in the month before, or the one before
    that: it comes again, as much as last time. What came once is told by its median over blocks of a month.
    """

    first_day: date
    amounts: Floats

    def _calendar(self, start: int, end: int) -> tuple[Whole, Whole]:
        """Give month and place in it of the days from one column to another, the end exclusive."""
        days = [self.first_day + timedelta(days=n) for n in range(start, end)]
        return (
            np.array([self._month(d) for d in days], dtype=np.intp),
            np.array([_place(d) for d in days], dtype=np.intp),
        )

    def _month(self, day: date) -> int:
        return (day.year - self.first_day.year) * 12 + day.month - self.first_day.month

    @cached_property
    def _grid(self) -> Floats:
        """(streams, months, places of a month)."""
        months, places = self._calendar(0, self.amounts.shape[1])
        grid = np.zeros((len(self.amounts), int(months.max(initial=0)) + 1, _PLACES))
        grid[:, months, places] = self.amounts
        return grid

    @cached_property
    def _fees(self) -> Floats:
        """The amounts of the grid that came a month or two before as well."""
        on = np.pad(self._grid != 0, ((0, 0), (2, 0), (0, 0)))
        return np.asarray(np.where(on[:, 1:-1] | on[:, :-2], self._grid, 0.0))

    @cached_property
    def _singles(self) -> Floats:
        """What came each day without coming in the two months before or after it, of all streams."""
        months, places = self._calendar(0, self.amounts.shape[1])
        on = np.pad(self._grid != 0, ((0, 0), (2, 2), (0, 0)))
        again = on[:, :-4] | on[:, 1:-3] | on[:, 3:-1] | on[:, 4:]
        return np.asarray(np.where(again, 0.0, self._grid)[:, months, places].sum(axis=0))

    def ahead(self, origins: Whole, days: int) -> Floats:
        """Give the fees of the days from each of some columns on, of all streams: (origins, days)."""
        fees = self._fees.sum(axis=0)
        months, places = self._calendar(0, int(origins.max(initial=0)) + days)
        coming = places[origins[:, None] + np.arange(days)]
        return np.asarray(fees[_last_due(months[origins - 1], places[origins - 1], coming), coming])

    def rate(self, origin: int) -> float:
        """Give what single charges come to a day: the median of the blocks of thirty days before."""
        blocks = min(origin // _BLOCK, _BLOCKS)
        if not blocks:
            return 0.0
        newest = self._singles[origin - blocks * _BLOCK : origin]
        return float(np.median(newest.reshape(blocks, _BLOCK).sum(axis=1)) / _BLOCK)

    def due(self, days: int) -> list[Due]:
        """List the fees of so many days after the newest; one that is late is due on the first of them."""
        origin = self.amounts.shape[1]
        months, places = self._calendar(0, origin + days)
        last = _last_due(months[origin - 1 : origin], places[origin - 1 : origin], places[None])[0]
        late = range(max(origin - GRACE, 0), origin)
        waiting = {int(places[d]): int(months[d]) for d in late if months[d]}
        found = []
        for place, month in waiting.items():
            missing = np.where(self._grid[:, month, place] == 0, self._fees[:, month - 1, place], 0.0)
            found += self._listed(missing, origin, month - 1, place)
        for day in range(origin, origin + days):
            place, month = int(places[day]), int(last[day])
            fees = self._fees[:, month, place]
            if place in waiting:
                fees = np.where(self._grid[:, month, place] == 0, self._fees[:, month - 1, place], fees)
            found += self._listed(fees, day, month, place)
        return found

    def _listed(self, fees: Floats, day: int, month: int, place: int) -> list[Due]:
        if not fees.any():
            return []
        on = self.first_day + timedelta(days=day)
        came = _day_of(self.first_day, month, place)
        return [Due(int(stream), on, float(fees[stream]), came) for stream in np.flatnonzero(fees)]


def _place(day: date) -> int:
    return _LAST_OF_MONTH if (day + timedelta(days=1)).day == 1 else day.day


def _day_of(first: date, month: int, place: int) -> date:
    """Give the day of a place in a month, counted from that of a first day."""
    years, months = divmod(first.month - 1 + month, 12)
    if place != _LAST_OF_MONTH:
        return date(first.year + years, months + 1, place)
    years, months = divmod(first.month + month, 12)
    return date(first.year + years, months + 1, 1) - timedelta(days=1)


def _last_due(months: Whole, places: Whole, coming: Whole) -> Whole:
    """Give the newest month in which each place had come by a newest day, given by its month and place."""
    ended = places[:, None] == _LAST_OF_MONTH
    passed = ended | ((coming != _LAST_OF_MONTH) & (coming <= places[:, None]))
    return np.asarray(np.maximum(np.where(passed, months[:, None], months[:, None] - 1), 0))
