"""The commitments of a time ahead: what is held until it ends, and what is bought now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from finops_mcp.analytics.commitments.candidates import Candidate, standing
from finops_mcp.analytics.commitments.cash import UPFRONT_SHARES
from finops_mcp.analytics.commitments.history import History
from finops_mcp.analytics.commitments.portfolio import Commitment
from finops_mcp.analytics.commitments.purchases import with_size

_HOURS_OF_A_YEAR = 8760
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Ahead:
    """A commitment in a time ahead: for how many hours yet, and which part of its cost is paid in these.

    `upfront` is what is paid at once now: of a purchase, and nothing of what is held already.
    """

    commitment: Commitment
    hours: int
    recurring_share: Decimal
    upfront: Decimal = _NOTHING


def held_ahead(history: History, horizon: int) -> list[Ahead]:
    """Give what is held at the end of a history; what is not told to end outlives the horizon, in hours."""
    now = history.start + timedelta(hours=history.demand.hours)
    shares = {str(name): share for name, share in UPFRONT_SHARES.items()}
    found = []
    for one in standing(history, (), now):
        told = history.terms[one.id]
        hours = horizon if told.ends is None else (told.ends - now) // timedelta(hours=1)
        found.append(Ahead(one, hours, 1 - shares.get(told.payment_option or "", _NOTHING)))
    return found


def bought_ahead(offers: Sequence[tuple[Candidate, Decimal]]) -> list[Ahead]:
    """Give purchases made now, each for its term; one that is not told is a year."""
    found = []
    for number, (candidate, size) in enumerate(offers, 1):
        bought = replace(with_size(candidate.bought, size), id=f"{candidate.bought.id} ({number})")
        hours = (candidate.terms.term_years or 1) * _HOURS_OF_A_YEAR
        share = candidate.upfront_share
        found.append(Ahead(bought, hours, 1 - share, bought.hourly_cost * hours * share))
    return found
