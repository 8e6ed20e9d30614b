"""What would AWS have covered? Commitments applied to every hour in the order that AWS documents (B.3).

1. Reservations: those of a zone before those of a region; sizes are exchanged smallest first.
2. EC2 Instance Savings Plans, 3. Compute plans; SageMaker and Database plans in pools of their own.

Within a class of plans all commitments pool: usage is covered in descending savings percent, of those alike
at the lowest rate first, in part where money runs out. The owner's usage comes before that of others. What an
hour does not use is lost. AWS says nothing of what comes first among equals: the commitment that started
first, and the line of the smallest account and SKU, whatever the order in which they are given.

Hours do not know each other, so each step takes all hours at once: the least of what is left of a line and
of what is left of a commitment. In each hour, up to float64, covered + remaining is demand and
used + unused is what was held. How reservations are applied is an approximation that a replay is to judge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from finops_mcp.analytics.commitments.applied import Applied, Cover
from finops_mcp.analytics.commitments.columns import Floats
from finops_mcp.analytics.commitments.portfolio import (
    PLAN_ORDER,
    TURNS,
    Commitment,
    Demand,
    Line,
    Rates,
    Reservation,
    SavingsPlan,
    Sharing,
)

ORGANISATION = Sharing()


@dataclass(frozen=True)
class _Step:
    """One commitment has its turn at one line."""

    commitment: int
    line: int
    draw: Decimal


def simulated(
    demand: Demand,
    commitments: Sequence[Commitment],
    rates: Rates,
    sharing: Sharing = ORGANISATION,
) -> Applied:
    """Apply commitments to demand, whatever the order of either."""
    if any(rate <= 0 for rate in rates.values()):
        raise ValueError("an offer holds a rate that is not above zero")
    remaining = demand.quantity.astype(np.float64)
    unused = np.zeros((len(commitments), demand.hours))
    for index, one in enumerate(commitments):
        unused[index, max(one.start, 0) : max(one.end, 0)] = float(one.held)
    busy = [_span(row) for row in demand.quantity]
    covers = []
    for step in _steps(demand.lines, commitments, rates, sharing):
        one = commitments[step.commitment]
        first, end = busy[step.line]
        first, end = max(first, one.start), min(end, one.end)
        if first < end:
            wanted, left = remaining[step.line, first:end], unused[step.commitment, first:end]
            quantity = _covered(float(step.draw), wanted, left)
            if quantity.any():
                price = demand.lines[step.line].price
                covers.append(Cover(step.commitment, step.line, first, quantity, step.draw, price))
    return Applied(demand, commitments, covers, remaining, unused)


def _span(quantity: Floats) -> tuple[int, int]:
    """Give the first hour with usage, and the one after the last."""
    used = np.flatnonzero(quantity)
    return (int(used[0]), int(used[-1]) + 1) if len(used) else (0, 0)


def _covered(draw: float, wanted: Floats, left: Floats) -> Floats:
    """Take what a line wants, or what is left of the commitment, out of both in place."""
    whole = wanted * draw
    taken = np.minimum(whole, left)
    # What is taken whole leaves nothing: no dust of a quotient stays on demand.
    quantity = np.where(taken < whole, np.minimum(taken / draw, wanted), wanted)
    wanted -= quantity
    left -= taken
    return quantity


def _steps(
    lines: Sequence[Line], commitments: Sequence[Commitment], rates: Rates, sharing: Sharing
) -> Iterator[_Step]:
    reserved = [(i, one) for i, one in enumerate(commitments) if isinstance(one, Reservation)]
    planned = [(i, one) for i, one in enumerate(commitments) if isinstance(one, SavingsPlan)]
    for zonal in (True, False):
        chosen = [(i, one) for i, one in reserved if bool(one.zone) is zonal]
        yield from _of_reservations(lines, chosen, sharing)
    for kind in PLAN_ORDER:
        pool = [(i, one) for i, one in planned if one.kind == kind]
        yield from _of_plans(lines, pool, rates, sharing)


def _of_reservations(
    lines: Sequence[Line], chosen: Sequence[tuple[int, Reservation]], sharing: Sharing
) -> Iterator[_Step]:
    oldest = sorted(chosen, key=lambda each: (each[1].start, each[1].id))
    for turn in TURNS:
        for index, one in oldest:
            mine = [n for n, line in enumerate(lines) if sharing.turn(one.owner, line.account) == turn]
            drawn = [(draw, n) for n in mine if (draw := one.draws(lines[n])) is not None]
            for draw, n in sorted(drawn, key=lambda each: (each[0], _name(lines[each[1]]))):
                yield _Step(index, n, draw)


def _of_plans(
    lines: Sequence[Line], pool: Sequence[tuple[int, SavingsPlan]], rates: Rates, sharing: Sharing
) -> list[_Step]:
    ranked = []
    for index, one in pool:
        for n, line in enumerate(lines):
            rate, turn = rates.get((line.sku, one.offer)), sharing.turn(one.owner, line.account)
            if rate is not None and turn is not None:
                rank = turn, rate / line.price, rate, one.start, one.id, _name(line)
                ranked.append((rank, _Step(index, n, rate)))
    return [step for _, step in sorted(ranked, key=lambda each: each[0])]


def _name(line: Line) -> tuple[str, str, str, Decimal]:
    return line.account, line.sku, line.zone, line.price
