"""What is to come of the charges in the cache: the forecast of a selection, with what lapses by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from finops_mcp.analytics.daily import DailyCosts
    from finops_mcp.analytics.forecast import Forecast

__all__ = ["Ahead", "Lapse"]

STREAMS = ("sub_account_id", "service_name", "charge_type", "charge_category")
"""What tells streams apart whatever is asked, so that the total is the same by any dimension.

Fees of single days are not taken for what flows every day.
"""


@dataclass(frozen=True)
class Lapse:
    """A commitment that ends within the time ahead.

    `daily` is what the use that it covered then costs more a day by the measure asked for, its unused part
    gone; absent where the export does not tell what that use would have cost.
    """

    commitment: str
    kind: str
    owner: str
    day: date
    daily: float | None


@dataclass(frozen=True)
class Ahead:
    """A forecast, the days that it is told from, and the lapses that are laid over it."""

    forecast: "Forecast"
    daily: "DailyCosts"
    lapses: Sequence[Lapse]
