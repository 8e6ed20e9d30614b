"""What goes on in nights and weekends, by the clock of those who work?"""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from finops_mcp.analytics.patterns.clock import HourlyUse, hourly_job, idle_cycle

MONDAY = date(2026, 6, 1)
MONTH = 365.25 / 12


def hours(used: Callable[[int, int], float], price: float = 0.5) -> HourlyUse:
    """Make four weeks of one stream, by weekday (Monday 0) and hour in UTC."""
    use = np.array([[used(n // 24 % 7, n % 24) for n in range(28 * 24)], np.zeros(28 * 24)], dtype=float)
    return HourlyUse(MONDAY, ("service_name",), (("EC2",),), use, use * price, np.zeros(2))


def test_what_always_runs_has_its_share_of_hours_there() -> None:
    cycle = idle_cycle(hours(lambda *_: 2), 0, 0)
    assert cycle is not None
    assert cycle.share == pytest.approx(108 / 168)  # five nights of twelve hours, and two days
    assert cycle.hourly_ratio == pytest.approx(1)
    assert cycle.strength == 0
    # 108 hours a week at 2 * 0.5, in weeks of a month
    assert cycle.monthly == pytest.approx(108 * 4 / 28 * MONTH)


def test_what_is_switched_off_rests() -> None:
    cycle = idle_cycle(hours(lambda weekday, hour: weekday < 5 and 8 <= hour < 20), 0, 0)
    assert cycle is not None
    assert (cycle.share, cycle.hourly_ratio, cycle.strength, cycle.monthly) == (0, 0, 1, 0)


def test_half_as_much_at_night_is_half_of_a_working_hour() -> None:
    cycle = idle_cycle(hours(lambda weekday, hour: 2 if weekday < 5 and 8 <= hour < 20 else 1), 0, 0)
    assert cycle is not None
    assert cycle.hourly_ratio == pytest.approx(0.5)
    assert cycle.share == pytest.approx(108 / (108 + 2 * 60))


@pytest.mark.parametrize("offset", [-8, 2, 10])
def test_nights_are_those_of_the_clock_that_is_given(offset: int) -> None:
    def working(weekday: int, hour: int) -> bool:
        local = (weekday * 24 + hour + offset) % 168
        return local // 24 < 5 and 8 <= local % 24 < 20

    used = hours(working)
    cycle = idle_cycle(used, 0, offset)
    assert cycle is not None
    assert cycle.share == 0
    by_utc = idle_cycle(used, 0, 0)
    assert by_utc is not None
    assert by_utc.share > 0


def test_without_use_nothing_is_said() -> None:
    assert idle_cycle(hours(lambda *_: 0), 0, 0) is None


def test_a_job_of_two_hours_each_night_is_found_with_what_it_costs() -> None:
    used = hours(lambda _, hour: 9 if hour in {2, 3} else 1)
    job = hourly_job(used, 0, 1)
    assert job is not None
    assert job.hours == (3, 4)  # by a clock one hour ahead
    assert (job.seen, job.due) == (28, 28)
    assert job.strength == pytest.approx(1)
    assert job.monthly == pytest.approx(2 * 8 * 0.5 * MONTH)


def test_a_working_day_is_no_job() -> None:
    assert hourly_job(hours(lambda _, hour: 9 if 8 <= hour < 20 else 1), 0, 0) is None


def test_what_comes_on_one_day_of_the_week_is_no_job_of_each_day() -> None:
    assert hourly_job(hours(lambda weekday, hour: 9 if (weekday, hour) == (2, 4) else 1), 0, 0) is None


def test_streams_together_are_their_sums_and_say_how_much_is_told() -> None:
    use = np.array([[3.0] * 168, [1.0] * 168])
    both = HourlyUse(MONDAY, ("service_name",), (("EC2",),), use, use / 2, np.array([0.0, 168.0]))
    assert both.whole.use.tolist() == [[4.0] * 168]
    assert both.told_ratio(0) == 1
    assert both.told_ratio(1) == pytest.approx(0.5)
    assert both.whole.told_ratio(0) == pytest.approx(4 / 5)
