"""Why did cost change? An exactly additive split of a difference into its effects.

Of one part in one unit: cost c, quantity q, price p = c/q, days D; 0 before, 1 after.

    calendar    c0 (D1 - D0)/D0                 as much use a day, over more or fewer days
    usage       (q1 - q0) p0 - calendar         more or less use a day
    rate        (p1 - p0) q1                    another price for it

The rate is split again, where w is the share of the quantity that a commitment covers, a and b are the
prices of what is on demand and of what is covered, and k is how far the list price moved (L1/q1)/(L0/q0):

    coverage    (w1 - w0) (b0 - a0) q1          use moved onto a commitment, or off it
    list rate   (1 - w1) a0 (k - 1) q1          the list price of what is on demand moved
    discount    the rest                        what is paid of the list price moved

A price that one side lacks is the other side's (that on demand, moved back with the list price). The last
effect of a part is what the others leave of its difference: their sum is that difference to the last digit.
"""

from decimal import Context, Decimal
from typing import NamedTuple

EFFECTS = (
    "usage",
    "calendar",
    "list_rate",
    "discount_rate",
    "rate",
    "commitment_coverage",
    "commitment_expiry",
    "commitment_unused",
    "commitment_fee",
    "new",
    "gone",
    "support",
    "one_off",
    "credit",
    "tax",
    "other",
)
"""The effects a change is split into, in the order of an answer."""

WIDE = Context(prec=150)
"""Room for whatever amounts of 38 digits can come to, so that no effect and no sum of effects is rounded."""

_ZERO, _ONE = Decimal(0), Decimal(1)
_DIGITS = Decimal("1e-12")
METERED = frozenset({"usage", "fee", "marketplace"})
"""Kinds of part that may have a quantity and a price; any other kind is the effect it is named after."""


class Side(NamedTuple):
    """One side of a part: its cost, quantity and list cost; what of the first two a commitment covers."""

    cost: Decimal
    quantity: Decimal = _ZERO
    list_cost: Decimal = _ZERO
    covered_cost: Decimal = _ZERO
    covered: Decimal = _ZERO


def effects(
    kind: str, before: Side | None, after: Side | None, days: tuple[int, int], ended: Decimal = _ZERO
) -> dict[str, Decimal]:
    """Split the change of one part, under the context WIDE; the effects add up to its difference.

    `ended` is how much of the quantity before was covered by commitments that have ended since.
    """
    difference = (after.cost if after else _ZERO) - (before.cost if before else _ZERO)
    if kind not in METERED:
        return {kind if kind in EFFECTS else "other": difference}
    if before is None or after is None:
        return {"new" if before is None else "gone": difference}
    if before.quantity <= 0 or after.quantity <= 0:
        return {"other": difference}
    found = _of_use(before, after, days)
    listed = before.list_cost > 0 and after.list_cost > 0
    moved = after.list_cost * before.quantity / (after.quantity * before.list_cost) if listed else _ONE
    on_demand = _on_demand(before, after, moved)
    if on_demand is not None:
        found |= _of_commitments(before, after, on_demand, ended)
        if listed:
            rate = (after.quantity - after.covered) * on_demand * (moved - 1)
            found["list_rate"] = rate.quantize(_DIGITS)
    rest = difference - sum(found.values(), start=_ZERO)
    return {**found, "discount_rate" if listed else "rate": rest}


def _of_use(before: Side, after: Side, days: tuple[int, int]) -> dict[str, Decimal]:
    usage = (after.quantity - before.quantity) * before.cost / before.quantity
    calendar = (before.cost * (days[1] - days[0]) / days[0]).quantize(_DIGITS)
    return {"usage": usage.quantize(_DIGITS) - calendar, "calendar": calendar}


def _on_demand(before: Side, after: Side, moved: Decimal) -> Decimal | None:
    """Give the price before of what no commitment covered; after, moved back, where all was covered."""
    if before.quantity > before.covered:
        return (before.cost - before.covered_cost) / (before.quantity - before.covered)
    if after.quantity > after.covered:
        return (after.cost - after.covered_cost) / (after.quantity - after.covered) / moved
    return None


def _of_commitments(before: Side, after: Side, on_demand: Decimal, ended: Decimal) -> dict[str, Decimal]:
    lost = before.covered / before.quantity - after.covered / after.quantity
    if not lost:
        return {}
    source = before if before.covered else after
    coverage = lost * (on_demand - source.covered_cost / source.covered) * after.quantity
    coverage = coverage.quantize(_DIGITS)
    if lost < 0 or ended <= 0:
        return {"commitment_coverage": coverage}
    expiry = (coverage * min(ended / before.quantity / lost, _ONE)).quantize(_DIGITS)
    return {"commitment_coverage": coverage - expiry, "commitment_expiry": expiry}
