"""On which days is a scope further from what was expected than it ever was, and by enough to matter?"""

from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.anomalies.expectation import bursts
from finops_mcp.analytics.anomalies.novelty import deviations
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.anomalies.sensitivity import Settings
from finops_mcp.analytics.daily import Bools

_ROWS = 2000
"""Scopes that are worked on at a time, so that memory stays small."""
_SHORTEST_FALL = 5
"""Days a fall must last, each of them low: fewer are a holiday, or data to come."""
_LOW = 0.3
"""A day is low when it is off by this part of the mean of its window."""


@dataclass(frozen=True)
class Alarm:
    """The days up to one, together, are beyond what is usual: `score` times as far as they had to be."""

    at: int
    window: int
    sign: int
    score: float
    need: float
    sigma: float


def alarms(ready: Prepared, settings: Settings, first: int) -> dict[int, list[Alarm]]:
    """Give each scope's alarms from a column on, by day and then by window."""
    found: dict[int, list[Alarm]] = {}
    for start in range(0, len(ready.scopes.keys), _ROWS):
        rows = slice(start, start + _ROWS)
        account = ready.level[ready.account[rows]]
        dearest = bursts(ready.final[rows], ready.factors[rows])
        tests = deviations(ready.amounts[rows], ready.final[rows], ready.factors[rows], ready.level[rows])
        for test in tests:
            before = np.full_like(account, np.nan)
            before[:, test.window :] = account[:, : -test.window]
            floor = np.fmax(settings.least, settings.least_share * np.abs(test.expected))
            floor = np.fmax(floor, settings.least_of_account * before)
            floor = np.fmax(floor, settings.sigmas * test.past.sigma)
            burst = np.full_like(account, np.nan)
            burst[:, test.window :] = (dearest - ready.level[rows])[:, : -test.window]
            for sign in (1, -1):
                most = test.past.most_above if sign > 0 else test.past.most_below
                need = np.fmax(floor, settings.beyond_habit * most)
                if sign > 0:
                    need = np.fmax(need, burst / test.window)
                above = _judged(ready, sign * test.mean > need, sign, test.window, first)
                for row, at in np.argwhere(above):
                    if sign < 0 and not _lasted(ready, start + row, at, test.window, test.mean[row, at]):
                        continue
                    found.setdefault(start + int(row), []).append(
                        Alarm(
                            int(at),
                            test.window,
                            sign,
                            float(sign * test.mean[row, at] / need[row, at]),
                            float(need[row, at]),
                            float(np.nan_to_num(test.past.sigma[row, at])),
                        )
                    )
    for mine in found.values():
        mine.sort(key=lambda alarm: (alarm.at, -alarm.score))
    return found


def _judged(ready: Prepared, above: Bools, sign: int, window: int, first: int) -> Bools:
    above[:, :first] = False
    if sign < 0:
        above[:, ready.last_final + 1 :] = False
        if window < _SHORTEST_FALL:
            above[:] = False
    return above


def _lasted(ready: Prepared, scope: int, at: int, window: int, mean: float) -> bool:
    """Tell whether each of the last days was low, by the level before the window."""
    days = slice(at - _SHORTEST_FALL + 1, at + 1)
    off = ready.amounts[scope, days] - ready.level[scope, at - window] * ready.factors[scope, days]
    return bool(np.nanmax(off) < _LOW * mean)
