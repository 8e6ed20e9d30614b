"""Does what was billed tie to what the invoice says, and if not, which charges explain it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

HALF_CENT = Decimal("0.005")
Judgement = Literal["tied", "rounding", "differs", "not_checked"]
_ORDER: tuple[Judgement, ...] = ("differs", "rounding", "not_checked", "tied")


@dataclass(frozen=True)
class Group:
    """Charges of one kind and service on an invoice."""

    charge_type: str
    service: str
    amount: Decimal


def judged(billed: Decimal, invoiced: Decimal, lines: int) -> Judgement:
    """Compare an invoice's charges with its total (domain spec A.7).

    AWS rounds each invoice line to the cent, so half a cent for each service and account is rounding.
    """
    apart = abs(billed - invoiced)
    if apart < HALF_CENT:
        return "tied"
    return "rounding" if apart <= HALF_CENT * lines else "differs"


def worst(judgements: Sequence[Judgement]) -> Judgement:
    """Give the judgement of several invoices together: the worst of them."""
    return next((j for j in _ORDER if j in judgements), "not_checked")


def explaining(groups: Sequence[Group], apart: Decimal, most: int = 5) -> list[Group]:
    """List the groups that explain a difference: those that are as large as it, else the largest.

    A group of the very size of the difference was left out of, or counted twice in, one of the two.
    """
    same = [g for g in groups if abs(abs(g.amount) - abs(apart)) < HALF_CENT]
    return sorted(same or groups, key=lambda g: (-abs(g.amount), g.charge_type, g.service))[:most]
