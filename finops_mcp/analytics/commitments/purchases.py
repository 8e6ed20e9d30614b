"""How much of each offer to buy, and what it saves: sized on what is left, checked by the simulator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.candidates import Candidate
from finops_mcp.analytics.commitments.columns import money
from finops_mcp.analytics.commitments.displacement import Displacement
from finops_mcp.analytics.commitments.evaluation import Evaluation, evaluated
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.planning import saved, within_reach
from finops_mcp.analytics.commitments.portfolio import Commitment, Line, Reservation, SavingsPlan
from finops_mcp.analytics.commitments.sizing import Mode, cheapest, sized

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Sizing:
    """By what a purchase is sized: the modes of AWS's purchase analyzer, and the guard-rail of the first."""

    mode: Mode = "max_savings"
    custom: Decimal = _NOTHING
    target: Decimal = Decimal(100)
    least_utilization: Decimal | None = None


@dataclass(frozen=True)
class Purchase:
    """One offer, sized; amounts are over the hours of the history.

    `unguarded` is the cheapest without a guard-rail; `simulated` what is saved once it is applied beside what
    is held, which is more than `evaluation.savings` where that is free for other use then. `by_day` is
    the part of what it reaches that is told by the day alone.
    """

    candidate: Candidate
    size: Decimal
    unguarded: Decimal
    evaluation: Evaluation
    simulated: Decimal
    reach: Displacement
    by_day: Decimal

    @property
    def hours(self) -> int:
        """The hours of the history."""
        return int(self.reach.hours)


def with_size(bought: Commitment, size: Decimal) -> Commitment:
    """Give a commitment of some size: dollars an hour, or a number of reservations."""
    if isinstance(bought, SavingsPlan):
        return replace(bought, hourly=size)
    return replace(bought, count=int(size))


def purchased(
    history: History,
    held: Sequence[Commitment],
    left: Applied,
    offers: Sequence[Candidate],
    how: Sizing,
    most: int | None = None,
) -> list[Purchase]:
    """Size every offer by itself on what is left by commitments that are held; the greatest saving first.

    So many that save most by what they were sized on are applied, and given; there may be hundreds.
    """
    covered: dict[int, float] = {}
    for cover in left.covers:
        covered[cover.line] = covered.get(cover.line, 0.0) + float(cover.on_demand_costs.sum())
    sized_ = sorted((_sized(history, left, covered, one, how) for one in offers), key=_rank)
    return sorted((_applied(history, held, left, one) for one in sized_[:most]), key=_rank)


def _rank(one: Purchase) -> tuple[Decimal, str]:
    return -one.simulated, one.candidate.name


def _applied(history: History, held: Sequence[Commitment], left: Applied, one: Purchase) -> Purchase:
    if not one.size:
        return one
    bought = with_size(one.candidate.bought, one.size)
    rates = {**history.rates, **one.candidate.rates}
    return replace(one, simulated=saved(left, held, [bought], rates))


def _sized(
    history: History, left: Applied, covered: Mapping[int, float], candidate: Candidate, how: Sizing
) -> Purchase:
    rates = {**history.rates, **candidate.rates}
    reach = within_reach(left, candidate.bought, rates)
    lines = [n for n, line in enumerate(left.demand.lines) if reaches(candidate, line)]
    already = money(sum(covered.get(n, 0.0) for n in lines))
    size = sized(
        reach,
        how.mode,
        candidate.offer,
        custom=how.custom,
        target=how.target,
        covered_already=already,
        least_utilization=how.least_utilization,
    )
    told = evaluated(reach, size, candidate.offer, covered_already=already)
    daily = [n for n in lines if left.demand.lines[n].sku in history.daily]
    prices = [float(left.demand.lines[n].price) for n in daily]
    on_demand = sum(float(left.remaining[n].sum()) * price for n, price in zip(daily, prices, strict=True))
    return Purchase(
        candidate,
        size,
        unguarded=cheapest(reach, candidate.offer),
        evaluation=told,
        simulated=told.savings,
        reach=reach,
        by_day=money(on_demand),
    )


def reaches(candidate: Candidate, line: Line) -> bool:
    """Tell whether an offer can pay for a line."""
    if isinstance(candidate.bought, Reservation):
        return candidate.bought.draws(line) is not None
    return (line.sku, candidate.bought.offer) in candidate.rates
