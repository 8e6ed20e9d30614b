"""What did each stream of charges cost on each day?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class DailyCosts:
    """Daily cost of streams in one currency; a stream is one combination of values of some dimensions.

    `amounts` has a row for each key and a column for each day from `first_day` on. They are binary numbers:
    what is estimated from them is an estimate, and no amount of an answer is added up from them. A stream
    without charges on a day is zero there, unless `held` says that the exports do not cover that day for it.
    """

    first_day: date
    dimensions: tuple[str, ...]
    keys: tuple[Key, ...]
    amounts: Floats
    held: Bools
    currency: str

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.amounts.shape[1])

    @property
    def last_day(self) -> date:
        """The newest day."""
        return self.day(self.days - 1)

    def day(self, at: int) -> date:
        """Give the day of a column."""
        return self.first_day + timedelta(days=at)

    def at(self, day: date) -> int:
        """Give the column of a day."""
        return (day - self.first_day).days

    @cached_property
    def total(self) -> Floats:
        """The cost of each day, all streams together."""
        return np.asarray(self.amounts.sum(axis=0))

    @cached_property
    def covered(self) -> Bools:
        """The days that the exports cover for every stream."""
        return np.asarray(self.held.all(axis=0))

    def until(self, day: date) -> "DailyCosts":
        """Keep the days before one."""
        return self.between(self.first_day, day)

    def between(self, start: date, end: date) -> "DailyCosts":
        """Keep the days of a span, its end exclusive."""
        first, after = max(self.at(start), 0), min(max(self.at(end), 0), self.days)
        return replace(
            self,
            first_day=self.day(first),
            amounts=self.amounts[:, first:after],
            held=self.held[:, first:after],
        )

    def of(self, streams: Sequence[int]) -> "DailyCosts":
        """Keep some of the streams, by their rows."""
        rows = np.array(streams, dtype=np.intp)
        return replace(
            self,
            keys=tuple(self.keys[row] for row in streams),
            amounts=self.amounts[rows],
            held=self.held[rows],
        )

    def by(self, dimensions: Sequence[str]) -> "DailyCosts":
        """Add the streams up that some of the dimensions do not tell apart.

        A day is covered for a sum when it is for each of its parts.
        """
        places = [self.dimensions.index(name) for name in dimensions]
        coarse = [tuple(key[p] for p in places) for key in self.keys]
        kept = list(dict.fromkeys(coarse))
        number = {key: n for n, key in enumerate(kept)}
        into = np.array([number[key] for key in coarse], dtype=np.intp)
        amounts = np.zeros((len(kept), self.days))
        np.add.at(amounts, into, self.amounts)
        held = np.ones((len(kept), self.days), dtype=np.bool_)
        np.logical_and.at(held, into, self.held)
        return replace(self, dimensions=tuple(dimensions), keys=tuple(kept), amounts=amounts, held=held)
