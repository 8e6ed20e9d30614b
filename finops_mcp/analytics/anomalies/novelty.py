"""How far are days from what was expected before them, beside what the scope has done before?"""

from collections.abc import Iterator
from dataclasses import dataclass

import bottleneck as bn
import numpy as np

from finops_mcp.analytics.daily import Floats

WINDOWS = (1, 3, 5, 10, 21)
"""Days that are looked at together: one for a jump, more for what is small or grows from day to day."""
_PAST = 91
"""Days that a scope's ordinary wobble is known by: a quarter."""
_BLOCK, _BLOCKS = 30, 4
_LARGEST = 0.45
_FEWEST = 8
_CONSISTENT = 1.4826
"""Makes a median absolute deviation a standard deviation, for normal noise."""


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


def deviations(amounts: Floats, final: Floats, factors: Floats, level: Floats) -> Iterator[Deviation]:
    """Give the deviations of every scope and day for each window, the shortest first.

    `final` is `amounts` without the days that are not told whole; the past is known by these alone.
    What a longer window has too little past for is judged by that of the shorter.
    """
    earlier: Past | None = None
    for window in WINDOWS:
        if window >= amounts.shape[1]:
            return
        mean, expected = _mean_deviation(amounts, factors, level, window)
        past = _past(_mean_deviation(final, factors, level, window)[0], window, earlier)
        yield Deviation(window, mean, expected, past)
        earlier = past


def _mean_deviation(amounts: Floats, factors: Floats, level: Floats, window: int) -> tuple[Floats, Floats]:
    held = np.isfinite(amounts)
    needed = max(1, (2 * window) // 3)
    costs = bn.move_sum(amounts, window, min_count=needed, axis=1)
    weights = bn.move_sum(np.where(held, factors, np.nan), window, min_count=needed, axis=1)
    count = bn.move_sum(held.astype(float), window, min_count=1, axis=1)
    before = np.full_like(amounts, np.nan)
    before[:, window:] = level[:, :-window]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = before * weights / count
        return costs / count - expected, expected


def _past(mean: Floats, window: int, shorter: Past | None) -> Past:
    shifted = np.full_like(mean, np.nan)
    shifted[:, window:] = mean[:, :-window]
    sigma = (
        _CONSISTENT * bn.move_median(np.abs(shifted), _PAST, min_count=_FEWEST, axis=1)
        if (mean.shape[1] >= _PAST)
        else _short_median(np.abs(shifted))
    )
    above, below = _second_most(np.maximum(shifted, 0)), _second_most(np.maximum(-shifted, 0))
    found = Past(sigma, above, below)
    if shorter is None:
        return found
    known = np.isfinite(sigma)
    return Past(
        np.where(known, sigma, shorter.sigma),
        np.where(known, above, shorter.most_above),
        np.where(known, below, shorter.most_below),
    )


def _short_median(sizes: Floats) -> Floats:
    return _CONSISTENT * np.asarray(bn.move_median(sizes, sizes.shape[1], min_count=_FEWEST, axis=1))


def _second_most(sizes: Floats) -> Floats:
    """Give the second largest of four months' greatest deviations: one surprise is no habit."""
    days = sizes.shape[1]
    width = min(_BLOCK, days)
    block = bn.move_max(sizes, width, min_count=1, axis=1)
    blocks = np.full((_BLOCKS, *sizes.shape), np.nan)
    for back in range(_BLOCKS):
        if back * width < days:
            blocks[back, :, back * width :] = block[:, : days - back * width]
    most = bn.nanmax(blocks, axis=0)
    many = np.isfinite(blocks).sum(axis=0)
    ranked = np.sort(np.where(np.isfinite(blocks), blocks, -np.inf), axis=0)
    second = np.where(many > 2, ranked[-2], most)  # noqa: PLR2004
    return np.asarray(np.fmax(second, _LARGEST * most))
