"""What a sized purchase means: by the month, in cash, over its term, and bought in tranches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from finops_mcp.analytics.commitments.cash import break_even_days, flows, net_present_value
from finops_mcp.analytics.commitments.evaluation import Evaluation, evaluated
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.laddering import Ladder, laddered
from finops_mcp.analytics.commitments.planning import within_reach
from finops_mcp.analytics.commitments.portfolio import Commitment, Demand
from finops_mcp.analytics.commitments.purchases import Purchase
from finops_mcp.analytics.commitments.simulator import simulated

HOURS_OF_A_MONTH = 730
_HOURS_OF_A_YEAR, _MONTHS_OF_A_YEAR = 8760, 12
_MILLIONTH, _BILLIONTH = Decimal("0.000001"), Decimal("0.000000001")
_FEWEST_STRETCHES = 3
"""The first sizes the first purchase, and a spread takes two that are judged."""


def monthly(amount: Decimal, hours: int) -> Decimal:
    """Give what an amount over some hours comes to in a month of 730, to the millionth."""
    return (amount * HOURS_OF_A_MONTH / hours).quantize(_MILLIONTH)


@dataclass(frozen=True)
class Outlook:
    """A purchase in money over its term, if its use goes on as it was; amounts are in dollars.

    `pays_back_days` is until on demand would have cost as much as has been paid, absent where it never does;
    `net_present_value` is at the user's own discount rate.
    """

    upfront: Decimal
    first_month: Decimal
    each_month: Decimal
    accrued_monthly: Decimal
    whole_term: Decimal
    months: int
    pays_back_days: Decimal | None
    net_present_value: Decimal | None


def outlook(purchase: Purchase, yearly_rate: Decimal | None = None) -> Outlook:
    """Tell when a purchase is paid and earned; a term that is not told is a year."""
    years = purchase.candidate.terms.term_years or 1
    months, share = years * _MONTHS_OF_A_YEAR, purchase.candidate.upfront_share
    hourly = purchase.size * purchase.candidate.offer.price
    told = flows(hourly, [HOURS_OF_A_MONTH] * months, share)
    upfront = hourly * years * _HOURS_OF_A_YEAR * share
    displaced = purchase.evaluation.displaced / purchase.hours
    recurring = hourly * (1 - share)
    net = (displaced - recurring) * HOURS_OF_A_MONTH
    worth = None if yearly_rate is None else net_present_value(upfront, [net] * months, yearly_rate)
    return Outlook(
        upfront=upfront,
        first_month=told[0].cash,
        each_month=told[-1].cash,
        accrued_monthly=told[0].accrual,
        whole_term=sum((one.cash for one in told), Decimal(0)),
        months=months,
        pays_back_days=break_even_days(upfront, recurring, displaced) if upfront else None,
        net_present_value=worth if worth is None else worth.quantize(_MILLIONTH),
    )


@dataclass(frozen=True)
class Rung:
    """One purchase of a ladder: how many months from now, how much, and what all so far then do."""

    month: int
    size: Decimal
    held: Evaluation


def rungs(purchase: Purchase, tranches: int) -> list[Rung]:
    """Split a purchase into equal ones, bought every term / tranches; whole ones as even as can be."""
    term = (purchase.candidate.terms.term_years or 1) * _MONTHS_OF_A_YEAR
    offer = purchase.candidate.offer
    found, so_far = [], Decimal(0)
    for turn in range(tranches):
        goal = purchase.size * (turn + 1) / tranches
        goal = Decimal(-(-goal // 1)) if offer.whole else goal.quantize(_BILLIONTH)
        held = evaluated(purchase.reach, goal, offer, covered_already=purchase.evaluation.covered_already)
        found.append(Rung(turn * term // tranches, goal - so_far, held))
        so_far = goal
    return found


def tried(
    history: History, held: Sequence[Commitment], purchase: Purchase, tranches: int
) -> tuple[Ladder, Ladder] | None:
    """Try the ladder and a single purchase on history; absent where it is shorter than three of its steps.

    Both are sized anew as they lapse, by what the step before would have made cheapest.
    """
    years = purchase.candidate.terms.term_years or 1
    step = years * _HOURS_OF_A_YEAR // tranches
    count = history.demand.hours // step
    if count < _FEWEST_STRETCHES:
        return None
    rates = {**history.rates, **purchase.candidate.rates}
    stretches = []
    for turn in range(count):
        first = history.demand.hours - (count - turn) * step
        part = Demand(history.demand.lines, history.demand.quantity[:, first : first + step])
        left = simulated(part, [replace(one, start=0) for one in held], history.rates)
        stretches.append(within_reach(left, purchase.candidate.bought, rates))
    offer = purchase.candidate.offer
    return laddered(stretches, tranches, tranches, offer), laddered(stretches, tranches, 1, offer)
