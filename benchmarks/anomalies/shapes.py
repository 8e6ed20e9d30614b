"""How does the cost of one usage type move from day to day, with nothing unusual in it?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from finops_mcp.analytics.daily import Floats

Days = NDArray[np.intp]
SATURDAY = 5
WILDEST = 0.7
"""The most that noise deviates, as a logarithm: its days are twice or half of each other."""
COME_AND_GO = 0.1
"""How many of its machines a fleet has more or less at a time; of a small one, one."""


@dataclass(frozen=True)
class Climate:
    """What all streams of an account share: days, noisiness, traffic, growth a day, weekend's depth."""

    random: np.random.Generator
    first_day: date
    days: int
    noise: float
    traffic: Floats
    growth: float
    quiet: float

    @property
    def weekdays(self) -> Days:
        """The weekday of each day, Monday zero."""
        return np.asarray((self.first_day.weekday() + np.arange(self.days)) % 7, dtype=np.intp)

    def weekend(self, depth: float) -> Floats:
        """Give 1 on working days and less at weekends."""
        week = np.ones(7)
        week[SATURDAY:] -= depth
        week *= self.random.normal(1, 0.03, 7)
        return np.asarray(week[self.weekdays])

    def trend(self) -> Floats:
        """Give ordinary growth with a slow wander of its own."""
        wander = np.cumsum(self.random.normal(0, 0.0025, self.days))
        return np.asarray(np.exp(self.growth * np.arange(self.days) + wander - wander.mean()))

    def jitter(self, sd: float, memory: float = 0.0) -> Floats:
        """Give log-normal noise around 1; `memory` is how much of each day is like the one before."""
        spread = min(sd * self.noise, WILDEST) * np.sqrt(1 - memory**2)
        steps = self.random.normal(0, spread, self.days)
        noise = np.empty(self.days)
        now = 0.0
        for day in range(self.days):
            now = memory * now + steps[day]
            noise[day] = now
        return np.exp(noise)


def fleet(at: Climate) -> Floats:
    """Run machines all day: a few come and go."""
    many = int(at.random.integers(8, 60))
    machines = np.empty(at.days)
    now = float(many)
    for day in range(at.days):
        if at.random.random() < 0.12:  # noqa: PLR2004
            free = abs(now - many) < max(1, COME_AND_GO * many)
            now += at.random.choice([-1, 1]) if free else np.sign(many - now)
        machines[day] = now
    return machines / many * at.trend() * at.jitter(0.012)


def office(at: Climate) -> Floats:
    """Run machines, mostly on working days."""
    return at.weekend(at.quiet) * at.trend() * at.jitter(0.06)


def traffic(at: Climate) -> Floats:
    """Follow the users."""
    noise = at.jitter(at.random.uniform(0.04, 0.16), at.random.uniform(0, 0.7))
    return at.weekend(at.quiet * at.random.uniform(0.2, 0.9)) * at.traffic * at.trend() * noise


def storage(at: Climate) -> Floats:
    """Pile up."""
    return (1 + at.random.uniform(0, 0.0025) * np.arange(at.days)) * at.jitter(0.004)


def batch(at: Climate) -> Floats:
    """Run jobs on working days, or on one day a week."""
    week = np.zeros(7)
    if at.random.random() < 0.4:  # noqa: PLR2004
        week[at.random.integers(7)] = 5
    else:
        week[:SATURDAY] = 1.4
    return np.asarray(week[at.weekdays] * at.trend() * at.jitter(0.2))


def bursty(at: Climate) -> Floats:
    """Be large on one day and small on the next."""
    return at.weekend(at.quiet) * at.jitter(at.random.uniform(0.25, 0.55), 0.2)


def now_and_then(at: Climate) -> Floats:
    """Be used on some days only."""
    used = at.random.random(at.days) < at.random.uniform(0.15, 0.5)
    return np.asarray(used * at.jitter(0.5) * 2.5)


SHAPES: dict[str, Callable[[Climate], Floats]] = {
    "fleet": fleet,
    "office": office,
    "traffic": traffic,
    "storage": storage,
    "batch": batch,
    "bursty": bursty,
    "now_and_then": now_and_then,
}
