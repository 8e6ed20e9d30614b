"""How far is the simulator from what AWS did? A history replayed, and compared (domain spec B.3).

An hour class is an hour of the day (UTC) on working days or at weekends: how a commitment is used moves with
these, so that a rule wrongly applied shows in a class even where it cancels out in the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.columns import Floats, money
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.measures import ratio
from finops_mcp.analytics.commitments.portfolio import Sharing
from finops_mcp.analytics.commitments.simulator import ORGANISATION, simulated

_SATURDAY, _DAY, _CLASSES = 5, 24, 48


@dataclass(frozen=True)
class Compared:
    """What AWS covered and what the simulator covers in its place, as on-demand cost in dollars."""

    commitment: str
    weekend: bool
    hour: int
    covered: Decimal
    simulated: Decimal

    @property
    def deviation(self) -> Decimal:
        """Give by how much the simulator covers more."""
        return self.simulated - self.covered


@dataclass(frozen=True)
class Replay:
    """A history with its own commitments applied anew, beside what AWS applied: a row for each class."""

    applied: Applied
    classes: Sequence[Compared]

    @property
    def covered(self) -> Decimal:
        """Give the on-demand cost of all that AWS covered."""
        return sum((one.covered for one in self.classes), Decimal(0))

    @property
    def simulated(self) -> Decimal:
        """Give the on-demand cost of all that the simulator covers."""
        return sum((one.simulated for one in self.classes), Decimal(0))

    @property
    def deviation(self) -> Decimal | None:
        """Give the part of what AWS covered by which the simulator is off, no class making up for another.

        The sum of |simulated - covered| over commitments and hour classes / all covered; absent where AWS
        covered nothing.
        """
        return ratio(sum((abs(one.deviation) for one in self.classes), Decimal(0)), self.covered)

    def by_commitment(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Give what AWS covered and what the simulator does, by commitment."""
        found: dict[str, tuple[Decimal, Decimal]] = {}
        for one in self.classes:
            covered, simulated_ = found.get(one.commitment, (Decimal(0), Decimal(0)))
            found[one.commitment] = covered + one.covered, simulated_ + one.simulated
        return found


def replayed(history: History, sharing: Sharing = ORGANISATION) -> Replay:
    """Apply the commitments of a history to its demand, and compare with what AWS applied."""
    applied = simulated(history.demand, history.commitments, history.rates, sharing)
    hours = history.demand.hours
    nothing = np.zeros(hours)
    mine = {one.id: applied.covered_costs([n]) for n, one in enumerate(history.commitments)}
    names = sorted({*mine, *history.covered})
    classes = _classes(history.start, hours)
    return Replay(
        applied,
        [
            Compared(name, at >= _DAY, at % _DAY, money(theirs), money(ours))
            for name in names
            for at, (theirs, ours) in enumerate(
                zip(
                    _added(history.covered.get(name, nothing), classes),
                    _added(mine.get(name, nothing), classes),
                    strict=True,
                )
            )
            if theirs or ours
        ],
    )


def _classes(start: datetime, hours: int) -> NDArray[np.int64]:
    """Give each hour the number of its class: the hour of the day, 24 more at weekends."""
    at = [start + timedelta(hours=n) for n in range(hours)]
    return np.array([one.hour + _DAY * (one.weekday() >= _SATURDAY) for one in at], dtype=np.int64)


def _added(costs: Floats, classes: NDArray[np.int64]) -> Floats:
    added: Floats = np.zeros(_CLASSES)
    np.add.at(added, classes, costs)
    return added
