"""Series of known make."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.patterns.finding import Patterns, patterns_of
from finops_mcp.analytics.patterns.series import Series

FIRST = date(2026, 1, 1)
"""A Thursday."""
DAYS = 180
"""To 2026-06-29, a Monday."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def costs(cost: Callable[[int, date], float], days: int = DAYS) -> Floats:
    return np.array([cost(number, day(number)) for number in range(days)], dtype=float)


def series(amounts: Floats, missing: range = range(0)) -> Series:
    held = np.ones(amounts.size, dtype=np.bool_)
    held[list(missing)] = False
    return Series(FIRST, amounts, held)


def found(cost: Callable[[int, date], float], days: int = DAYS) -> Patterns:
    return patterns_of(series(costs(cost, days)))


def nothing_but(patterns: Patterns, *kinds: str) -> bool:
    """Tell whether these kinds were found, and no others."""
    there = {
        "growth": patterns.growth is not None,
        "step": bool(patterns.steps),
        "season": patterns.season is not None,
        "job": bool(patterns.jobs),
    }
    return {kind for kind, is_there in there.items() if is_there} == set(kinds)
