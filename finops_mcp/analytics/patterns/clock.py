"""How much of what runs by the hour goes on in nights and on weekends, and what runs at some hours alone?"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from finops_mcp.analytics.daily import Floats, Key
from finops_mcp.analytics.patterns.jobs import peaks
from finops_mcp.analytics.patterns.series import MONTH, strength

DAY_BEGINS, DAY_ENDS = 8, 20
"""Working hours: from eight to twenty, Monday to Friday. Nights and weekends are the other 108 of 168."""
_HOURS, _WORKDAYS, _MOST_PEAKS = 24, 5, 4
_PEAK, _MOSTLY = 0.5, 0.75


@dataclass(frozen=True)
class HourlyUse:
    """Use of compute and the like by the hour, of whole weeks, for streams in one currency.

    `use` is at public on-demand prices, so that what pays for it does not matter, and `cost` in the measure
    asked for; both are streams x hours, from the first hour of `first_day` in UTC, with all streams that have
    no key as the last. `untold` is the use of each that the export tells by more than an hour.
    """

    first_day: date
    dimensions: tuple[str, ...]
    keys: tuple[Key, ...]
    use: Floats
    cost: Floats
    untold: Floats

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.use.shape[1]) // _HOURS

    @cached_property
    def whole(self) -> "HourlyUse":
        """All streams as one."""
        sums = (a.sum(axis=0, keepdims=True) for a in (self.use, self.cost, self.untold))
        return HourlyUse(self.first_day, (), ((),), *sums)

    def told_ratio(self, stream: int) -> float:
        """Give the part of the use of a stream that is told by the hour; 0 where there is no use."""
        told = float(self.use[stream].sum())
        whole = told + float(self.untold[stream])
        return told / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class IdleCycle:
    """What goes on outside working hours: its share of use, and how an hour there compares with one within.

    `hourly_ratio` is 1 for what runs always and 0 for what is switched off; `monthly` is the cost, in the
    measure asked for, of those hours in a month.
    """

    share: float
    hourly_ratio: float | None
    monthly: float

    @property
    def strength(self) -> float:
        """How far use rests outside working hours, from 0 (not at all) to 1 (wholly)."""
        return 0.0 if self.hourly_ratio is None else min(max(1.0 - self.hourly_ratio, 0.0), 1.0)


@dataclass(frozen=True)
class HourlyJob:
    """Use that comes each day at a few hours alone: what they cost in a month beyond other hours."""

    hours: tuple[int, ...]
    monthly: float
    seen: int
    due: int
    strength: float


def outside(hours: HourlyUse, utc_offset: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mark the hours that are in nights or on weekends, of a clock so many hours ahead of UTC."""
    local = np.arange(hours.use.shape[1]) + utc_offset
    weekday = (hours.first_day.weekday() + local // _HOURS) % 7
    hour = local % _HOURS
    return np.asarray((weekday >= _WORKDAYS) | (hour < DAY_BEGINS) | (hour >= DAY_ENDS))


def idle_cycle(hours: HourlyUse, stream: int, utc_offset: int) -> IdleCycle | None:
    """Tell what of a stream goes on in nights and weekends; nothing where there is no use."""
    off = outside(hours, utc_offset)
    use = hours.use[stream]
    whole = float(use.sum())
    if whole <= 0:
        return None
    within = float(use[~off].mean())
    ratio = float(use[off].mean()) / within if within > 0 else None
    monthly = float(hours.cost[stream][off].sum()) / hours.days * MONTH
    return IdleCycle(float(use[off].sum()) / whole, ratio, monthly)


def hourly_job(hours: HourlyUse, stream: int, utc_offset: int) -> HourlyJob | None:
    """Tell which few hours of each day stand above the others; nothing where none do on three in four days.

    Hours are of a clock so many hours ahead of UTC.
    """
    by_day = hours.use[stream].reshape(-1, _HOURS)
    profile = np.median(by_day, axis=0)
    found = peaks(profile, _MOST_PEAKS)
    if not found:
        return None
    at = np.array(found)
    base = float(np.median(np.delete(profile, at)))
    height = float(profile[at].mean()) - base
    seen = int((by_day[:, at].mean(axis=1) - base > _PEAK * height).sum())
    if seen < _MOSTLY * by_day.shape[0]:
        return None
    others = np.delete(hours.cost[stream].reshape(-1, _HOURS), at, axis=1)
    beyond = hours.cost[stream].reshape(-1, _HOURS)[:, at] - float(np.median(others))
    monthly = float(beyond.sum()) / hours.days * MONTH
    force = strength(np.tile(profile, by_day.shape[0]), (by_day - profile).ravel())
    local = tuple(sorted((hour + utc_offset) % _HOURS for hour in found))
    return HourlyJob(local, monthly, seen, by_day.shape[0], force)
