"""A plan as rows: amounts as decimals by the month of 730 hours, ratios as fractions."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.columns import money
from finops_mcp.analytics.commitments.evaluation import Evaluation, curve, regrets
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.measures import share
from finops_mcp.analytics.commitments.outlook import Outlook, monthly, outlook, rungs, tried
from finops_mcp.analytics.commitments.portfolio import Commitment
from finops_mcp.analytics.commitments.purchases import Purchase
from finops_mcp.analytics.commitments.replay import Replay

Value = Decimal | float | int | str | None
Rows = list[list[Value]]
Told = tuple[list[str], Rows]
"""Columns and rows."""

OFFERS = [
    *("offer", "buy", "unit", "monthly_cost", "monthly_savings", "utilization", "coverage"),
    *("break_even_utilization", "cheapest_unguarded", "upfront_cost"),
]
_MOST_APART = 10
_OF_SIZES = ["monthly_cost", "monthly_savings", "utilization", "coverage"]


def offers(found: Sequence[Purchase], currency: str) -> Rows:
    """Give a row for each offer: what it costs is the commitment alone, what it saves is simulated."""
    return [
        [
            one.candidate.name,
            one.size,
            one.candidate.instance_type or f"{currency} an hour",
            monthly(one.evaluation.commitment_cost, one.hours),
            monthly(one.simulated, one.hours),
            share(one.evaluation.utilization),
            share(one.evaluation.coverage),
            share(one.evaluation.break_even_utilization),
            one.unguarded,
            outlook(one).upfront if one.candidate.terms.payment_option else None,
        ]
        for one in found
    ]


def whole(applied: Applied) -> dict[str, Decimal]:
    """Give what all use costs that commitments could pay for, and what is held covers of it and costs."""
    covered = money(float(applied.covered_costs().sum()))
    amounts = {"covered": covered, "on_demand": applied.on_demand_cost, "committed": applied.commitment_cost}
    return {f"monthly_{name}": monthly(amount, applied.demand.hours) for name, amount in amounts.items()}


def regret(best: Purchase) -> Told:
    """Tell what the purchase comes to if usage falls, and how much less the best one would have cost."""
    rows: Rows = [
        [
            f"-{one.fall:.0%}",
            monthly(one.held.cost, best.hours),
            monthly(one.held.savings, best.hours),
            share(one.held.utilization),
            one.best.commitment,
            monthly(one.regret, best.hours),
        ]
        for one in regrets(best.reach, best.size, best.candidate.offer)
    ]
    columns = ["usage", "monthly_cost", "monthly_savings", "utilization", "best_size", "monthly_regret"]
    return columns, rows


def sizes(best: Purchase) -> Told:
    """Tell what other sizes come to, in tenths of what would cover everything in every hour."""
    already = best.evaluation.covered_already
    rows: Rows = [
        [one.commitment, *_of_size(replace(one, covered_already=already), best.hours)]
        for one in curve(best.reach, best.candidate.offer)
    ]
    return ["size", *_OF_SIZES], rows


def cash(told: Outlook) -> Told:
    """Tell when the purchase is paid and when it is earned."""
    accrued = told.accrued_monthly
    rows: Rows = [
        ["first month", told.first_month, accrued],
        ["each later month", told.each_month, accrued],
        [f"{told.months} months", told.whole_term, accrued * told.months],
    ]
    return ["when", "cash_cost", "accrued_cost"], rows


def ladder(best: Purchase, tranches: int) -> Told:
    """Tell what is bought when, and what all so far then comes to."""
    rows: Rows = [
        [one.month, one.size, one.held.commitment, *_of_size(one.held, best.hours)]
        for one in rungs(best, tranches)
    ]
    return ["month", "buy", "held", *_OF_SIZES], rows


def laddering(
    history: History, held: Sequence[Commitment], best: Purchase, tranches: int
) -> dict[str, Value]:
    """Tell how much lapses at once, and how steady the savings rate was, beside those of one purchase."""
    told: dict[str, Value] = {
        "most_lapsing": max(one.size for one in rungs(best, tranches)),
        "most_lapsing_of_one_purchase": best.size,
    }
    pair = tried(history, held, best, tranches)
    if pair:
        told["savings_rate_deviation"] = share(pair[0].volatility)
        told["savings_rate_deviation_of_one_purchase"] = share(pair[1].volatility)
    return told


def replay(found: Replay) -> Told:
    """Tell what AWS covered and what the simulator covers in its place, by commitment, over all hours.

    Those that are furthest apart stand by themselves, and all others in one row.
    """
    every = found.by_commitment()
    order = sorted(every, key=lambda name: (-abs(every[name][1] - every[name][0]), name))
    rows: Rows = [[name, *every[name]] for name in order[:_MOST_APART]]
    others = [every[name] for name in order[_MOST_APART:]]
    if others:
        sums = [sum(amounts, Decimal(0)) for amounts in zip(*others, strict=True)]
        rows.append([f"{len(others)} others", *sums])
    return ["commitment_discount_id", "covered_cost", "simulated_cost"], rows


def _of_size(one: Evaluation, hours: int) -> list[Value]:
    return [
        monthly(one.cost, hours),
        monthly(one.savings, hours),
        share(one.utilization),
        share(one.coverage),
    ]
