"""What comes next in a daily series? The plain mean of four simple forecasts, for many series at once.

Simple exponential smoothing, Holt's with a damped trend, Theta and the mean of 28 days. statsmodels' and
statsforecast's fits of the same models take ten to a hundred times as long for each origin of a backtest;
here their parameters are the best of a grid, tried on every series and origin in one pass over the days.
"""

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.forecast.weekly import WEEK, weekly

MOST_DAYS = 24 * WEEK
"""More history than that is not used for a forecast."""
FEWEST_DAYS = 4 * WEEK
_SES = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9])
_HOLT_LEVEL = np.repeat([0.1, 0.3, 0.6], 3)
_HOLT_TREND = np.tile([0.02, 0.1, 0.25], 3)
_DAMPED = 0.95
_JUDGED_BY = 14
"""Parameters are judged by the mean of so many days ahead: sums are asked for, not the next day."""
_FLAT = 28
_AROUND = 5
_SPIKE = 5 * 1.4826
_AT_ONCE = 256
"""Rows whose states stay in a processor's cache together."""


def project(rows: Floats, ahead: int) -> Floats:
    """Tell the days ahead of each row: (rows, days) to (rows, ahead), in the unit of the rows.

    Rows are whole days without gaps, the newest last; at least `FEWEST_DAYS` of them. A forecast of what was
    never below zero is not either.
    """
    days = min(rows.shape[1], MOST_DAYS) // WEEK * WEEK
    newest = rows[:, rows.shape[1] - days :]
    parts = [_project(newest[at : at + _AT_ONCE], ahead) for at in range(0, len(rows), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros((0, ahead))


def _project(rows: Floats, ahead: int) -> Floats:
    pattern = weekly(rows)
    smooth = _without_spikes(pattern.removed(rows))
    begins = smooth[:, :WEEK].mean(axis=1)[:, None]
    coming = _coming(smooth)
    level, weight = _ses(smooth, begins, coming)
    levels = (
        level[:, None]
        + _holt(smooth, begins, coming, ahead)
        + _theta(smooth, level, weight, ahead)
        + smooth[:, -_FLAT:].mean(axis=1)[:, None]
    ) / 4
    levels = np.where(rows.min(axis=1, initial=0)[:, None] < 0, levels, np.maximum(levels, 0))
    found = pattern.ahead(levels)
    return np.where(rows.min(axis=1, initial=0)[:, None] < 0, found, np.maximum(found, 0))


def _without_spikes(smooth: Floats) -> Floats:
    """Cut what stands out of the eleven days around it: one day tells nothing of the days to come."""
    around = np.pad(smooth, ((0, 0), (_AROUND, _AROUND)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * _AROUND + 1, axis=1)
    middle = np.median(windows, axis=2)
    spread = _SPIKE * np.median(np.abs(smooth - middle), axis=1, keepdims=True)
    return np.clip(smooth, middle - spread, middle + spread)


def _coming(smooth: Floats) -> Floats:
    """Give the mean of the fourteen days after each day that has as many."""
    sums = np.cumsum(smooth, axis=1)
    return (sums[:, _JUDGED_BY:] - sums[:, :-_JUDGED_BY]) / _JUDGED_BY


def _ses(smooth: Floats, begins: Floats, coming: Floats) -> tuple[Floats, Floats]:
    """Give the level of each row after its last day, and the weight of a day that told best."""
    level = np.repeat(begins, len(_SES), axis=1)
    missed = np.zeros_like(level)
    for day in range(smooth.shape[1]):
        level = level + _SES * (smooth[:, day, None] - level)
        if WEEK <= day < coming.shape[1]:
            missed += np.abs(level - coming[:, day, None])
    best = missed.argmin(axis=1)
    return level[np.arange(len(level)), best], _SES[best]


def _holt(smooth: Floats, begins: Floats, coming: Floats, ahead: int) -> Floats:
    """Give levels whose trend, of the last days, dies away by a twentieth a day."""
    level = np.repeat(begins, len(_HOLT_LEVEL), axis=1)
    trend = np.zeros_like(level)
    missed = np.zeros_like(level)
    reach = np.cumsum(_DAMPED ** np.arange(1, max(ahead, _JUDGED_BY) + 1))
    for day in range(smooth.shape[1]):
        expected = level + _DAMPED * trend
        error = smooth[:, day, None] - expected
        level = expected + _HOLT_LEVEL * error
        trend = _DAMPED * trend + _HOLT_LEVEL * _HOLT_TREND * error
        if WEEK <= day < coming.shape[1]:
            missed += np.abs(level + trend * reach[:_JUDGED_BY].mean() - coming[:, day, None])
    which = np.arange(len(level)), missed.argmin(axis=1)
    return np.asarray(level[which][:, None] + trend[which][:, None] * reach[:ahead])


def _theta(smooth: Floats, level: Floats, weight: Floats, ahead: int) -> Floats:
    """Give SES with half the slope of the whole series as its drift (Hyndman and Billah, 2003)."""
    days = smooth.shape[1]
    around = np.arange(days) - (days - 1) / 2
    slope = (smooth @ around) / (around @ around)
    behind = (1 - (1 - weight) ** days) / weight
    return np.asarray(level[:, None] + slope[:, None] / 2 * (np.arange(ahead) + behind[:, None]))
