"""Does the cache give each stream's cost day by day, and say which days it knows nothing of?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from finops_mcp.cache.by_day import Days
from finops_mcp.cache.home import Home
from tests.support.homes import TinyHome, charge, costs_of
from tests.support.organisations import Row

Make = Callable[[], TinyHome]
JANUARY = Days(date(2026, 1, 1), date(2026, 2, 1), "USD")


def on(day: int, cost: str, **columns: Any) -> Row:
    start = datetime(2026, 1, day, 7)  # noqa: DTZ001 - exports carry UTC without a zone
    times: dict[str, Any] = {
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=1),
        "identity_line_item_id": f"{day}-{cost}-{columns}",
    }
    return charge(cost, **{**times, **columns})


def delivered(tiny: TinyHome, rows: list[Row]) -> TinyHome:
    tiny.deliver(rows)
    tiny.refresh()
    return tiny


def test_every_stream_has_its_days_and_they_add_up(tiny_home: Make) -> None:
    rows = [on(day, "2") for day in range(1, 11)]
    rows += [on(day, "0.5", line_item_usage_account_id="418273650915") for day in (3, 4)]
    costs = delivered(tiny_home(), rows).costs()
    found = costs.by_day(JANUARY, ["sub_account_id"])
    assert found.keys == (("215530417762",), ("418273650915",))
    assert found.days == 10  # nothing is said of days after the newest charge
    assert found.amounts[0].tolist() == [2.0] * 10
    assert found.amounts[1].tolist() == [0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]
    assert found.covered.all()
    assert found.by([]).amounts.tolist() == [found.total.tolist()]


def test_a_day_that_was_not_delivered_is_not_a_day_without_cost(tiny_home: Make) -> None:
    costs = delivered(tiny_home(), [on(day, "2") for day in range(1, 21) if day != 9]).costs()
    found = costs.by_day(JANUARY, ["service_name"])
    assert np.flatnonzero(~found.covered).tolist() == [8]
    assert found.until(date(2026, 1, 9)).covered.all()


def test_a_charge_of_another_month_on_the_bill_is_none_of_its_days(tiny_home: Make) -> None:
    before = on(1, "99", line_item_usage_start_date=datetime(2025, 12, 30, 7))  # noqa: DTZ001
    costs = delivered(tiny_home(), [on(day, "2") for day in range(1, 32)] + [before]).costs()
    assert costs.by_day(JANUARY, ["service_name"]).amounts.tolist() == [[2.0] * 31]


def test_one_payers_missing_day_leaves_the_others_known(tiny_home: Make) -> None:
    rows = [on(day, "2") for day in range(1, 21)]
    other = {"bill_payer_account_id": "999999999999", "line_item_usage_account_id": "999999999999"}
    tiny = tiny_home()
    tiny.deliver(rows, export="one")
    tiny.deliver([on(day, "3", **other) for day in range(1, 21) if day != 5], export="two")
    tiny.refresh()
    found = tiny.costs().by_day(JANUARY, ["sub_account_id"])
    gaps = {key[0]: np.flatnonzero(~held).tolist() for key, held in zip(found.keys, found.held, strict=True)}
    assert gaps == {"215530417762": [], "999999999999": [4]}
    assert np.flatnonzero(~found.by([]).covered).tolist() == [4]  # of the sum, that day is not known


def test_a_payer_that_rarely_uses_anything_has_days_without_cost(tiny_home: Make) -> None:
    costs = delivered(tiny_home(), [on(day, "2") for day in (1, 8, 15, 22)]).costs()
    assert costs.by_day(JANUARY, ["service_name"]).covered.all()


def test_a_whole_month_is_its_days_of_use_and_not_what_was_billed_in_it(tiny_home: Make) -> None:
    late = on(1, "7", line_item_usage_start_date=datetime(2025, 12, 30, 7))  # noqa: DTZ001
    costs = delivered(tiny_home(), [*(on(day, "2") for day in range(1, 32)), late]).costs()
    # Billed in January, and used on a day before: it belongs to none of January's.
    assert costs.by_day(JANUARY, ["service_name"]).amounts.tolist() == [[2.0] * 31]


@pytest.mark.parametrize("dimensions", [["service_name"], ["sub_account_id", "region_id"], ["resource_id"]])
def test_the_sample_adds_up_to_the_same_month(sample_home: Home, dimensions: list[str]) -> None:
    found = costs_of(sample_home).by_day(Days(date(2026, 9, 1), date(2026, 10, 1), "USD"), dimensions)
    # The evaluation proves September's effective cost over the exported files (question E1).
    assert float(found.amounts.sum()) == pytest.approx(31424.29420036284, rel=1e-12)
    assert found.covered.all()
