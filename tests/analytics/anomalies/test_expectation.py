"""Is a day expected to cost what its weekday and the last weeks say, its past known by what came twice?"""

from datetime import date

import numpy as np
import pytest

from finops_mcp.analytics.anomalies.calendar import without_monthly
from finops_mcp.analytics.anomalies.expectation import bursts, levels, typical_size, weekday_factors
from finops_mcp.analytics.anomalies.novelty import deviations

WEEK = [100.0, 100, 100, 100, 100, 50, 50]
"""Its mean is 600 / 7, so that working days are 7 / 6 of it, and the others 7 / 12."""


def test_weekdays_are_ratios_to_the_days_around_them() -> None:
    factors = weekday_factors(np.array([WEEK * 10]))
    assert factors[0, -7:] == pytest.approx([7 / 6] * 5 + [7 / 12] * 2)
    assert (factors[0, :14] == 1).all()  # of no weekday two are known


def test_the_level_is_the_mean_of_a_week_and_moves_when_half_of_two_weeks_have() -> None:
    amounts = np.array([WEEK * 10 + [2 * day for day in WEEK] * 2])
    level = levels(amounts, weekday_factors(amounts))
    assert level[0, 69] == pytest.approx(600 / 7)
    assert level[0, 69 + 6] == pytest.approx(600 / 7)  # six days of fourteen cost twice as much
    assert level[0, 69 + 8] == pytest.approx(1200 / 7)  # eight of fourteen do


def test_a_weekly_job_has_a_level() -> None:
    amounts = np.array([[0.0, 0, 70, 0, 0, 0, 0] * 10])
    factors = weekday_factors(amounts)
    assert factors[0, -7:] == pytest.approx([0, 0, 7, 0, 0, 0, 0])
    assert levels(amounts, factors)[0, -1] == pytest.approx(10)


def test_noise_is_a_median_that_one_burst_does_not_move() -> None:
    # deviations 1, -1, 1, -1, … have a median size of 1: 1.4826 standard deviations
    days = np.array([[1.0, -1] * 20 + [500]])
    assert typical_size(days)[0, -1] == pytest.approx(1.4826)


def test_bursts_vary_by_factors() -> None:
    # logarithms of 0, 1 and -1 in turns: their median is 0, and that of their distances from it 1
    amounts = np.array([[1.0, np.e, 1 / np.e] * 30])
    spread = 1.4826 * (1 + 4 / 90)  # ninety days tell it well
    assert bursts(amounts, np.ones_like(amounts))[0, -1] == pytest.approx(np.exp(3.7 * spread), rel=0.01)
    steady = np.full((1, 90), 40.0)
    assert bursts(steady, np.ones_like(steady))[0, -1] == pytest.approx(40)


def test_a_window_is_held_against_the_level_before_it() -> None:
    amounts = np.array([[100.0] * 60 + [130.0] * 3])
    ones = np.ones_like(amounts)
    of = {
        test.window: float(test.mean[0, -1])
        for test in deviations(amounts, amounts, ones, levels(amounts, ones), 40)
    }
    # three days of 30 more, over windows of 1, 3, 5, 10 and 21 days
    assert of == pytest.approx({1: 30, 3: 30, 5: 18, 10: 9, 21: 90 / 21})


def test_one_surprise_is_no_habit_and_two_are() -> None:
    days = np.full((2, 200), 100.0)
    days[:, 90] += 50
    days[1, 130] += 40
    ones = np.ones_like(days)
    single = next(deviations(days, days, ones, levels(days, ones), 150))
    # of the first only a part of the largest counts, of the second the second largest
    assert single.past.most_above[:, -1] == pytest.approx([0.54 * 50, 40])


def test_a_monthly_fee_is_taken_out_up_to_a_quarter_more_than_it_was() -> None:
    amounts = np.full((1, 100), 10.0)
    first = date(2026, 1, 1)
    fees = {0: 300.0, 31: 310.0, 59: 500.0}  # the first days of January, February and March
    for at, fee in fees.items():
        amounts[0, at] += fee
    kept = without_monthly(amounts, np.full((1, 100), 10.0), np.zeros((1, 100)), first)
    assert np.isnan(kept[0, 0])  # whether January's comes back is not known yet
    assert kept[0, [31, 59]] == pytest.approx([10, 10 + 500 - 1.25 * 310])
