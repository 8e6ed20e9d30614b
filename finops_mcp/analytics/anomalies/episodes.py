"""From which day to which was a scope out of the ordinary?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finops_mcp.analytics.anomalies.alarms import Alarm
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.daily import Floats

_STILL = 0.4
"""A day belongs to an episode while it is off by this part of the first days' mean."""
_BACK = 3
"""Days back to normal that end an episode."""
_AGAIN = 7
"""Days within which another alarm of the same direction is the same episode."""
LONGEST = 45
"""Days after which what was unusual is the new normal."""


@dataclass
class Episode:
    """A run of days on which a scope was off, as told by alarms; `until` is its last column so far."""

    scope: int
    sign: int
    start: int
    until: int
    ended: bool
    known: int
    base: float
    mean: float
    score: float
    sigma: float


def episodes(scope: int, alarms: Sequence[Alarm], ready: Prepared) -> list[Episode]:
    """Join a scope's alarms, by day, to episodes; a return to what was usual before one is none."""
    found: list[Episode] = []
    for alarm in alarms:
        if any(_told(one, alarm, ready) for one in found):
            continue
        new = _begun(scope, alarm, ready)
        if new is None:
            continue
        same = next(
            (
                e
                for e in found
                if e.sign == new.sign and new.start <= e.until + _AGAIN <= e.start + LONGEST + _AGAIN
            ),
            None,
        )
        if same is not None:
            same.until, same.ended = max(same.until, new.until), new.ended
            same.score = max(same.score, new.score)
            continue
        found.append(new)
    return found


def off(ready: Prepared, scope: int, base: float) -> Floats:
    """Give each day's cost beyond a level that is held."""
    return np.asarray(ready.amounts[scope] - base * ready.factors[scope])


def _told(one: Episode, alarm: Alarm, ready: Prepared) -> bool:
    if alarm.at - one.start > LONGEST + _AGAIN:
        return False
    if one.sign == alarm.sign:
        if alarm.at > one.until + _AGAIN:
            return False
        one.score = max(one.score, alarm.score)
        return True
    days = off(ready, one.scope, one.base)[alarm.at - alarm.window + 1 : alarm.at + 1]
    return bool(alarm.sign * np.nanmean(days) < alarm.need)


def _begun(scope: int, alarm: Alarm, ready: Prepared) -> Episode | None:
    cut = alarm.at - alarm.window
    base = float(ready.level[scope, cut])
    days = np.nan_to_num(off(ready, scope, base))
    inside = alarm.sign * days[cut + 1 : alarm.at + 1]
    sums = np.cumsum(inside[::-1])[::-1] / np.sqrt(np.arange(inside.size, 0, -1))
    start = cut + 1 + int(np.argmax(sums))
    mean = float(inside[start - cut - 1 :].mean())
    if mean <= 0:
        return None
    until, ended = _extent(ready, scope, alarm, start, alarm.sign * days, mean)
    return Episode(scope, alarm.sign, start, until, ended, alarm.at, base, mean, alarm.score, alarm.sigma)


def _extent(
    ready: Prepared, scope: int, alarm: Alarm, start: int, days: Floats, mean: float
) -> tuple[int, bool]:
    """Walk on until the days are back; days that are absent or unfinished do not tell that they are.

    Before the alarm a ramp's days may look as if they were back, and do not end it.
    """
    until, back = start, 0
    for at in range(start, min(ready.days, alarm.at + LONGEST)):
        if np.isnan(ready.amounts[scope, at]):
            continue
        if days[at] >= _STILL * mean:
            if at <= ready.last_final or alarm.sign > 0:
                until, back = at, 0
        elif at <= ready.last_final:
            back += 1
        if back >= _BACK and at >= alarm.at:
            return until, True
    return until, False
