"""Why did cost change? An exactly additive split of a difference into its effects.

Per part of one unit (price p = cost / quantity, list price L, days D; 0 before, 1 after):

    calendar    (D1 - D0) * q0/D0 * p0            as much use a day, over more or fewer days
    usage       (q1/D1 - q0/D0) * D1 * p0         more or less use a day
    list_rate   (L1 - L0) * q1 * p0/L0            the public price moved
    discount    the rest: what was paid of the list price moved

Their sum is cost1 - cost0: usage and calendar together are (q1 - q0) * p0, the two rates (p1 - p0) * q1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

EFFECTS = (
    "usage",
    "calendar",
    "list_rate",
    "discount",
    "commitment_coverage",
    "commitment_unused",
    "new",
    "gone",
    "one_off",
    "credit",
    "tax",
)
"""The effects a change is split into, in the order of an answer."""

_KINDS = {
    "commitment_fee": "commitment_unused",
    "fee": "one_off",
    "refund": "one_off",
    "credit": "credit",
    "tax": "tax",
}
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """One side of a part: its cost, its quantity in one unit, its list cost, what of it is committed."""

    cost: Decimal
    quantity: Decimal
    list_cost: Decimal
    committed: Decimal = _ZERO


def effects(
    kind: str, before: Part | None, after: Part | None, days_before: int, days_after: int
) -> dict[str, Decimal]:
    """Split the change of one part; the effects add up to its difference exactly.

    `kind` is the group of the charge: usage, commitment_fee, fee, refund, credit, tax and so on.
    """
    difference = (after.cost if after else _ZERO) - (before.cost if before else _ZERO)
    if kind in _KINDS:
        return {_KINDS[kind]: difference}
    if before is None:
        return {"new": difference}
    if after is None:
        return {"gone": difference}
    if before.quantity <= 0 or after.quantity <= 0:
        return {"discount": difference}
    with localcontext() as precise:
        precise.prec = 50
        found = _of_use(before, after, days_before, days_after)
    rest = difference - sum(found.values(), start=_ZERO)
    committed = before.committed or after.committed
    return {**found, "commitment_coverage" if committed else "discount": rest}


def _of_use(before: Part, after: Part, days_before: int, days_after: int) -> dict[str, Decimal]:
    price = before.cost / before.quantity
    a_day = before.quantity / days_before
    found = {
        "calendar": (days_after - days_before) * a_day * price,
        "usage": (after.quantity - a_day * days_after) * price,
    }
    if before.list_cost > 0 and after.list_cost > 0:
        moved = after.list_cost - before.list_cost / before.quantity * after.quantity
        found["list_rate"] = moved * before.cost / before.list_cost
    return {name: amount.quantize(Decimal("0.000000000001")) for name, amount in found.items()}


def added_up(changes: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Add the effects of many parts."""
    totals: dict[str, Decimal] = {}
    for change in changes:
        for name, amount in change.items():
            totals[name] = totals.get(name, _ZERO) + amount
    return totals
