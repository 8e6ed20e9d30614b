"""Which part of a day's cost comes back on the same day of each month: fees, month-end batches?"""

from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.daily import Floats

MONTHS = 3
"""Months that are looked back on."""
EDGE = 4
"""Days at the start and the end of a month on which what was seen in one month is expected in the next.

On other days it must have been seen in two.
"""
_MUCH = 4.0
"""Deviations, in standard deviations of a scope's days, that are too large to be noise."""
_LEEWAY = 1.25
"""A fee may be so much larger than the largest before it."""


def without_monthly(amounts: Floats, expected: Floats, typical: Floats, first_day: date) -> Floats:
    """Give amounts without what came on the same days of earlier months, up to what came then.

    `expected` is each day's without it, `typical` the standard deviation of days. The first days of a month
    are absent where no earlier month is held: whether what they bring comes every month is not known yet.
    """
    deviation = amounts - expected
    striking = np.where(np.abs(deviation) > _MUCH * typical, deviation, 0.0)
    striking = np.where(np.isfinite(deviation) & (striking > 0), striking, 0.0)
    monthly = np.zeros_like(amounts)
    days = [first_day + timedelta(days=at) for at in range(amounts.shape[1])]
    for at, day in enumerate(days):
        near_edge = day.day <= EDGE or (day + timedelta(days=EDGE)).day <= EDGE
        for earlier in (_same_day(day, first_day), _same_from_end(day, first_day)):
            if not earlier:
                continue
            seen = striking[:, earlier]
            if near_edge:
                monthly[:, at] = np.maximum(monthly[:, at], seen.max(axis=1))
            elif len(earlier) > 1:
                monthly[:, at] = np.maximum(monthly[:, at], np.sort(seen, axis=1)[:, -2])
    excess = np.clip(deviation, 0, monthly * _LEEWAY)
    kept = amounts - np.where(np.isfinite(excess), excess, 0)
    for at, day in enumerate(days):
        if day.day < EDGE:
            earlier = _same_day(day, first_day)
            kept[~np.isfinite(amounts[:, earlier]).any(axis=1), at] = np.nan
    return kept


def _same_day(day: date, first_day: date) -> list[int]:
    found = []
    month = day.replace(day=1)
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        then = month + timedelta(days=day.day - 1)
        if then.month == month.month and then >= first_day:
            found.append((then - first_day).days)
    return found


def _same_from_end(day: date, first_day: date) -> list[int]:
    after = _next_month(day)
    left = (after - day).days
    found = []
    for _ in range(MONTHS):
        after = (after - timedelta(days=1)).replace(day=1)
        then = after - timedelta(days=left)
        if then >= first_day:
            found.append((then - first_day).days)
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
