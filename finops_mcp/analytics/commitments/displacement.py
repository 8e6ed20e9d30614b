"""How much on-demand cost would so much commitment displace? One piecewise-linear map for each hour.

In each hour a commitment is used up line after line. A line takes up its width of the commitment, and every
unit of that displaces its yield: on-demand cost for each dollar, or for each reservation. With E(l, h) the
sum of the widths up to line l in hour h, and y(l) the yields (0 after the last line):

    displaced(x) = sum over h, l of (y(l) - y(l + 1)) min(x, E(l, h))

so its slope changes at the E(l, h) only: these are the breakpoints of every cost drawn from it.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from finops_mcp.analytics.commitments.columns import Floats


class Displacement:
    """The maps of all hours, from lines in the order in which they are covered.

    `widths` has a row for each line and a column for each hour; neighbours of one yield become one line.
    """

    def __init__(self, widths: Floats, yields: Sequence[Fraction]) -> None:
        following = [*yields, Fraction(0)][1:]
        drops = [mine - after for mine, after in zip(yields, following, strict=True)]
        kept = [line for line, drop in enumerate(drops) if drop]
        self.hours = widths.shape[1]
        self.ends: Floats = np.cumsum(widths, axis=0)[kept]
        self.drops = [drops[line] for line in kept]
        self._drops = np.array([float(drop) for drop in self.drops])
        self.tops: Floats = self.ends[-1] if kept else np.zeros(self.hours)

    @cached_property
    def on_demand(self) -> float:
        """Give the on-demand cost of all that could be covered."""
        return self.displaced(float(self.tops.max(initial=0)))

    def displaced(self, commitment: float) -> float:
        """Give the on-demand cost that so much commitment in every hour displaces, over all hours."""
        return float(np.minimum(self.ends, commitment).sum(axis=1) @ self._drops)

    def used(self, commitment: float) -> float:
        """Give how much of so much commitment in every hour is used, over all hours."""
        return float(np.minimum(self.tops, commitment).sum())

    def slope_after(self, commitment: float) -> Fraction:
        """Give what the next bit of commitment displaces, over all hours: exactly."""
        beyond = np.count_nonzero(self.ends > commitment, axis=1)
        return sum((d * int(n) for d, n in zip(self.drops, beyond, strict=True)), Fraction(0))

    def breakpoints(self) -> Floats:
        """List every commitment at which a slope changes, in order."""
        return np.sort(self.ends, axis=None)

    def displaced_at(self, commitments: Floats) -> Floats:
        """Give the on-demand cost that each of many commitments displaces."""
        flat = self.ends.ravel()
        order = np.argsort(flat)
        ends, drops = flat[order], np.repeat(self._drops, self.hours)[order]
        below = np.concatenate(([0.0], np.cumsum(drops * ends)))
        passed = np.concatenate(([0.0], np.cumsum(drops)))
        at = np.searchsorted(ends, commitments, side="right")
        found: Floats = below[at] + commitments * (passed[-1] - passed[at])
        return found


def by_plan(quantity: Floats, prices: Sequence[Decimal], rates: Sequence[Decimal]) -> Displacement:
    """Map the dollars of a Savings Plan: what saves most is covered first.

    `quantity` has a row for each line and a column for each hour; prices on demand and rates of the plan
    are per unit of it. A line takes up quantity * rate, and a dollar displaces price / rate of it.
    """
    order = sorted(range(len(prices)), key=lambda line: (rates[line] / prices[line], rates[line]))
    widths = quantity[order] * np.array([float(rates[line]) for line in order])[:, None]
    return Displacement(widths, [Fraction(prices[line]) / Fraction(rates[line]) for line in order])


def by_reservation(
    quantity: Floats, prices: Sequence[Decimal], units: Sequence[Decimal], units_each: Decimal
) -> Displacement:
    """Map the number of reservations of one size: the smallest machines are covered first.

    A line takes up quantity * units / units of the reserved size, and displaces its price for each of
    its own units. For what has no sizes to exchange, all units are 1.
    """
    order = sorted(range(len(prices)), key=lambda line: (units[line], prices[line]))
    widths = quantity[order] * np.array([float(units[line] / units_each) for line in order])[:, None]
    return Displacement(
        widths, [Fraction(prices[line]) * Fraction(units_each) / Fraction(units[line]) for line in order]
    )
