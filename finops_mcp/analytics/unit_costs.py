"""What does one of something cost? Cost over quantity, where every day of both is told; and why it changed.

With cost c and quantity q, 0 before and 1 after, one costs u = c/q, and

    u1 - u0 = c0/q1 - c0/q0  (volume: the same cost over more or fewer)  +  (c1 - c0)/q1  (cost)
    c1 - c0 = (q1 - q0) u0   (volume: more or fewer at the same price)   +  (u1 - u0) q1  (unit cost)

The second of each pair is what the first leaves of the difference, so that both add up to the last digit.
"""

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal

_PLACES = Decimal("1E-12")
_EXACT = Context(prec=50)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Counted:
    """How much there was: by the day, and of whole months that are not told by the day (`2026-10`)."""

    days: Mapping[date, Decimal] = field(default_factory=dict)
    months: Mapping[str, Decimal] = field(default_factory=dict)

    def within(self, days: Collection[date]) -> tuple[Decimal, list[date]]:
        """Add up what there was in some days, and list the days of which that is not told.

        The quantity of a month counts where every day of it is among them: it is never cut.
        """
        held: dict[str, list[date]] = {}
        for day in days:
            held.setdefault(f"{day:%Y-%m}", []).append(day)
        whole = {
            month
            for month, of in held.items()
            if month in self.months and len(set(of)) == calendar.monthrange(of[0].year, of[0].month)[1]
        }
        missing = [day for day in days if day not in self.days and f"{day:%Y-%m}" not in whole]
        quantity = sum((self.days[day] for day in days if day in self.days), _ZERO)
        return quantity + sum((self.months[month] for month in whole), _ZERO), sorted(missing)


def unit_cost(cost: Decimal, quantity: Decimal) -> Decimal | None:
    """Divide cost by quantity, to twelve places; nothing where there was none."""
    return _EXACT.divide(cost, quantity).quantize(_PLACES, context=_EXACT) if quantity else None


@dataclass(frozen=True)
class Step:
    """A step of time of one currency and value: its cost, how much there was, and the days not told.

    `days` are those of it that the data cover, and it is complete where these are all.
    """

    name: str
    currency: str
    value: str | None
    cost: Decimal
    quantity: Decimal
    days: int
    complete: bool
    missing: Sequence[date]

    @property
    def one(self) -> Decimal | None:
        """What one costs; nothing where the quantity is not told of every day, or was none."""
        return None if self.missing else unit_cost(self.cost, self.quantity)


def summed(steps: Iterable[Step], currency: str) -> tuple[Decimal, Decimal]:
    """Add up the cost and the quantity of the steps of a currency."""
    mine = [step for step in steps if step.currency == currency]
    return sum((s.cost for s in mine), _ZERO), sum((s.quantity for s in mine), _ZERO)


@dataclass(frozen=True)
class Change:
    """What changed from before to after: `difference` is `by_volume` and `by_rest` together."""

    before: Decimal
    after: Decimal
    by_volume: Decimal

    @property
    def difference(self) -> Decimal:
        """How much more it is than before."""
        return self.after - self.before

    @property
    def by_rest(self) -> Decimal:
        """What is not by volume: of what one costs, by cost; of the cost, by what one costs."""
        return self.difference - self.by_volume


def explained(
    before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal]
) -> tuple[Change, Change] | None:
    """Split the change of what one costs, and that of the cost; each is given as cost and quantity.

    Nothing where there was none of it before, or after.
    """
    (cost_0, quantity_0), (cost_1, quantity_1) = before, after
    unit_0, unit_1 = unit_cost(cost_0, quantity_0), unit_cost(cost_1, quantity_1)
    same_cost = unit_cost(cost_0, quantity_1)
    if unit_0 is None or unit_1 is None or same_cost is None:
        return None
    more = _EXACT.divide(_EXACT.multiply(quantity_1 - quantity_0, cost_0), quantity_0)
    of_cost = Change(cost_0, cost_1, more.quantize(_PLACES, context=_EXACT))
    return Change(unit_0, unit_1, same_cost - unit_0), of_cost


def changes(before: Sequence[Step], after: Sequence[Step]) -> dict[str, tuple[Change, Change]]:
    """Explain the change of each currency whose quantity is told for every day of both."""
    found: dict[str, tuple[Change, Change]] = {}
    for currency in sorted({step.currency for step in after}):
        if any(step.missing for step in (*before, *after) if step.currency == currency):
            continue
        change = explained(summed(before, currency), summed(after, currency))
        found |= {currency: change} if change else {}
    return found
