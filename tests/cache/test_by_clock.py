"""Does the cache give the use of each hour, of what commitments could pay for, at public prices?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from finops_mcp.cache.by_day import Days
from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row

Make = Callable[[], TinyHome]
WEEKS = Days(date(2026, 1, 1), date(2026, 1, 29), "USD")


def at(day: int, hour: int, cost: str, *, hours: int = 1, **columns: Any) -> Row:
    start = datetime(2026, 1, day, hour)  # noqa: DTZ001 - exports carry UTC without a zone
    times: dict[str, Any] = {
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=hours),
        "identity_line_item_id": f"{day} {hour} {cost} {columns}",
    }
    return charge(cost, **{**times, **columns})


@pytest.fixture
def tiny(tiny_home: Make) -> TinyHome:
    tiny = tiny_home()
    tiny.deliver(
        [
            at(1, 0, "0.5", pricing_public_on_demand_cost="2"),
            at(28, 23, "3"),
            at(2, 7, "1", line_item_usage_account_id="418273650915"),
            at(2, 7, "0.25", line_item_usage_account_id="609427118350"),
            at(3, 0, "24", hours=24),  # by the day
            at(4, 5, "9", line_item_usage_type="DataTransfer-Out-Bytes"),  # no commitment pays for it
        ]
    )
    tiny.refresh()
    return tiny


def test_use_is_at_public_prices_and_cost_in_the_measure(tiny: TinyHome) -> None:
    found = tiny.costs().by_clock(WEEKS, ["sub_account_id"], 20)
    assert found.keys == (("215530417762",), ("418273650915",), ("609427118350",))
    assert found.use.shape == (4, 28 * 24)  # and the others, of which there are none
    used = {(s, int(h)): found.use[s, h] for s, h in zip(*found.use.nonzero(), strict=True)}
    assert used == {(0, 0): 2, (0, 27 * 24 + 23): 3, (1, 31): 1, (2, 31): 0.25}
    assert found.cost[0, 0] == 0.5
    assert found.untold.tolist() == [24, 0, 0, 0]


def test_what_is_not_among_the_greatest_is_kept_together(tiny: TinyHome) -> None:
    found = tiny.costs().by_clock(WEEKS, ["sub_account_id"], 1)
    assert found.keys == (("215530417762",),)
    assert found.use[1].sum() == 1.25
    assert found.whole.use.sum() == 2 + 3 + 1.25
    assert found.whole.told_ratio(0) == pytest.approx(6.25 / 30.25)


def test_without_such_use_there_are_no_streams(tiny_home: Make) -> None:
    tiny = tiny_home()
    tiny.deliver([at(1, 0, "1", line_item_product_code="AmazonS3", line_item_operation="StandardStorage")])
    tiny.refresh()
    found = tiny.costs().by_clock(WEEKS, ["service_name"], 20)
    assert found.keys == ()
    assert found.whole.told_ratio(0) == 0
