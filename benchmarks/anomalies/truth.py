"""Which surprises does a made-up organisation hold, and what did its export hold on each day?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from benchmarks.anomalies.arrival import Arrival
from benchmarks.anomalies.resources import Split
from finops_mcp.analytics.daily import DailyCosts, Floats, Key

DIMENSIONS = (
    "sub_account_id",
    "service_name",
    "region_id",
    "sku_meter",
    "charge_category",
    "pricing_category",
)
CAUSE = DIMENSIONS[:4]
"""What a root cause is told by, beside the resource."""


@dataclass(frozen=True)
class Event:
    """One labelled surprise: the columns of its days, and what it adds to each of its streams.

    `excess` has the cost beyond what was ordinary for each row, over all days. It must be told within so
    many days of its start. What is not judged lies before the judged days, and telling it costs nothing.
    """

    kind: str
    direction: str
    start: int
    end: int
    within: int
    excess: Mapping[int, Floats]
    resource: str | None = None
    judged: bool = True

    @property
    def money(self) -> float:
        """The money it is about, over all its days."""
        return float(sum(np.abs(days).sum() for days in self.excess.values()))

    @property
    def main(self) -> tuple[int, ...]:
        """The rows that moved in its direction and hold a fifth of that money or more."""
        sign = 1 if self.direction == "rise" else -1
        moved = {row: sign * float(days.sum()) for row, days in self.excess.items()}
        most = sum(amount for amount in moved.values() if amount > 0)
        return tuple(row for row, amount in moved.items() if amount >= most / 5) or tuple(moved)


@dataclass(frozen=True)
class Organisation:
    """Daily cost as it was in the end, the surprises in it, and how the exports told of it in time.

    `ordinary` has a row for each key and a column for each day; surprises come on top.
    """

    name: str
    first_day: date
    keys: tuple[Key, ...]
    ordinary: Floats
    events: tuple[Event, ...]
    arrival: Arrival
    split: Split
    judged_from: int

    @property
    def accounts(self) -> int:
        """How many accounts have costs."""
        return len({key[0] for key in self.keys})

    @property
    def amounts(self) -> Floats:
        """What everything cost in the end."""
        amounts = self.ordinary.copy()
        for event in self.events:
            for row, days in event.excess.items():
                amounts[row] += days
        return amounts

    @property
    def final(self) -> DailyCosts:
        """Everything as it was in the end."""
        held = np.ones(self.ordinary.shape, dtype=np.bool_)
        return DailyCosts(self.first_day, DIMENSIONS, self.keys, self.amounts, held, "USD")

    @property
    def judged(self) -> range:
        """The columns of the days on which the tool is asked."""
        return range(self.judged_from, self.ordinary.shape[1])

    def resources(self, rows: Sequence[int]) -> DailyCosts:
        """Split rows by resource; each adds up to its row."""
        keys: list[Key] = []
        parts = [np.zeros((0, self.ordinary.shape[1]))]
        for row in rows:
            split = self.split.of(row, self.ordinary[row])
            for event in self.events:
                if row in event.excess:
                    split.add(event.excess[row], event.resource)
            keys += [(*self.keys[row], name) for name in split.names]
            parts.append(split.amounts)
        amounts = np.concatenate(parts)
        held = np.ones(amounts.shape, dtype=np.bool_)
        return DailyCosts(self.first_day, (*DIMENSIONS, "resource_id"), tuple(keys), amounts, held, "USD")

    def held_on(self, at: int, costs: DailyCosts) -> DailyCosts:
        """Give what the export held of some costs on the day of a column: no later day, and the tail late."""
        seen = costs.between(costs.first_day, costs.day(at + 1))
        seen = replace(seen, amounts=seen.amounts.copy(), held=seen.held.copy())
        self.arrival.apply(seen, at)
        return seen
