"""One purchase, or several that lapse one after the other? Both tried on history.

A history is cut into stretches of equal length, and a commitment lives for so many of them, its term. A
ladder splits it into tranches that lapse in turn, each bought anew as its part of what the stretch just
before would have made cheapest; a single purchase is a ladder of one tranche. The first stretch sizes the
first purchase only, and is not judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import pstdev

from finops_mcp.analytics.commitments.displacement import Displacement
from finops_mcp.analytics.commitments.evaluation import Evaluation, evaluated
from finops_mcp.analytics.commitments.measures import ratio
from finops_mcp.analytics.commitments.sizing import BY_THE_DOLLAR, Offer, cheapest
from finops_mcp.errors import InvalidArgument

_BILLIONTH = Decimal("0.000000001")


@dataclass(frozen=True)
class Ladder:
    """How tranches fared: what was held in each stretch, and the most that lapses in one moment."""

    tranches: int
    stretches: Sequence[Evaluation]
    most_lapsing: Decimal

    @property
    def cost(self) -> Decimal:
        """Give all that was paid, over all stretches but the first."""
        return sum((one.cost for one in self.stretches), Decimal(0))

    @property
    def savings_rates(self) -> list[Decimal]:
        """Give the effective savings rate of each stretch that had usage."""
        rates = [ratio(one.savings, one.on_demand_before) for one in self.stretches]
        return [rate for rate in rates if rate is not None]

    @property
    def volatility(self) -> Decimal | None:
        """Give the standard deviation of those rates; absent for fewer than two."""
        rates = self.savings_rates
        return pstdev(rates) if len(rates) > 1 else None


def laddered(
    history: Sequence[Displacement], term: int, tranches: int, offer: Offer = BY_THE_DOLLAR
) -> Ladder:
    """Buy in tranches over a history: `term` is in stretches, one tranche lapses every term / tranches."""
    if tranches < 1 or term % tranches:
        raise InvalidArgument(f"A term of {term} stretches cannot be split into {tranches} equal tranches.")
    step = term // tranches
    targets = [cheapest(stretch, offer) for stretch in history[:-1]]
    held = _split(targets[0], tranches, offer) if targets else []
    lapsing = list(held)
    stretches = []
    for at, stretch in enumerate(history[1:]):
        if at and at % step == 0:
            turn = (at // step - 1) % tranches
            held[turn] = _split(targets[at], tranches, offer)[turn]
            lapsing.append(held[turn])
        stretches.append(evaluated(stretch, sum(held, Decimal(0)), offer))
    return Ladder(tranches, stretches, max(lapsing, default=Decimal(0)))


def _split(target: Decimal, tranches: int, offer: Offer) -> list[Decimal]:
    """Split a commitment evenly; of whole ones the first tranches have one more."""
    if offer.whole:
        each, over = divmod(int(target), tranches)
        return [Decimal(each + (turn < over)) for turn in range(tranches)]
    return [(target / tranches).quantize(_BILLIONTH)] * tranches
