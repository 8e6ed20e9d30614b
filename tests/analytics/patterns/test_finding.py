"""Are the patterns found that a series is made of, and no others?"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.patterns.finding import patterns_of
from finops_mcp.analytics.patterns.month_days import MonthDay
from tests.analytics.patterns.made import DAYS, FIRST, costs, day, found, nothing_but, series

MONTH = 365.25 / 12
SUNDAY = 6


def weekend(_: int, on: date) -> float:
    return 20 if on.weekday() >= 5 else 100


def test_a_week_without_noise_has_its_season_whole() -> None:
    patterns = found(weekend)
    assert nothing_but(patterns, "season")
    assert patterns.season is not None
    assert patterns.season.costs == pytest.approx([100] * 5 + [20] * 2)
    assert patterns.season.strength == pytest.approx(1)
    assert patterns.season.weekend_ratio == pytest.approx(0.2)
    # The median day costs 100; two of seven days cost 80 less.
    assert patterns.season.monthly == pytest.approx(-80 * 2 / 7 * MONTH)


def test_noise_beside_a_season_takes_of_its_strength_what_the_formula_says() -> None:
    strengths = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 20, DAYS)
        season = patterns_of(series(costs(weekend) + noise)).season
        assert season is not None
        strengths.append(season.strength)
    # Var(S) = 80^2 * 5/7 * 2/7 = 1306, Var(R) = 20^2: 1 - 400 / 1706 = 0.766
    assert np.mean(strengths) == pytest.approx(0.766, abs=0.02)


def test_a_step_has_its_day_and_its_levels() -> None:
    patterns = found(lambda n, _: 160 if n >= 90 else 100)
    assert nothing_but(patterns, "step")
    (step,) = patterns.steps
    assert step.day == date(2026, 4, 1) == day(90)
    assert (step.before, step.after) == pytest.approx((100, 160))
    assert step.monthly == pytest.approx(60 * MONTH)
    assert step.strength == pytest.approx(1)


@pytest.mark.parametrize("seed", range(10))
def test_a_step_in_noise_and_a_season_is_put_within_two_days(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 10, DAYS)
    made = costs(lambda n, on: weekend(n, on) + (60 if n >= 90 else 0))
    patterns = patterns_of(series(made + noise))
    (step,) = patterns.steps
    assert abs((step.day - day(90)).days) <= 2
    assert step.after - step.before == pytest.approx(60, abs=6)
    assert patterns.season is not None


def test_two_a_day_is_its_growth_by_the_month() -> None:
    patterns = found(lambda n, _: 100 + 2 * n)
    assert nothing_but(patterns, "growth")
    growth = patterns.growth
    assert growth is not None
    # A day costs 2 * 30.4375 more each month, and a month has 30.4375 of them.
    assert growth.monthly == pytest.approx(2 * 30.4375**2)
    assert (growth.low, growth.high) == pytest.approx((growth.monthly, growth.monthly))
    # The middle of 180 days lies between the 90th and the 91st, at 100 + 2 * 89.5 = 279 a day.
    assert growth.ratio == pytest.approx(2 * 30.4375 / 279)
    assert growth.strength == pytest.approx(1)


def test_a_step_upon_growth_is_told_from_it() -> None:
    patterns = found(lambda n, _: 100 + 2 * n + (300 if n >= 60 else 0))
    assert nothing_but(patterns, "growth", "step")
    assert patterns.growth is not None
    assert patterns.growth.monthly == pytest.approx(2 * 30.4375**2)
    (step,) = patterns.steps
    # On its first day, the 61st: 100 + 2 * 60 without the step, and 300 more with it.
    assert step.day == day(60)
    assert (step.before, step.after) == pytest.approx((220, 520))


def test_one_wild_day_neither_grows_nor_steps() -> None:
    patterns = found(lambda n, _: 100 + 2 * n + (9000 if n == 170 else 0))
    assert nothing_but(patterns, "growth")
    assert patterns.growth is not None
    assert patterns.growth.monthly == pytest.approx(2 * 30.4375**2, rel=1e-3)


def test_a_job_of_each_sunday_is_a_job_and_no_season() -> None:
    patterns = found(lambda _, on: 70 if on.weekday() == SUNDAY else 20)
    assert nothing_but(patterns, "job")
    (job,) = patterns.jobs
    assert (job.weekdays, job.month_days) == ((SUNDAY,), ())
    assert job.amount == pytest.approx(50)
    assert job.monthly == pytest.approx(50 / 7 * MONTH)
    sundays = sum(day(n).weekday() == SUNDAY for n in range(DAYS))
    assert (job.seen, job.due) == (sundays, sundays)
    assert (job.last, job.upcoming) == (date(2026, 6, 28), date(2026, 7, 5))
    assert job.strength == pytest.approx(1)


def test_a_job_of_the_last_day_comes_again_a_week_later() -> None:
    patterns = found(lambda _, on: 70 if on.weekday() == SUNDAY else 20, days=DAYS - 1)
    (job,) = patterns.jobs
    assert (job.last, job.upcoming) == (date(2026, 6, 28), date(2026, 7, 5))


@pytest.mark.parametrize(
    ("number", "months", "last", "upcoming"),
    [(1, 6, date(2026, 6, 1), date(2026, 7, 1)), (-1, 5, date(2026, 5, 31), date(2026, 6, 30))],
    ids=["the first", "the last"],
)
def test_a_fee_of_one_day_of_the_month_is_on_that_day_alone(
    number: int, months: int, last: date, upcoming: date
) -> None:
    of_month = MonthDay(number)
    patterns = found(lambda _, on: 100 + (300 if of_month.falls_on(on) else 0))
    assert nothing_but(patterns, "job")
    (job,) = patterns.jobs
    assert (job.weekdays, job.month_days) == ((), (of_month,))
    assert (job.amount, job.monthly) == pytest.approx((300, 300))
    assert (job.seen, job.due, job.last, job.upcoming) == (months, months, last, upcoming)
    assert patterns.model.level == pytest.approx(100)


def test_nothing_but_a_fee_is_a_fee() -> None:
    patterns = found(lambda _, on: 500 if on.day == 3 else 0)
    assert nothing_but(patterns, "job")
    assert patterns.jobs[0].month_days == (MonthDay(3),)


def test_two_months_are_too_few_for_a_day_of_the_month() -> None:
    assert nothing_but(found(lambda _, on: 100 + (300 if on.day == 1 else 0), days=59))


def test_all_at_once_are_told_apart() -> None:
    patterns = found(lambda n, on: weekend(n, on) + n + (40 if n >= 100 else 0) + (500 if on.day == 1 else 0))
    assert nothing_but(patterns, "growth", "step", "season", "job")
    assert patterns.growth is not None
    assert patterns.growth.monthly == pytest.approx(30.4375**2, rel=0.01)
    assert [step.day for step in patterns.steps] == [day(100)]
    assert patterns.jobs[0].amount == pytest.approx(500, rel=0.01)


def test_days_that_are_not_known_change_nothing() -> None:
    made = costs(lambda n, on: weekend(n, on) + 2 * n)
    made[70:110] = 0  # what was not delivered stands as zero, and is no cost
    patterns = patterns_of(series(made, missing=range(70, 110)))
    assert nothing_but(patterns, "growth", "season")
    assert patterns.growth is not None
    assert patterns.growth.monthly == pytest.approx(2 * 30.4375**2)


@pytest.mark.parametrize("amount", [0, 5, -3])
def test_what_never_changes_has_no_pattern(amount: float) -> None:
    assert nothing_but(found(lambda *_: amount))


@pytest.mark.parametrize("days", [60, 180])
def test_white_noise_has_patterns_as_rarely_as_is_said(days: int) -> None:
    seeds = 200
    seen = {"growth": 0, "step": 0, "season": 0, "job": 0}
    for seed in range(seeds):
        noise = np.random.default_rng(seed).normal(100, 10, days)
        patterns = patterns_of(series(noise))
        seen["growth"] += patterns.growth is not None
        seen["step"] += bool(patterns.steps)
        seen["season"] += patterns.season is not None
        seen["job"] += bool(patterns.jobs)
    assert seen["growth"] <= 0.04 * seeds
    assert seen["step"] <= 0.01 * seeds
    assert seen["season"] <= 0.01 * seeds
    assert seen["job"] == 0


def test_days_that_resemble_those_before_them_make_no_steps() -> None:
    seeds, found_steps = 100, 0
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).normal(0, 10, DAYS)
        for n in range(1, DAYS):
            drawn[n] += 0.5 * drawn[n - 1]
        found_steps += bool(patterns_of(series(100 + drawn)).steps)
    assert found_steps <= 0.06 * seeds


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), times=st.sampled_from([0.25, 8.0, 1024.0]))
def test_in_another_unit_the_patterns_are_the_same(seed: int, times: float) -> None:
    drawn = np.random.default_rng(seed)
    noise = drawn.normal(0, 5, DAYS)
    made = costs(lambda n, on: weekend(n, on) + n + (60 if n >= 80 else 0)) + noise
    one, other = patterns_of(series(made)), patterns_of(series(made * times))
    assert [s.day for s in one.steps] == [s.day for s in other.steps]
    assert [s.monthly * times for s in one.steps] == pytest.approx([s.monthly for s in other.steps])
    assert (one.growth is None) == (other.growth is None)
    if one.growth and other.growth:
        assert one.growth.monthly * times == pytest.approx(other.growth.monthly)
        assert one.growth.low <= one.growth.monthly <= one.growth.high
    for season in (one.season, other.season):
        assert season is not None
        assert 0 <= season.strength <= 1


def test_the_same_days_tell_the_same_each_time() -> None:
    noise = np.random.default_rng(3).normal(0, 15, DAYS)
    made = costs(weekend) + noise
    first, second = patterns_of(series(made)), patterns_of(series(made))
    assert (first.growth, first.steps, first.season, first.jobs) == (
        second.growth,
        second.steps,
        second.season,
        second.jobs,
    )
    assert FIRST.weekday() == 3
