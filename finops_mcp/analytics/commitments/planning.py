"""From what commitments in force leave on demand to what more could be bought, and back to be checked."""

from collections.abc import Sequence
from decimal import Decimal

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.displacement import Displacement, by_plan, by_reservation
from finops_mcp.analytics.commitments.portfolio import (
    Commitment,
    Rates,
    Reservation,
    SavingsPlan,
    Sharing,
)
from finops_mcp.analytics.commitments.simulator import ORGANISATION, simulated


def within_reach(
    left: Applied, bought: Commitment, rates: Rates, sharing: Sharing = ORGANISATION
) -> Displacement:
    """Map what a commitment of one offer and owner could still displace: dollars, or whole reservations.

    How much is bought does not matter here, nor whether the owner's usage comes before that of others:
    that can only be told by applying it (`saved`).
    """
    lines = left.demand.lines
    mine = [n for n, line in enumerate(lines) if sharing.turn(bought.owner, line.account) is not None]
    if isinstance(bought, SavingsPlan):
        rated = {n: rate for n in mine if (rate := rates.get((lines[n].sku, bought.offer))) is not None}
        return by_plan(left.remaining[list(rated)], [lines[n].price for n in rated], list(rated.values()))
    draws = {n: draw for n in mine if (draw := bought.draws(lines[n])) is not None}
    return by_reservation(
        left.remaining[list(draws)], [lines[n].price for n in draws], list(draws.values()), _each(bought)
    )


def _each(bought: Reservation) -> Decimal:
    return bought.units if bought.by_units and bought.units else Decimal(1)


def saved(
    left: Applied,
    commitments: Sequence[Commitment],
    bought: Sequence[Commitment],
    rates: Rates,
    sharing: Sharing = ORGANISATION,
) -> Decimal:
    """Give what purchases would have saved over a history: its cost without them, less simulated with them.

    `left` is what the commitments in force leave.

    A plan that is applied before others takes usage from them, which they may find elsewhere or not; so
    this, and not what the purchase was sized by, is what it would have saved.
    """
    return left.cost - simulated(left.demand, [*commitments, *bought], rates, sharing).cost
