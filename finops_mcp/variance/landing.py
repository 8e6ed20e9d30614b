"""What will a running budget's period come to?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from finops_mcp.analytics.budgets import Stretch, carried_on
from finops_mcp.variance.held import Held
from finops_mcp.variance.lately import Lately

LEVEL = 80
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Landing:
    """An estimate of all that a period will cost, what it lies between in four of five cases, and by what."""

    amount: Decimal
    low: Decimal | None
    high: Decimal | None
    by: Literal["forecast", "run-rate"]


def landing_of(one: Held, actual: Decimal, mine: Lately) -> Landing | None:
    """Tell where it lands: by the forecast, or, where its history is too short for one, by a run-rate."""
    from finops_mcp.analytics.forecast import FEWEST_DAYS, finished, forecast

    known = finished(mine.streams) if mine.streams else None
    if known and known.daily.days >= FEWEST_DAYS:
        still = forecast(known, one.days.end).still(one.days.start, one.days.end)
        low, high = still.between[LEVEL]
        middle, least, most = ((actual + Decimal(more)).quantize(_CENT) for more in (still.amount, low, high))
        return Landing(middle, least, most, "forecast")
    to_come = Stretch(mine.after, one.days.end)
    amount = carried_on(actual, mine.newest, mine.season, to_come, mine.growing)
    return None if amount is None else Landing(amount, None, None, "run-rate")
