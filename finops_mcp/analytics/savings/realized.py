"""What became of a promised saving? The bill before and after, what else moved told apart.

Amounts are for a month. Realised is before - after; it is split, to the last digit, into

    usage   more or less of what is charged in both (drivers.effects)
    rate    another price of it: list price, discount, what commitments cover
    ended   what is charged in one of the two alone
    freed   what commitments paid of what is used no more: they are paid all the same, so it counts as cost
            after, and as saved only where other use took them over, which this resource does not tell

A meter of both sides is compared with itself. Meters of one side alone that count in one unit are compared
with each other: a volume that changed its type has another meter and another price for the same gigabytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

from finops_mcp.analytics.drivers import WIDE, Side, effects
from finops_mcp.analytics.savings.finding import ZERO, Action

Verdict = Literal["verified", "partly", "not", "too early", "unknown"]
VERIFIED = Decimal("0.9")
"""From this part of what was promised on a saving is verified."""
PARTLY = Decimal("0.1")
"""From this part on it is so in part."""
_ONE_DAY = (1, 1)
_OF_PRICE: tuple[Action, ...] = ("modernise", "rate")
"""Actions that change what the same use costs; how much is used is no part of them."""


@dataclass(frozen=True)
class Line:
    """What one meter came to in some days, as a month of them: cost and quantity, and what was committed."""

    meter: str
    unit: str
    cost: Decimal
    quantity: Decimal
    covered_cost: Decimal = ZERO
    covered: Decimal = ZERO


@dataclass(frozen=True)
class Realized:
    """Before and after for a month; `usage`, `rate`, `ended` less `freed` are what was realised."""

    before: Decimal
    after: Decimal
    usage: Decimal
    rate: Decimal
    ended: Decimal
    freed: Decimal
    covered: Decimal = ZERO
    """What of `rate` is that commitments cover more or less of it."""

    @property
    def amount(self) -> Decimal:
        """What was realised."""
        return self.before - self.after

    def of_action(self, action: Action) -> Decimal:
        """Give what the action itself can have done.

        What commitments cover is never its doing, more use not that of an action that changes the price.
        """
        if action in _OF_PRICE:
            return self.ended + self.rate - self.covered - self.freed
        if action in {"delete", "stop"}:
            return self.ended + self.usage - self.freed
        return self.amount - self.covered


def realized(before: Iterable[Line], after: Iterable[Line]) -> Realized:
    """Hold the lines of one resource after a change against those before it."""
    old, new = list(before), list(after)
    with localcontext(WIDE):
        first, last = _sides(old, new), _sides(new, old)
        sums = dict.fromkeys(("usage", "rate", "ended", "covered"), ZERO)
        for part in first.keys() | last.keys():
            told = effects("usage", first.get(part), last.get(part), _ONE_DAY)
            for effect, change in told.items():
                sums[_KINDS.get(effect, "rate")] -= change
            sums["covered"] -= told.get("commitment_coverage", ZERO)
        cost, now = (sum((line.cost for line in side), start=ZERO) for side in (old, new))
        held, holds = (sum((line.covered_cost for line in side), start=ZERO) for side in (old, new))
        freed = max(min(held - holds, cost - now), ZERO)
        return Realized(cost, now + freed, sums["usage"], sums["rate"], sums["ended"], freed, sums["covered"])


def verdict_of(effect: Decimal, freed: Decimal, promised: Decimal) -> Verdict:
    """Judge what an action did by what was promised of it; what a commitment was freed of is not known."""
    if promised <= 0:
        return "unknown"
    if effect >= VERIFIED * promised:
        return "verified"
    if freed > PARTLY * promised:
        return "unknown"
    return "partly" if effect > PARTLY * promised else "not"


_KINDS: Mapping[str, str] = {
    "usage": "usage",
    "calendar": "usage",
    "new": "ended",
    "gone": "ended",
    "other": "ended",
}
"""Under which of ours each effect of a part counts; all others are of its rate."""


def _sides(lines: Iterable[Line], others: Iterable[Line]) -> dict[str, Side]:
    """Add up the lines of each part: a meter that the other side has too, or a unit of those it has not."""
    there = {line.meter for line in others}
    found: dict[str, Side] = {}
    for line in lines:
        part = line.meter if line.meter in there else f"\n{line.unit}"
        has = found.get(part, Side(ZERO))
        found[part] = Side(
            has.cost + line.cost,
            has.quantity + line.quantity,
            ZERO,
            has.covered_cost + line.covered_cost,
            has.covered + line.covered,
        )
    return found
