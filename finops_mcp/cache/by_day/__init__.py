"""What did each stream of charges cost on each day, and for which days do the exports say so?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from finops_mcp.vocabulary import Filter

__all__ = ["Days"]


@dataclass(frozen=True)
class Days:
    """Which days of which charges are asked for; the end is exclusive."""

    start: date
    end: date
    currency: str
    metric: str = "effective_cost"
    scope: str = "costs"
    filters: Sequence[Filter] = ()
