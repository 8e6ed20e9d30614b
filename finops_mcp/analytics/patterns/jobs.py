"""Which cost comes on some days alone, again and again?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.daily import Bools, Floats
from finops_mcp.analytics.patterns.month_days import MonthDay

_MOST_PEAKS = 2
_PEAK, _FLAT, _MOSTLY = 0.5, 0.25, 0.75
_WEEKEND = (5, 6)


@dataclass(frozen=True)
class Job:
    """Cost that recurs on weekdays (Monday 0) or days of the month, beyond that of other days.

    `amount` is the median of one day of it; `seen` of `due` days showed it; `monthly` is what a month of it
    is; `upcoming` is the next such date after the days looked at.
    """

    weekdays: tuple[int, ...]
    month_days: tuple[MonthDay, ...]
    amount: float
    monthly: float
    seen: int
    due: int
    last: date
    upcoming: date
    strength: float


@dataclass(frozen=True)
class Seen:
    """What the days of a job cost beyond the others."""

    amount: float
    seen: int
    due: int
    last: date


def peaks(profile: Floats, most: int = _MOST_PEAKS) -> tuple[int, ...]:
    """Name the few places of a cycle that stand above all others, which are about alike; none where not.

    They rise over half of what the highest rises above the median, and the others stay within a quarter.
    """
    base = float(np.median(profile))
    highest = float(profile.max()) - base
    if highest <= 0:
        return ()
    above = np.flatnonzero(profile - base > _PEAK * highest)
    others = np.delete(profile, above)
    if above.size > most or np.abs(others - base).max() > _FLAT * highest:
        return ()
    return tuple(int(n) for n in above)


def weekdays_of_job(week: Floats) -> tuple[int, ...]:
    """Name the one or two weekdays of a job; a weekend that costs more is a season."""
    found = peaks(week)
    return () if found == _WEEKEND else found


def seen_on(beyond: Floats, dates: list[date], marks: Bools) -> Seen | None:
    """Tell what marked days cost beyond others; nothing where fewer than three in four of them show it."""
    amounts = beyond[marks]
    amount = float(np.median(amounts))
    hits = amounts * np.sign(amount) > _PEAK * abs(amount)
    if hits.sum() < _MOSTLY * hits.size or not hits.any():
        return None
    when = [day for day, marked in zip(dates, marks, strict=True) if marked]
    last = max(day for day, hit in zip(when, hits, strict=True) if hit)
    return Seen(amount, int(hits.sum()), int(hits.size), last)


def next_on(after: date, falls_on: Callable[[date], bool]) -> date:
    """Give the first date after one that is such a day."""
    day = after + timedelta(days=1)
    while not falls_on(day):
        day += timedelta(days=1)
    return day
