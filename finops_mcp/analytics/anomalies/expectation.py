"""What is a day of a scope expected to cost? Its level of late, times how its weekday differs."""

import bottleneck as bn
import numpy as np

from finops_mcp.analytics.daily import Floats

WEEK = 7
WEEKS = 8
"""Weeks a weekday is known by: a median of eight is not moved by three unusual ones."""
_SELDOM, _SOME = 0.2, 2
"""Two weekdays that are used in some weeks only: cost comes now and then, and not by the week."""
LEVEL_DAYS = 14
"""Days a level is the median of: two whole weeks, so that each weekday weighs the same."""
FEWEST_LEVEL_DAYS, _FEWEST_OF_MONTH = 5, 3
CONSISTENT = 1.4826
"""Makes a median absolute deviation a standard deviation, for normal noise."""
_QUARTER, _FEWEST_BURSTS = 91, 3
_FEW = 4.0
"""How little few days tell: the deviation of four of them counts twice, that of a quarter as it is."""
_DEAREST = 3.7
"""Standard deviations of a dearest ordinary day: one in four thousand is beyond."""
_LARGEST_LOG = 700.0
_QUIET = 0.2
"""A weekday with less than this part of the usual cost tells nothing about the level."""


def weekday_factors(amounts: Floats) -> Floats:
    """Give for each day how its weekday compares with the week around it, as the eight weeks before tell.

    The median of amount over the mean of the seven days around, same weekday, one to eight weeks earlier; 1
    until two weeks are known, and where most weeks are without cost. A ratio to the days around does not
    move with the level.
    """
    days = amounts.shape[1]
    around = np.full_like(amounts, np.nan)
    if days > WEEK:
        half = WEEK // 2
        around[:, half : days - half] = bn.move_mean(amounts, WEEK, min_count=WEEK - 2, axis=1)[:, 2 * half :]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(around > 0, amounts / around, np.nan)
    weeks = np.full((amounts.shape[0], days, WEEKS), np.nan)
    for back in range(1, WEEKS + 1):
        if back * WEEK < days:
            weeks[:, back * WEEK :, back - 1] = ratio[:, : days - back * WEEK]
    seen = np.minimum(np.arange(days) // WEEK, WEEKS)
    known = np.isfinite(weeks).sum(axis=2) >= np.maximum(2, seen / 2)
    factors = np.where(known, np.clip(bn.nanmedian(weeks, axis=2), 0, WEEK), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        used = (weeks > 0).sum(axis=2) / np.isfinite(weeks).sum(axis=2)
    now_and_then = bn.move_sum(
        ((used > _SELDOM) & (used < 1 - _SELDOM)).astype(float), WEEK, min_count=1, axis=1
    )
    return np.where(now_and_then >= _SOME, 1.0, factors)


def levels(amounts: Floats, factors: Floats) -> Floats:
    """Give each day's level: the median of the two weeks until it, weekdays evened out.

    Of what has cost on few days of a week, such as a weekly job, it is that of four weeks.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        even = np.where(factors >= _QUIET, amounts / factors, np.nan)
    level = bn.move_median(even, LEVEL_DAYS, min_count=FEWEST_LEVEL_DAYS, axis=1)
    longer = bn.move_median(even, min(2 * LEVEL_DAYS, even.shape[1]), min_count=_FEWEST_OF_MONTH, axis=1)
    return np.asarray(np.where(np.isfinite(level), level, longer))


def typical_size(deviation: Floats) -> Floats:
    """Give the standard deviation of a scope's days until each: that of normal noise with the same median."""
    size = np.abs(deviation)
    return CONSISTENT * np.asarray(bn.move_median(size, size.shape[1], min_count=FEWEST_LEVEL_DAYS, axis=1))


def bursts(amounts: Floats, factors: Floats) -> Floats:
    """Give what a scope's dearest ordinary day costs, by days with cost of the quarter until each.

    Cost that comes in bursts varies by factors: exp(median + k * deviation) of the logarithms of its days,
    weekdays evened out. Absent where too few days have cost.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        even = np.where(factors >= _QUIET, amounts / factors, np.nan)
        logs = np.where(even > 0, np.log(even), np.nan)
    window = min(_QUARTER, amounts.shape[1])
    middle = bn.move_median(logs, window, min_count=_FEWEST_BURSTS, axis=1)
    spread = CONSISTENT * bn.move_median(np.abs(logs - middle), window, min_count=_FEWEST_BURSTS, axis=1)
    many = bn.move_sum(np.isfinite(logs).astype(float), window, min_count=1, axis=1)
    spread = spread * (1 + _FEW / np.maximum(many, 1))
    return np.asarray(np.exp(np.minimum(middle + _DEAREST * spread, _LARGEST_LOG)))
