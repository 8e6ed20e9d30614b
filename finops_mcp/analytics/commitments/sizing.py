"""How much to commit? Exactly, at the breakpoints of what each commitment would have cost (domain spec B.4).

    cost(c) = sum over hours of [c * price of one + on demand - displaced(c)]

For Savings Plans displaced(c) is concave, so cost is convex, and cheapest where its slope stops falling. Its
slope is counted, not measured: hours * price - sum of yields still displaced, in whole numbers of hours and
exact fractions. Nothing is sampled. Of several that are cheapest, the smallest is given.
"""

from bisect import bisect_left
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from finops_mcp.analytics.commitments.columns import Floats, hourly
from finops_mcp.analytics.commitments.displacement import Displacement
from finops_mcp.errors import InvalidArgument

LEAST_UTILIZATION = Decimal("0.95")
"""The guard-rail's default: no more than what would have been used to so large a part."""
_LEAST_TARGET, _MOST_TARGET = 10, 100
_MILLIONTHS = 6
Mode = Literal["max_savings", "custom_commitment", "target_average_coverage"]


@dataclass(frozen=True)
class Offer:
    """What can be bought: Savings Plans by the dollar, or reservations of one size by the piece.

    `price` is what one unit of commitment costs an hour, all fees spread over its term: 1 for a dollar.
    """

    price: Decimal = Decimal(1)
    whole: bool = False


BY_THE_DOLLAR = Offer()


def cheapest(demand: Displacement, offer: Offer = BY_THE_DOLLAR, usage: Decimal = Decimal(1)) -> Decimal:
    """Give the commitment per hour with the least cost, and the smallest of those alike.

    `usage` scales all demand: 0.9 asks what would be best if usage fell by a tenth.
    """
    if offer.whole:
        return Decimal(_cheapest_count(demand, offer, float(usage)))
    limit = Fraction(offer.price) * demand.hours
    if demand.slope_after(0) <= limit:
        return Decimal(0)
    ends = demand.breakpoints()
    first = bisect_left(range(len(ends)), True, key=lambda at: demand.slope_after(float(ends[at])) <= limit)
    return hourly(ends[first] * float(usage))


def _cheapest_count(demand: Displacement, offer: Offer, usage: float) -> int:
    """Compare every number of reservations: their cost need not be convex, sizes come before savings."""
    counts: Floats = np.arange(np.ceil(demand.tops.max(initial=0) * usage) + 1)
    spent = counts * float(offer.price) * demand.hours
    saved = demand.displaced_at(counts / usage) * usage - spent
    return int(np.argmax(saved.round(_MILLIONTHS)))


def at_utilization(demand: Displacement, least: Decimal = LEAST_UTILIZATION) -> Decimal:
    """Give the largest commitment per hour of which at least so large a part would have been used.

    used(c) / (c * hours) falls from breakpoint to breakpoint; between the last that passes and the next,
    used(c) = what is used in hours that are full already + c * all other hours.
    """
    tops = np.sort(demand.tops)
    wanted = float(least) * demand.hours
    full = np.cumsum(tops)
    others = np.arange(demand.hours - 1, -1, -1)
    passing = np.flatnonzero(full + tops * (others - wanted) >= -full[-1] * np.finfo(np.float64).eps)
    last = passing[-1]
    return hourly(full[last] / (wanted - others[last])) if full[last] else Decimal(0)


def at_coverage(demand: Displacement, percent: Decimal, covered_already: Decimal = Decimal(0)) -> Decimal:
    """Give the smallest commitment per hour that covers so many percent of eligible cost, 10 to 100.

    `covered_already` is the on-demand cost that commitments in force cover: the average is over both.
    """
    if not _LEAST_TARGET <= percent <= _MOST_TARGET:
        raise InvalidArgument(f"A target of average coverage is from 10 to 100 percent, not {percent}.")
    already, everything = float(covered_already), demand.on_demand
    wanted = float(percent) / 100 * (already + everything) - already
    if wanted <= 0:
        return Decimal(0)
    ends = np.concatenate(([0.0], demand.breakpoints()))
    wanted = min(wanted, everything)
    at = bisect_left(range(len(ends) - 1), wanted, key=lambda one: demand.displaced(float(ends[one])))
    before, after = float(ends[at - 1]), float(ends[at])
    low, high = demand.displaced(before), demand.displaced(after)
    return hourly(before + (wanted - low) / (high - low) * (after - before))


def sized(
    demand: Displacement,
    mode: Mode = "max_savings",
    offer: Offer = BY_THE_DOLLAR,
    *,
    custom: Decimal = Decimal(0),
    target: Decimal = Decimal(100),
    covered_already: Decimal = Decimal(0),
    least_utilization: Decimal | None = None,
) -> Decimal:
    """Give the commitment per hour by the modes of AWS's purchase analyzer.

    `least_utilization` is the guard-rail of the first mode: the smaller of the cheapest, and the largest
    that would have been used to that part. Reservations are whole: up to a coverage, down to a guard-rail.
    """
    if mode == "custom_commitment":
        return custom
    if mode == "target_average_coverage":
        covering = at_coverage(demand, target, covered_already)
        return covering.to_integral_value(ROUND_CEILING) if offer.whole else covering
    best = cheapest(demand, offer)
    if least_utilization is None:
        return best
    most = at_utilization(demand, least_utilization)
    return min(best, most.to_integral_value(ROUND_FLOOR) if offer.whole else most)


def quantile(on_demand: Floats, discount: Decimal) -> Decimal:
    """Explain the cheapest where all saves alike: it covers up to this quantile of hourly on-demand cost.

    The smallest x that so many hours exceed, P(demand > x) <= 1 - discount; the commitment is
    (1 - discount) * x. More would run empty in more hours than the discount pays for.
    """
    ordered = np.concatenate(([0.0], np.sort(on_demand)))
    beyond = len(ordered) - np.searchsorted(ordered, ordered, side="right")
    few_enough = (1 - discount) * len(on_demand)
    return hourly(next(x for x, n in zip(ordered, beyond, strict=True) if int(n) <= few_enough))
