"""How far are days from what was expected before them, beside what the scope has done before?"""

from collections.abc import Iterator
from dataclasses import dataclass

import bottleneck as bn
import numpy as np

from finops_mcp.analytics.anomalies.expectation import CONSISTENT
from finops_mcp.analytics.daily import Floats

WINDOWS = (1, 3, 5, 10, 21)
"""Days that are looked at together: one for a jump, more for what is small or grows from day to day."""
_QUARTER, _FEWEST = 91, 8
"""Days that a scope's ordinary wobble is known by, at best and at least."""
_BLOCK, _BLOCKS, _ENOUGH_MONTHS = 30, 4, 3
_LARGEST = 0.54
"""What must be so many times a habit must be more than the largest deviation of its months, too."""


@dataclass(frozen=True)
class Past:
    """What deviations a scope has shown before the days of each window, as cost a day."""

    sigma: Floats
    most_above: Floats
    most_below: Floats


@dataclass(frozen=True)
class Deviation:
    """The mean deviation a day over each window, by its last day; and what is usual for it."""

    window: int
    mean: Floats
    expected: Floats
    past: Past


def deviations(
    amounts: Floats, final: Floats, factors: Floats, level: Floats, first: int
) -> Iterator[Deviation]:
    """Give the deviations of every scope for each window, the shortest first, from a column on.

    `final` is `amounts` without the days that are not told whole; the past is known by these alone.
    What a longer window has too little past for is judged by that of the shorter.
    """
    earlier: Past | None = None
    for window in WINDOWS:
        if window >= amounts.shape[1]:
            return
        mean, expected = _mean_deviation(amounts, factors, level, window)
        past = _past(_mean_deviation(final, factors, level, window)[0], window, first, earlier)
        yield Deviation(window, mean[:, first:], expected[:, first:], past)
        earlier = past


def _mean_deviation(amounts: Floats, factors: Floats, level: Floats, window: int) -> tuple[Floats, Floats]:
    held = np.isfinite(amounts)
    needed = max(1, (2 * window) // 3)
    costs = bn.move_sum(amounts, window, min_count=needed, axis=1)
    weights = bn.move_sum(np.where(held, factors, np.nan), window, min_count=needed, axis=1)
    count = bn.move_sum(held.astype(float), window, min_count=1, axis=1)
    before = later(level, window)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = before * weights / count
        return costs / count - expected, expected


def later(values: Floats, days: int) -> Floats:
    """Give what was known so many days before each."""
    moved = np.full_like(values, np.nan)
    moved[:, days:] = values[:, : values.shape[1] - days]
    return moved


def _past(mean: Floats, window: int, first: int, shorter: Past | None) -> Past:
    before = later(mean, window)
    quarter = min(_QUARTER, mean.shape[1])
    median = bn.move_median(np.abs(before), quarter, min_count=_FEWEST, axis=1)
    sigma = CONSISTENT * np.asarray(median[:, first:])
    above, below = _habit(np.maximum(before, 0), first), _habit(np.maximum(-before, 0), first)
    if shorter is None:
        return Past(sigma, above, below)
    known = np.isfinite(sigma)
    return Past(
        np.where(known, sigma, shorter.sigma),
        np.where(known, above, shorter.most_above),
        np.where(known, below, shorter.most_below),
    )


def _habit(sizes: Floats, first: int) -> Floats:
    """Give the second largest of four months' greatest deviations: one surprise is no habit.

    With under three months it is the largest; and never under a part of the largest.
    """
    days = sizes.shape[1]
    width = min(_BLOCK, days)
    block = bn.move_max(sizes, width, min_count=1, axis=1)
    block[np.isnan(block)] = -np.inf
    largest = block[:, first:].copy()
    second = np.full_like(largest, -np.inf)
    months = np.isfinite(largest).astype(np.int8)
    for back in range(width, min(_BLOCKS * width, days), width):
        from_ = max(first, back)
        month, at = block[:, from_ - back : days - back], slice(from_ - first, None)
        np.maximum(second[:, at], np.minimum(largest[:, at], month), out=second[:, at])
        np.maximum(largest[:, at], month, out=largest[:, at])
        months[:, at] += np.isfinite(month)
    habit = np.where(months >= _ENOUGH_MONTHS, np.maximum(second, _LARGEST * largest), largest)
    return np.where(np.isfinite(habit), habit, np.nan)
