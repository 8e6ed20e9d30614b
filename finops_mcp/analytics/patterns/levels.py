"""Does a level stay, grow, or step; and on which days?"""

from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.patterns.series import Integers, moving_median, spread

SHORTEST = 7
"""A level that lasts less than a week is no level."""
_MOST_STEPS = 6
_OF_A_STEP = 3
"""A step costs three terms in the criterion: its date was chosen too (Zhang and Siegmund, 2007)."""
_ONE_OFF = 5
_WEEK = 7
_LEAST_INDEPENDENT = 0.1
_NEAR = 4


@dataclass(frozen=True)
class Levels:
    """The days from which a new level holds, and whether the level grows or falls between them."""

    steps: tuple[int, ...] = ()
    sloped: bool = False


def columns(at: Integers, levels: Levels) -> Floats:
    """Write a level as columns of a linear model: one, days (where it is sloped), and one from each step."""
    parts = [np.ones(at.size)]
    if levels.sloped:
        parts.append(at - at[0] + 0.0)
    return np.column_stack([*parts, *((at >= step) + 0.0 for step in levels.steps)])


def levels_of(at: Integers, values: Floats, nothing: float) -> Levels:
    """Choose between constant, straight, stepped, and stepped and straight by the Bayesian criterion.

    `values` are costs with the week and days of the month taken out. Candidates for steps are the best
    segments of the values, and of the values without their straight line (ruptures' KernelCPD with a linear
    kernel: least squares, exact); the one that tells least is dropped again and again. Days that resemble
    those before them count for less: n (1 - r) / (1 + r) of them, r the autocorrelation of what remains.
    """
    apart = values - moving_median(values, _WEEK)
    kept = np.abs(apart) <= max(_ONE_OFF * spread(apart), nothing)
    if kept.sum() < 2 * SHORTEST:
        return Levels()
    best, jumps = _chosen(at[kept], values[kept], nothing)
    return _placed(at, values, best, jumps)


def _chosen(at: Integers, values: Floats, nothing: float) -> tuple[Levels, Floats]:
    """Give the levels of the smallest criterion, and by how much each step changes the level."""
    line = np.polyval(np.polyfit(at, values, 1), at)
    steps = sorted({*_segments(at, values), *_segments(at, values - line)})
    fullest = columns(at, Levels(tuple(steps), sloped=True))
    independent = at.size * _independent(values - _fitted(fullest, values), fullest.shape[1])
    best, least = Levels(), np.inf
    for sloped in (False, True):
        left = list(steps)
        while True:
            levels = Levels(tuple(left), sloped)
            matrix = columns(at, levels)
            rest = values - _fitted(matrix, values)
            terms = _OF_A_STEP * len(left) + sloped
            told = independent * np.log(max(float(rest @ rest) / at.size, nothing**2))
            criterion = told + terms * np.log(at.size)
            if criterion < least - 1e-9:
                best, least = levels, criterion
            if not left:
                break
            left.pop(_tells_least(matrix, values, len(left)))
    amounts = np.asarray(np.linalg.lstsq(columns(at, best), values, rcond=None)[0], dtype=np.float64)
    return best, amounts[amounts.size - len(best.steps) :]


def _placed(at: Integers, values: Floats, levels: Levels, jumps: Floats) -> Levels:
    """Put each step on the day near it from which the days, one-offs too, are nearer to the new level.

    Distances are absolute, so that one odd day does not move a step.
    """
    placed: list[int] = []
    for step, jump in zip(levels.steps, jumps, strict=True):
        around = np.flatnonzero(np.abs(at - step) <= _NEAR)
        after = float(np.median(values[(at >= step) & (at < step + 2 * SHORTEST)]))
        nearer = np.abs(values[around] - after) - np.abs(values[around] - (after - jump))
        from_each_on = np.cumsum(nearer[::-1])[::-1]
        placed.append(int(at[around[int(np.argmin(from_each_on))]]))
    return Levels(tuple(sorted(set(placed))), levels.sloped)


def _segments(at: Integers, values: Floats) -> list[int]:
    from ruptures import KernelCPD

    most = min(_MOST_STEPS, values.size // SHORTEST - 1)
    found = KernelCPD(kernel="linear", min_size=SHORTEST).fit(values.reshape(-1, 1)).predict(n_bkps=most)
    return [int(at[n]) for n in found[:-1]]


def _fitted(matrix: Floats, values: Floats) -> Floats:
    return np.asarray(matrix @ np.linalg.lstsq(matrix, values, rcond=None)[0])


def _tells_least(matrix: Floats, values: Floats, steps: int) -> int:
    """Give the place of the step whose absence costs least: the one of the smallest t statistic."""
    inverse = np.linalg.pinv(matrix)
    amounts = inverse @ values
    size = np.abs(amounts[-steps:]) / np.sqrt((inverse[-steps:] ** 2).sum(axis=1))
    return int(np.argmin(size))


def _independent(rest: Floats, terms: int) -> float:
    """Give the part of the days that count as independent of those before them.

    A model of so many terms takes some of the likeness of neighbours with it, which is added back.
    """
    whole = float(rest @ rest)
    alike = float(rest[1:] @ rest[:-1]) / whole if whole else 0.0
    alike = min(max(alike + terms / rest.size, 0.0), 1.0)
    return max((1 - alike) / (1 + alike), _LEAST_INDEPENDENT)
