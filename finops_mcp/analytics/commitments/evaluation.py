"""What would so much commitment have cost, saved and left unused? And what if usage falls?"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from finops_mcp.analytics.commitments.columns import hourly, money
from finops_mcp.analytics.commitments.displacement import Displacement
from finops_mcp.analytics.commitments.measures import ratio
from finops_mcp.analytics.commitments.sizing import BY_THE_DOLLAR, Offer, cheapest

FALLS = (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))
"""By what parts usage falls in a table of regret."""
_STEPS = 10


@dataclass(frozen=True)
class Evaluation:
    """One commitment per hour, against the hours of history; amounts are over all of those hours.

    `used` is of `commitment_cost`; `displaced` is the on-demand cost of what it covers.
    """

    commitment: Decimal
    commitment_cost: Decimal
    used: Decimal
    on_demand_before: Decimal
    displaced: Decimal
    covered_already: Decimal = Decimal(0)

    @property
    def on_demand_left(self) -> Decimal:
        """Give what is still paid on demand."""
        return self.on_demand_before - self.displaced

    @property
    def cost(self) -> Decimal:
        """Give all that is paid: the commitment, used or not, and what is left on demand."""
        return self.commitment_cost + self.on_demand_left

    @property
    def savings(self) -> Decimal:
        """Give how much less is paid than without it; negative where it is more."""
        return self.on_demand_before - self.cost

    @property
    def unused(self) -> Decimal:
        """Give what of the commitment ran empty."""
        return self.commitment_cost - self.used

    @property
    def utilization(self) -> Decimal | None:
        """Give the used share; absent where nothing is committed."""
        return ratio(self.used, self.commitment_cost)

    @property
    def coverage(self) -> Decimal | None:
        """Give the covered share of eligible cost, with what commitments in force cover."""
        return ratio(self.covered_already + self.displaced, self.covered_already + self.on_demand_before)

    @property
    def break_even_utilization(self) -> Decimal | None:
        """Give the utilization at which nothing is saved: 1 - discount of what it covers."""
        return ratio(self.used, self.displaced)


def evaluated(
    demand: Displacement,
    commitment: Decimal,
    offer: Offer = BY_THE_DOLLAR,
    *,
    usage: Decimal = Decimal(1),
    covered_already: Decimal = Decimal(0),
) -> Evaluation:
    """Evaluate any commitment; `usage` scales all demand, 0.9 being a tenth less.

    With all demand scaled by u, displaced(c) becomes u * displaced(c / u).
    """
    scale, scaled = float(usage), float(commitment / usage)
    return Evaluation(
        commitment=commitment,
        commitment_cost=money(float(commitment * offer.price * demand.hours)),
        used=money(demand.used(scaled) * scale * float(offer.price)),
        on_demand_before=money(demand.on_demand * scale),
        displaced=money(demand.displaced(scaled) * scale),
        covered_already=covered_already,
    )


def curve(demand: Displacement, offer: Offer = BY_THE_DOLLAR) -> list[Evaluation]:
    """Evaluate in steps of a tenth, from no commitment to one that covers everything in every hour."""
    most = hourly(demand.tops.max(initial=0))
    steps = [most * step / _STEPS for step in range(_STEPS + 1)]
    if offer.whole:
        steps = sorted({step.to_integral_value(ROUND_CEILING) for step in steps})
    return [evaluated(demand, step, offer) for step in steps]


@dataclass(frozen=True)
class Regret:
    """What a commitment costs if usage falls, and how much less the best one would have cost then."""

    fall: Decimal
    held: Evaluation
    best: Evaluation

    @property
    def regret(self) -> Decimal:
        """Give what too much commitment costs."""
        return self.held.cost - self.best.cost


def regrets(demand: Displacement, commitment: Decimal, offer: Offer = BY_THE_DOLLAR) -> list[Regret]:
    """Tell what a commitment costs if usage falls by 10, 20 and 30 percent."""
    return [
        Regret(
            fall,
            held=evaluated(demand, commitment, offer, usage=1 - fall),
            best=evaluated(demand, cheapest(demand, offer, 1 - fall), offer, usage=1 - fall),
        )
        for fall in FALLS
    ]
