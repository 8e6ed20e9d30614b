"""What commitments covered, hour by hour, and what they left: the simulator's result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from finops_mcp.analytics.commitments.columns import Floats, money
from finops_mcp.analytics.commitments.portfolio import Commitment, Demand


@dataclass(frozen=True)
class Cover:
    """What one commitment covered of one line: a quantity for each hour from `first` on.

    `draw` is how much of the commitment a unit of quantity takes: dollars at the plan's rate, or what a
    reservation holds; `price` is the line's on demand.
    """

    commitment: int
    line: int
    first: int
    quantity: Floats
    draw: Decimal
    price: Decimal

    @property
    def on_demand_costs(self) -> Floats:
        """Give what it would have cost on demand in each hour."""
        return self.quantity * float(self.price)

    @property
    def drawn(self) -> Floats:
        """Give what it takes of the commitment in each hour: dollars at the plan's rate, or units."""
        return self.quantity * float(self.draw)


@dataclass(frozen=True)
class Covered:
    """What one commitment came to over all hours, in dollars; units are what a reservation holds.

    `on_demand_cost` is of what it covered, `used_cost` the same at the commitment's price.
    """

    id: str
    on_demand_cost: Decimal
    used_cost: Decimal
    unused_cost: Decimal
    used_units: Decimal
    unused_units: Decimal


@dataclass(frozen=True)
class Applied:
    """A history with commitments applied to it.

    `remaining` is quantity on demand, a row for each line; `unused` what ran empty, a row for each
    commitment, in dollars of a plan and units of a reservation.
    """

    demand: Demand
    commitments: Sequence[Commitment]
    covers: Sequence[Cover]
    remaining: Floats
    unused: Floats

    @property
    def _prices(self) -> Floats:
        return np.array([float(line.price) for line in self.demand.lines])

    @property
    def on_demand_costs(self) -> Floats:
        """Give what is left on demand in each hour, in dollars."""
        costs: Floats = self._prices @ self.remaining
        return costs

    @property
    def on_demand_cost(self) -> Decimal:
        """Give what is left on demand over all hours."""
        return money(self.on_demand_costs.sum())

    @property
    def commitment_cost(self) -> Decimal:
        """Give what all commitments cost in the hours they were alive, used or not: exactly."""
        return sum((one.hourly_cost * alive(one, self.demand.hours) for one in self.commitments), Decimal(0))

    @property
    def cost(self) -> Decimal:
        """Give all that is paid: commitments, and what is left on demand."""
        return self.commitment_cost + self.on_demand_cost

    def by_commitment(self) -> list[Covered]:
        """Add each commitment up over all hours, in the order in which they were given."""
        return [self._covered(index, one) for index, one in enumerate(self.commitments)]

    def _covered(self, index: int, commitment: Commitment) -> Covered:
        mine = [cover for cover in self.covers if cover.commitment == index]
        on_demand = sum(float(cover.on_demand_costs.sum()) for cover in mine)
        used = sum(float(cover.drawn.sum()) for cover in mine)
        unused, each = float(self.unused[index].sum()), float(commitment.unit_cost)
        return Covered(
            commitment.id,
            money(on_demand),
            money(used * each),
            money(unused * each),
            money(used),
            money(unused),
        )

    def covered_costs(self, chosen: Iterable[int] | None = None) -> Floats:
        """Give the on-demand cost of what some commitments, or all, covered in each hour."""
        wanted = None if chosen is None else set(chosen)
        costs = np.zeros(self.demand.hours)
        for cover in self.covers:
            if wanted is None or cover.commitment in wanted:
                costs[cover.first : cover.first + len(cover.quantity)] += cover.on_demand_costs
        return costs


def alive(commitment: Commitment, hours: int) -> int:
    """Give in how many hours of a history a commitment is alive."""
    return max(0, min(commitment.end, hours) - max(commitment.start, 0))
