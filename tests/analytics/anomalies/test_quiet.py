"""Is nothing told of what comes every week, every month, at holidays, late, or not at all?"""

from datetime import date, timedelta

import numpy as np
import pytest

from finops_mcp.analytics.anomalies import Settings, incidents
from finops_mcp.analytics.daily import DailyCosts
from tests.support.days_of_cost import FIRST, costs, steady, stream


def quiet(streams: DailyCosts, since: int = 40) -> bool:
    """Ask on each day of the end."""
    return not any(
        incidents(streams.until(day + timedelta(days=1)), day)
        for day in (streams.day(at) for at in range(since, streams.days))
    )


def test_weekly_cycles() -> None:
    assert quiet(costs({stream(): [100.0, 101, 99, 100, 102, 40, 35] * 12}))


def test_work_of_one_day_a_week() -> None:
    assert quiet(costs({stream(): [0.0, 0, 70, 0, 0, 0, 0] * 12}))


def monthly(on: int, days: int, fee: float) -> list[float]:
    return [fee if (FIRST + timedelta(days=at)).day == on else 0.0 for at in range(days)]


@pytest.mark.parametrize("on", [1, 2, 28])
def test_fees_of_each_month(on: int) -> None:
    fee = stream(service="AWS Support", meter="Dollar", region=None, charge="Purchase")
    assert quiet(costs({stream(): steady(100, 150), fee: monthly(on, 150, 900.0)}), since=70)


def test_the_first_fee_on_a_first_of_a_month_that_is_seen() -> None:
    fee = stream(service="AWS Support", meter="Dollar", region=None, charge="Purchase")
    assert quiet(costs({stream(): steady(100, 45), fee: monthly(1, 45, 900.0)}), since=24)


def test_batches_at_the_end_of_each_month() -> None:
    days = steady(100, 150)
    for at in range(150):
        if (FIRST + timedelta(days=at + 2)).day <= 2:
            days[at] *= 3
    assert quiet(costs({stream(): days}), since=70)


def test_days_that_are_not_told_whole_yet() -> None:
    streams = costs({stream(): steady(100, 60), stream(service="Amazon S3"): steady(50, 60)})
    for day in range(40, 60):
        seen = streams.until(streams.day(day + 1))
        amounts = seen.amounts * np.array([1.0] * (seen.days - 3) + [0.7, 0.3, 0.02])
        assert not incidents(DailyCosts(**{**vars_of(seen), "amounts": amounts}), streams.day(day))


def vars_of(costs: DailyCosts) -> dict[str, object]:
    return {name: getattr(costs, name) for name in costs.__dataclass_fields__}


def test_days_that_the_exports_left_out() -> None:
    days = steady(100, 60)
    days[45:49] = [0.0] * 4
    assert quiet(costs({stream(): days}, missing=range(45, 49)))


def test_days_on_which_nothing_at_all_was_delivered() -> None:
    days = steady(100, 60)
    days[45:51] = [0.0] * 6
    assert quiet(costs({stream(): days, stream(service="Amazon S3"): [n / 2 for n in days]}))


def test_a_holiday_of_four_days_and_the_return_from_it() -> None:
    rows = {}
    for n in range(6):
        days = steady(100 + n, 70)
        days[50:54] = [day * 0.6 for day in days[50:54]]
        rows[stream(service=f"Service {n}")] = days
    assert quiet(costs(rows))


def test_one_usage_type_in_place_of_another() -> None:
    moved = [min(max(at - 50, 0) / 5, 1) for at in range(70)]
    assert quiet(
        costs(
            {
                stream(meter="BoxUsage:m5.large"): [100 * (1 - part) for part in moved],
                stream(meter="BoxUsage:m6i.large"): [100 * part for part in moved],
                stream(service="Amazon S3"): steady(300, 70),
            }
        )
    )


def test_the_end_of_a_shift_is_none() -> None:
    days = [100.0] * 50 + [160.0] * 10 + [100.0] * 20
    streams = costs({stream(): days})
    told = incidents(streams, streams.last_day)
    assert [(one.start, one.end) for one in told] == [(streams.day(50), streams.day(59))]


def test_ordinary_growth() -> None:
    assert quiet(costs({stream(): [day * 1.003**at for at, day in enumerate(steady(100, 120))]}))


def test_what_is_too_little_by_money_or_by_share() -> None:
    streams = costs({stream(): [100.0] * 50 + [140.0] * 10})
    assert incidents(streams, streams.last_day)
    assert not incidents(streams, streams.last_day, Settings(least=50))
    assert not incidents(streams, streams.last_day, Settings(least_share=0.5))


def test_credits_that_come_late() -> None:
    credit = stream(charge="Credit", meter=None)
    assert quiet(costs({stream(): steady(100, 60), credit: [-40.0] * 58 + [-3.0, 0.0]}), since=59)


def test_no_history_tells_nothing() -> None:
    streams = costs({stream(): [100.0, 100, 500]}, first=date(2026, 3, 2))
    assert incidents(streams, streams.last_day) == []
    assert incidents(costs({stream(): [5.0]}).of([]), FIRST) == []
