"""Are last days that have not arrived whole told from days that cost less?"""

import numpy as np
import pytest

from finops_mcp.analytics.daily import DailyCosts, Floats
from finops_mcp.analytics.patterns.arrival import unfinished_days
from tests.analytics.patterns.made import FIRST, costs


def streams(amounts: Floats) -> DailyCosts:
    keys = tuple((str(n),) for n in range(amounts.shape[0]))
    return DailyCosts(FIRST, ("sku_meter",), keys, amounts, np.ones(amounts.shape, dtype=np.bool_), "USD")


def weekly(streams: int) -> Floats:
    return np.tile(costs(lambda _, on: 20.0 if on.weekday() > 4 else 100.0, days=60), (streams, 1))


@pytest.mark.parametrize("days", [0, 1, 2, 3])
def test_days_that_lack_some_streams_are_counted(days: int) -> None:
    amounts = weekly(10)
    if days:
        amounts[:3, -days:] = 0  # three of ten have not come
    assert unfinished_days(streams(amounts)) == days


def test_a_weekend_is_no_unfinished_day() -> None:
    upto = weekly(3)[:, :53]  # to Sunday, 2026-02-22
    assert streams(upto).last_day.weekday() == 6
    assert unfinished_days(streams(upto)) == 0


def test_a_spike_of_one_does_not_stand_for_others() -> None:
    amounts = weekly(10)
    amounts[0, -1], amounts[5:, -1] = 5000, 0
    assert unfinished_days(streams(amounts)) == 1


def test_what_ended_long_before_is_not_waited_for() -> None:
    amounts = weekly(2)
    amounts[0, 40:] = 0
    assert unfinished_days(streams(amounts)) == 0


def test_no_more_than_three_days_are_left_out() -> None:
    amounts = weekly(4)
    amounts[:, -5:] = 0
    assert unfinished_days(streams(amounts)) == 3


def test_a_few_days_are_taken_as_they_are() -> None:
    assert unfinished_days(streams(weekly(2)[:, :9])) == 0
