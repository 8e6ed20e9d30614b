"""How do the days of a week differ?"""

from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.daily import Bools, Floats

WEEK = 7
_WEEKS = 12
_HALF = WEEK // 2
_WIDE = 3.0
_SIGMA = 1.4826
"""A standard deviation, as a multiple of the median absolute deviation of normal noise."""
_LOW = 0.1
_TINY = 1e-300


@dataclass(frozen=True)
class Weekly:
    """What each day of the week adds to the level, for rows that all end on the same day.

    `effect` is (rows, 7), its first column the day that a row begins with. Where `relative`, it is a share
    of the level, so that it grows with cost; else, where a row comes near nothing or below, an amount.
    """

    effect: Floats
    relative: Bools
    level: Floats

    def removed(self, rows: Floats) -> Floats:
        """Give the rows without it."""
        repeated = np.tile(self.effect, (1, rows.shape[1] // WEEK))
        return np.asarray(rows - repeated * np.where(self.relative[:, None], self.level, 1.0))

    def ahead(self, levels: Floats) -> Floats:
        """Put it on levels of the days after the last one."""
        repeated = np.tile(self.effect, (1, levels.shape[1] // WEEK + 1))[:, : levels.shape[1]]
        return np.asarray(levels + repeated * np.where(self.relative[:, None], levels, 1.0))


def weekly(rows: Floats) -> Weekly:
    """Tell the pattern of the newest twelve weeks of each row; rows are whole weeks, at least two.

    The mean of each day's distance from the centred weekly average, outliers cut at three deviations, less
    the larger the less the weeks agree (James and Stein's shrinkage): noise has no pattern.
    """
    sums = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    level = np.pad((sums[:, WEEK:] - sums[:, :-WEEK]) / WEEK, ((0, 0), (_HALF, _HALF)), mode="edge")
    typical = np.abs(rows).mean(axis=1)
    relative = (level > _LOW * typical[:, None]).all(axis=1)
    distance = (rows - level) / np.where(relative[:, None], level, 1.0)
    distance[:, :_HALF] = np.nan
    distance[:, -_HALF:] = np.nan
    days = distance.reshape(len(rows), -1, WEEK)[:, -_WEEKS:]
    middle = np.nanmedian(days, axis=1, keepdims=True)
    spread = _SIGMA * np.nanmedian(np.abs(days - middle), axis=(1, 2), keepdims=True)
    effect = middle + np.nanmean(
        np.clip(days - middle, -_WIDE * spread, _WIDE * spread), axis=1, keepdims=True
    )
    effect -= effect.mean(axis=2, keepdims=True)
    within = np.nanmean(np.clip(days - effect, -_WIDE * spread, _WIDE * spread) ** 2, axis=(1, 2))
    between = (effect**2).mean(axis=(1, 2))
    kept = np.clip(1 - within / days.shape[1] / np.maximum(between, _TINY), 0, 1)
    return Weekly(effect[:, 0] * kept[:, None], relative, level)
