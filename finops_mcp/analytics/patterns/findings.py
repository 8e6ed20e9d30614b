"""The patterns of everything together and of its greatest parts, as rows: kind, of what, strength, words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Key
from finops_mcp.analytics.patterns import words
from finops_mcp.analytics.patterns.clock import HourlyUse, hourly_job, idle_cycle
from finops_mcp.analytics.patterns.contributions import Contribution, contributions
from finops_mcp.analytics.patterns.finding import FEWEST_DAYS, Patterns, Step, patterns_of
from finops_mcp.analytics.patterns.series import MONTH, Series

_MOSTLY = 0.5
TOLD = 0.9
"""Of a part, so much of the use is told by the hour, or its hours are not spoken of."""
WHOLE: Key = ()


@dataclass(frozen=True)
class Finding:
    """One pattern of one part (`WHOLE`: of everything); `monthly` is an estimate of what it is a month."""

    pattern: str
    of: Key
    since: date
    upcoming: date | None
    strength: float
    monthly: float
    said: str


@dataclass(frozen=True)
class Made:
    """What made the level change from the first day to the last, per month: its parts add up to it."""

    change: float
    parts: list[Contribution]


def by_days(streams: DailyCosts, names: Sequence[str], parts: Sequence[Key]) -> tuple[list[Finding], Made]:
    """Find the patterns of daily cost: of everything, and of some of its parts by some dimensions.

    The days that are known are `FEWEST_DAYS` or more; a part of which fewer are known is passed over.
    """
    found = _patterns(streams)
    places = [streams.dimensions.index(name) for name in names]
    told = _said(WHOLE, found, streams)
    of_part: dict[Key, list[int]] = {}
    for number, key in enumerate(streams.keys):
        of_part.setdefault(tuple(key[p] for p in places), []).append(number)
    for part in parts:
        numbers = of_part.get(part, [])
        mine = replace(
            streams,
            keys=tuple(streams.keys[n] for n in numbers),
            amounts=streams.amounts[numbers],
            held=streams.held[numbers],
        )
        if numbers and mine.covered.sum() >= FEWEST_DAYS and mine.total.any():
            told += _said(part, _patterns(mine), mine)
    sums = found.model.change_sums * MONTH
    made = contributions(streams, found.model, sums)
    return told, Made(float(sum(part.change for part in made)), made)


def by_hours(hours: HourlyUse, parts: Sequence[Key], utc_offset: int) -> list[Finding]:
    """Tell what goes on in nights and weekends, and what comes at some hours alone."""
    told = _said_hours(WHOLE, hours.whole, 0, utc_offset)
    for number, key in enumerate(hours.keys):
        if key in parts and hours.told_ratio(number) >= TOLD:
            told += _said_hours(key, hours, number, utc_offset)
    return told


def _patterns(streams: DailyCosts) -> Patterns:
    return patterns_of(Series(streams.first_day, streams.total, streams.covered))


def _said(of: Key, found: Patterns, streams: DailyCosts) -> list[Finding]:
    first = found.model.series.dates[0]
    told = []
    if found.growth:
        growth = found.growth
        said = words.said_growth(growth)
        told.append(Finding("growth", of, first, None, growth.strength, growth.monthly, said))
    for step in found.steps:
        said = words.said_step(step, _mostly(found, step, streams))
        told.append(Finding("step", of, step.day, None, step.strength, step.monthly, said))
    if found.season:
        season = found.season
        said = words.said_season(season)
        told.append(Finding("season", of, first, None, season.strength, season.monthly, said))
    for job in found.jobs:
        said = words.said_job(job)
        told.append(Finding("regular_job", of, first, job.upcoming, job.strength, job.monthly, said))
    return told


def _mostly(found: Patterns, step: Step, streams: DailyCosts) -> str:
    """Name the stream that made most of a step; nothing where none did."""
    if len(streams.keys) <= 1:
        return ""
    made = contributions(streams, found.model, found.model.jump_sums(step.place))
    share = made[0].change / (step.after - step.before)
    return f"{share:.0%} of it {named(made[0].key)}" if share > _MOSTLY else ""


def named(key: Key) -> str:
    """Name a part by its values; those that are absent say so."""
    return ", ".join(dict.fromkeys("(none)" if value is None else value for value in key)) or "everything"


def _said_hours(of: Key, hours: HourlyUse, stream: int, utc_offset: int) -> list[Finding]:
    told = []
    cycle = idle_cycle(hours, stream, utc_offset)
    if cycle:
        said = words.said_idle(cycle, utc_offset)
        told.append(Finding("idle_cycle", of, hours.first_day, None, cycle.strength, cycle.monthly, said))
        job = hourly_job(hours, stream, utc_offset)
        if job:
            said = words.said_hours(job, utc_offset)
            told.append(Finding("regular_job", of, hours.first_day, None, job.strength, job.monthly, said))
    return told


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Put those of everything first, then the largest by the month."""
    return sorted(findings, key=lambda f: (f.of != WHOLE, -abs(f.monthly), named(f.of), f.pattern, f.since))


def others(made: Made, shown: int) -> float:
    """Give what the parts that are not shown made together."""
    return float(np.sum([part.change for part in made.parts[shown:]]))
