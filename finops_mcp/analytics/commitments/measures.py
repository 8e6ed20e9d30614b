"""How well are commitments used, how much do they cover, and what do they save? (domain spec B.2)

Ratios are fractions, not percent, and not rounded. A ratio of nothing is absent, which is not the same as
zero. Whatever stands in one sum is in one currency, and is of one span of time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_ZERO, _ONE = Decimal(0), Decimal(1)

Scope = Literal["rate.commitments", "rate.all", "rate.net"]
Denominator = Literal["list", "contracted"]
Counted = Literal["normalized_units", "hours"]


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """Divide a part by its whole; absent where there is no whole."""
    return part / whole if whole else None


def share(value: Decimal | None) -> float | None:
    """Give a ratio as answers tell it, to six places."""
    return None if value is None else round(float(value), 6)


@dataclass(frozen=True)
class Reserved:
    """What a reservation held in a span of time, and what of it ran empty.

    Units are normalised units times hours (one hour of a t2.medium is four of a t2.micro); absent or zero
    for what has no sizes to exchange, such as OpenSearch, Redshift, Memcached and reservations of a zone.
    """

    hours: Decimal
    unused_hours: Decimal
    units: Decimal | None = None
    unused_units: Decimal | None = None


def plan_utilization(used_commitment: Decimal, total_commitment: Decimal) -> Decimal | None:
    """Give the used share of what Savings Plans committed to, from their recurring fee rows."""
    return ratio(used_commitment, total_commitment)


def reservation_utilization(held: Iterable[Reserved]) -> tuple[Decimal | None, Counted | None]:
    """Give the used share of what reservations held, and in what it was counted.

    1 - unused units / reserved units; in hours only where none of them has units. Reservations of both
    sorts have no common measure, so that their share is absent: ask for them apart, or by cost.
    """
    every = list(held)
    sized = [one for one in every if one.units]
    if sized and len(sized) < len(every):
        return None, None
    if sized:
        if any(one.unused_units is None for one in sized):
            return None, None
        whole = sum((one.units or _ZERO for one in sized), _ZERO)
        unused = sum((one.unused_units or _ZERO for one in sized), _ZERO)
        return _ONE - unused / whole, "normalized_units"
    whole = sum((one.hours for one in every), _ZERO)
    unused = sum((one.unused_hours for one in every), _ZERO)
    return (_ONE - unused / whole, "hours") if whole else (None, None)


def cost_utilization(used_cost: Decimal, unused_cost: Decimal) -> Decimal | None:
    """Give the share of amortized cost that use consumed: what any two commitments can be compared by."""
    return ratio(used_cost, used_cost + unused_cost)


def coverage(covered: Decimal, on_demand: Decimal) -> Decimal | None:
    """Give the covered share of eligible use: of its on-demand cost, or of its normalised units.

    The denominator is covered + on demand, both eligible: no spot, and for units nothing that a Savings
    Plan covered.
    """
    return ratio(covered, covered + on_demand)


def net_savings(on_demand_equivalent: Decimal, used_cost: Decimal, unused_cost: Decimal) -> Decimal:
    """Give what commitments saved: what they covered at on-demand prices, less all that they cost.

    It is negative where more ran empty than the rest saved.
    """
    return on_demand_equivalent - used_cost - unused_cost


@dataclass(frozen=True)
class Paid:
    """One part of eligible use: what was paid for it, and what it costs at two undiscounted prices.

    `cost` is amortized; `net_cost` the same after private discounts, `contracted_cost` at negotiated
    prices before commitments, either absent where the export does not tell. What ran empty was no use,
    and has no cost at undiscounted prices.
    """

    cost: Decimal = _ZERO
    net_cost: Decimal | None = _ZERO
    list_cost: Decimal = _ZERO
    contracted_cost: Decimal | None = _ZERO


@dataclass(frozen=True)
class Eligible:
    """Use that commitments may cover, by what paid for it; `unused` is what of commitments ran empty."""

    covered: Paid
    unused: Paid
    on_demand: Paid
    spot: Paid = Paid()


def effective_savings_rate(
    eligible: Eligible, scope: Scope, denominator: Denominator = "list"
) -> Decimal | None:
    """Give the effective savings rate (ESR): 1 - all that was paid / on-demand equivalent of the same use.

    Scopes are not comparable with each other, so each is named: `rate.commitments` leaves spot and private
    discounts out, and is the one that benchmarks use; `rate.all` adds spot; `rate.net` adds private
    discounts to that. The on-demand equivalent is at public or at negotiated prices. Absent where there
    is no such use, or where a part of it lacks the amount that is asked for.
    """
    parts = [eligible.covered, eligible.unused, eligible.on_demand]
    if scope != "rate.commitments":
        parts.append(eligible.spot)
    paid = _added(part.net_cost if scope == "rate.net" else part.cost for part in parts)
    whole = _added(part.contracted_cost if denominator == "contracted" else part.list_cost for part in parts)
    if paid is None or not whole:
        return None
    return _ONE - paid / whole


def _added(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = _ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
