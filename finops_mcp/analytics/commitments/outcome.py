"""What hours like these come to over a time ahead, with commitments that end on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from finops_mcp.analytics.commitments.ahead import Ahead
from finops_mcp.analytics.commitments.applied import Applied, Covered
from finops_mcp.analytics.commitments.columns import money
from finops_mcp.analytics.commitments.measures import ratio, share
from finops_mcp.analytics.commitments.portfolio import Demand, Rates
from finops_mcp.analytics.commitments.simulator import simulated

_ZERO = Decimal(0)
_MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True)
class Outcome:
    """Amounts over all hours ahead, in dollars at public prices; `listed` is all use on demand."""

    listed: Decimal
    covered: Decimal
    on_demand: Decimal
    used: Decimal
    unused: Decimal
    paid_for_commitments: Decimal

    @property
    def cost(self) -> Decimal:
        """Give what accrues: commitments, used or not, and what is left on demand."""
        return self.used + self.unused + self.on_demand

    @property
    def cash(self) -> Decimal:
        """Give what is paid: on demand, the recurring part of commitments, and what is bought upfront."""
        return self.on_demand + self.paid_for_commitments

    @property
    def utilization(self) -> Decimal | None:
        """Give the used share of what commitments cost."""
        return ratio(self.used, self.used + self.unused)

    @property
    def coverage(self) -> Decimal | None:
        """Give the covered share of all that commitments could pay for."""
        return ratio(self.covered, self.listed)

    @property
    def savings_rate(self) -> Decimal | None:
        """Give the effective savings rate, of commitments alone."""
        return None if not self.listed else 1 - self.cost / self.listed


def outcome(demand: Demand, rates: Rates, held: Sequence[Ahead], hours: int) -> Outcome:
    """Let use go on as in a history for so many hours, each commitment for its own.

    Between two ends of commitments nothing changes, so that each such time is the history simulated once
    with what is alive, times its length.
    """
    ends = sorted({min(one.hours, hours) for one in held} | {hours})
    sums = [_ZERO] * 5
    begins = 0
    for end in ends:
        alive = [one for one in held if one.hours > begins]
        if end > begins:
            told = _amounts(simulated(demand, [one.commitment for one in alive], rates), alive)
            part = Decimal(end - begins) / demand.hours
            sums = [total + amount * part for total, amount in zip(sums, told, strict=True)]
        begins = end
    covered, on_demand, used, unused, recurring = (total.quantize(_MILLIONTH) for total in sums)
    upfront = sum((one.upfront for one in held), _ZERO)
    return Outcome(covered + on_demand, covered, on_demand, used, unused, recurring + upfront)


def _amounts(applied: Applied, alive: Sequence[Ahead]) -> list[Decimal]:
    parts: list[Covered] = applied.by_commitment()
    shares = {one.commitment.id: one.recurring_share for one in alive}
    return [
        money(float(applied.covered_costs().sum())),
        applied.on_demand_cost,
        sum((one.used_cost for one in parts), _ZERO),
        sum((one.unused_cost for one in parts), _ZERO),
        sum(((one.used_cost + one.unused_cost) * shares[one.id] for one in parts), _ZERO),
    ]


def compared(before: Outcome, then: Outcome) -> list[list[Decimal | float | str | None]]:
    """Give a row for each measure: its name, both outcomes, and how much the second is over the first."""
    amounts = {
        "cost": (before.cost, then.cost),
        "cash": (before.cash, then.cash),
        "on_demand": (before.on_demand, then.on_demand),
        "commitments_used": (before.used, then.used),
        "commitments_unused": (before.unused, then.unused),
        "covered_at_public_prices": (before.covered, then.covered),
        "all_at_public_prices": (before.listed, then.listed),
    }
    ratios = {
        "utilization_by_cost": (before.utilization, then.utilization),
        "coverage": (before.coverage, then.coverage),
        "effective_savings_rate": (before.savings_rate, then.savings_rate),
    }
    rows: list[list[Decimal | float | str | None]] = []
    rows += [[name, one, other, other - one] for name, (one, other) in amounts.items()]
    rows += [[name, share(one), share(other), _over(one, other)] for name, (one, other) in ratios.items()]
    return rows


def _over(one: Decimal | None, other: Decimal | None) -> float | None:
    return None if one is None or other is None else share(other - one)
