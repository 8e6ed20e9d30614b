"""Which regularities, trends and steps does a series of daily costs have?"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.patterns.growth import Growth, growth_of, slope_of
from finops_mcp.analytics.patterns.jobs import Job, next_on, seen_on, weekdays_of_job
from finops_mcp.analytics.patterns.levels import Levels, levels_of
from finops_mcp.analytics.patterns.model import Model, grouped
from finops_mcp.analytics.patterns.month_days import MonthDay, around, days_apart, shown
from finops_mcp.analytics.patterns.series import MONTH, Series, strength
from finops_mcp.analytics.patterns.week import first_look, is_there

FEWEST_DAYS = 28
"""Four weeks: every weekday four times."""
_A_STEP, _A_WEEK, _A_TREND = 0.03, 0.02, 0.02
"""The smallest pattern worth telling, as part of the usual cost of a day."""
_WEAK = 0.05
"""A step or growth that explains less beside what remains is lost in it."""


@dataclass(frozen=True)
class Step:
    """A new level from a day on, per day before and after; `place` is its number among those of the model."""

    day: date
    before: float
    after: float
    strength: float
    place: int

    @property
    def monthly(self) -> float:
        """What a month costs more or less for it."""
        return (self.after - self.before) * MONTH


@dataclass(frozen=True)
class Season:
    """How the days of the week differ: the cost of each, Monday first."""

    costs: tuple[float, ...]
    strength: float

    @property
    def weekend_ratio(self) -> float | None:
        """The mean of Saturday and Sunday over that of the other days; absent where these cost nothing."""
        weekday = sum(self.costs[:5]) / 5
        return sum(self.costs[5:]) / 2 / weekday if weekday > 0 else None

    @property
    def monthly(self) -> float:
        """What a month would cost more or less if every day cost what the median day of the week does."""
        usual = float(np.median(self.costs))
        return sum(cost - usual for cost in self.costs) / 7 * MONTH


@dataclass(frozen=True)
class Patterns:
    """What one series shows; every amount is an estimate, per day or per month as it says."""

    growth: Growth | None
    steps: tuple[Step, ...]
    season: Season | None
    jobs: tuple[Job, ...]
    model: Model


def patterns_of(series: Series) -> Patterns:
    """Find the patterns of a series of `FEWEST_DAYS` days or more that are known.

    A week, days of the month and a level are told apart first by medians, then together (see `Model`). What
    is smaller than two percent of a day's cost (a step: three) is left out.
    """
    week = first_look(series)
    days = days_apart(series, week)
    rough = _rough(series, week, days)
    model = Model(series, levels_of(series.at, rough, series.nothing), weekly=True, days=grouped(days))
    model = _without_small_steps(model)
    varying = float(np.ptp(model.week)) > max(_A_WEEK * series.usual, series.nothing)
    if not varying or not is_there(model.rest + model.week[series.weekdays], series.weekdays):
        model = replace(model, weekly=False)
    growth, model = _growth(model)
    season, jobs = _week(model)
    return Patterns(growth, _steps(model), season, (*jobs, *_month_jobs(model)), model)


def _rough(series: Series, week: Floats, days: list[MonthDay]) -> Floats:
    """Take out the week, and of days of the month what they cost in the median beyond the days around."""
    values = series.known - week[series.weekdays]
    apart = around(values)
    for day in days:
        marks = shown(series, [day])
        values = values - np.where(marks, np.median(apart[marks]), 0.0)
    return np.asarray(values)


def _without_small_steps(model: Model) -> Model:
    large = np.abs(model.jumps) >= max(_A_STEP * model.series.usual, model.series.nothing)
    kept = tuple(step for step, is_large in zip(model.levels.steps, large, strict=True) if is_large)
    return replace(model, levels=Levels(kept, model.levels.sloped))


def _growth(model: Model) -> tuple[Growth | None, Model]:
    """Tell the growth; a model without it where the interval of the slope holds zero."""
    if not model.levels.sloped:
        return None, model
    line = model.slope * (model.series.at - model.series.at[0])
    slope = slope_of(model.series.at, model.rest + line)
    if slope is not None:
        matters = abs(slope[0]) * model.series.days_between >= _A_TREND * model.series.usual
        if matters and slope[1] * slope[2] > 0:
            found = growth_of(slope, float(np.median(model.level)), strength(line, model.rest))
            if found.strength >= _WEAK:
                return found, model
    return None, replace(model, levels=Levels(model.levels.steps))


def _steps(model: Model) -> tuple[Step, ...]:
    found = []
    for place, (at, jump) in enumerate(zip(model.levels.steps, model.jumps, strict=True)):
        first = int(np.searchsorted(model.series.at, at))
        after = float(model.level[first])
        of_it = jump * (model.series.at >= at)
        day = model.series.first_day + timedelta(days=at)
        found.append(Step(day, after - float(jump), after, strength(of_it, model.rest), place))
    return tuple(step for step in found if step.strength >= _WEAK)


def _week(model: Model) -> tuple[Season | None, tuple[Job, ...]]:
    """Tell the week as a job where one or two days stand above the others, else as a season."""
    if not model.weekly:
        return None, ()
    series = model.series
    force = strength(model.week[series.weekdays], model.rest)
    days = weekdays_of_job(model.week)
    if days:
        others = model.level + model.of_month_days + float(np.median(np.delete(model.week, days)))
        seen = seen_on(series.known - others, series.dates, np.isin(series.weekdays, days))
        if seen is not None:
            upcoming = next_on(series.dates[-1], lambda day: day.weekday() in days)
            monthly = seen.amount * len(days) / 7 * MONTH
            job = Job(
                days, (), seen.amount, monthly, seen.seen, seen.due, seen.last, upcoming, force
            )  # fmt: skip
            return None, (job,)
    level = float(model.level.mean())
    return Season(tuple(level + float(day) for day in model.week), force), ()


def _month_jobs(model: Model) -> tuple[Job, ...]:
    found, series = [], model.series
    others = model.level + model.week[series.weekdays]
    for group in model.days:
        marks = shown(series, list(group))
        seen = seen_on(series.known - others, series.dates, marks)
        if seen is None:
            continue
        force = strength(np.where(marks, seen.amount, 0.0), model.rest)
        upcoming = next_on(series.dates[-1], partial(_falls, group))
        monthly = seen.amount * len(group)
        found.append(Job((), group, seen.amount, monthly, seen.seen, seen.due, seen.last, upcoming, force))
    return tuple(found)


def _falls(group: tuple[MonthDay, ...], day: date) -> bool:
    return any(of.falls_on(day) for of in group)
