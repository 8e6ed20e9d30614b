"""On which days is a scope further from what was expected than it ever was, and by enough to matter?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.anomalies.expectation import bursts
from finops_mcp.analytics.anomalies.novelty import WINDOWS, Deviation, deviations, later
from finops_mcp.analytics.anomalies.prepared import Prepared, blocks, without_last
from finops_mcp.analytics.anomalies.scopes import Indices
from finops_mcp.analytics.anomalies.sensitivity import Settings
from finops_mcp.analytics.daily import Bools, Floats

_EASE = {1: 1.25, 3: 1.15, 5: 1.05, 10: 1.0, 21: 0.95}
"""What a window must be beyond is so many times as much: there are more short ones, to be off by chance."""
_EASE_FALL = 0.82
"""For a fall less is enough, since each of its days must be low."""
_LEAST_USUAL = 0.25
"""A scope that never wobbled is taken to wobble by this part of what matters."""
_SHORTEST_FALL = 5
"""Days a fall must last, each of them low: fewer are a holiday, or data to come."""
_FEWEST_LOW = 3
_LOW = 0.3
"""A day is low when it is off by this part of the mean of its window."""


@dataclass(frozen=True)
class Alarm:
    """The days of a scope up to one, together, are beyond what is usual.

    `score` is how many times as far off they are as they had to be, and `need` how far that was, a day;
    `sigma` is the standard deviation of so many days' mean. `sign` is 1 above what was expected, -1 below.
    """

    scope: int
    at: int
    window: int
    sign: int
    score: float
    need: float
    sigma: float


def alarms(ready: Prepared, settings: Settings, first: int) -> dict[int, list[Alarm]]:
    """Give each scope's alarms from a column on, by day and then by score."""
    found: dict[int, list[Alarm]] = {}
    matter = np.flatnonzero(_may_matter(ready, settings, first))
    for block in blocks(matter.size):
        for alarm in _of_block(ready, matter[block], settings, first):
            found.setdefault(alarm.scope, []).append(alarm)
    for mine in found.values():
        mine.sort(key=lambda alarm: (alarm.at, -alarm.score))
    return found


def _may_matter(ready: Prepared, settings: Settings, first: int) -> Bools:
    """Tell which scopes cost enough for anything about them to matter."""
    since = max(0, first - max(WINDOWS))
    account = np.nan_to_num(ready.level[:, since:]).min(axis=1)[ready.account]
    floor = np.maximum(settings.least, settings.least_of_account * account)
    most = np.nan_to_num(ready.amounts[:, since:]).max(axis=1)
    return np.asarray(np.maximum(most, np.nan_to_num(ready.level[:, since:]).max(axis=1)) >= floor)


def _of_block(ready: Prepared, scopes: Indices, settings: Settings, first: int) -> Iterator[Alarm]:
    amounts, factors, level = ready.amounts[scopes], ready.factors[scopes], ready.level[scopes]
    account = ready.level[ready.account[scopes]]
    final = without_last(amounts, ready.unfinished)
    burst = bursts(final, factors) - level
    for test in deviations(amounts, final, factors, level, first):
        floor = np.fmax(settings.least, settings.least_share * np.abs(test.expected))
        floor = np.fmax(floor, settings.least_of_account * later(account, test.window)[:, first:])
        for sign in (1, -1):
            usual = _usual(test, sign, later(burst, test.window)[:, first:], settings)
            usual = np.fmax(_EASE[test.window] * usual, _LEAST_USUAL * floor)
            off = sign * test.mean
            for row, day in np.argwhere((off > usual) & (off > floor)):
                scope, at = int(scopes[row]), first + int(day)
                if sign > 0 or _lasted(ready, scope, at, test.window, -float(off[row, day])):
                    score = float(off[row, day] / usual[row, day])
                    need = float(max(usual[row, day], floor[row, day]))
                    sigma = float(np.nan_to_num(test.past.sigma[row, day]))
                    yield Alarm(scope, at, test.window, sign, score, need, sigma)


def _usual(test: Deviation, sign: int, burst: Floats, settings: Settings) -> Floats:
    """Give how far days may be off and be usual; of a fall each day is looked at, so less is enough."""
    habit = test.past.most_above if sign > 0 else test.past.most_below
    usual = np.fmax(settings.sigmas * test.past.sigma, settings.beyond_habit * habit)
    return np.asarray(np.fmax(usual, burst / test.window) if sign > 0 else _EASE_FALL * usual)


def _lasted(ready: Prepared, scope: int, at: int, window: int, mean: float) -> bool:
    """Tell whether a fall lasted: five finished days, each low by the level before the window."""
    if window < _SHORTEST_FALL or at > ready.last_final:
        return False
    days = slice(at - _SHORTEST_FALL + 1, at + 1)
    expected = ready.level[scope, at - window] * ready.factors[scope, days]
    off = np.where(expected > -_LOW * mean, ready.amounts[scope, days] - expected, np.nan)
    return bool(np.isfinite(off).sum() >= _FEWEST_LOW and np.nanmax(off) < _LOW * mean)
