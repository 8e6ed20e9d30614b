"""Is a question without an answer refused with the word that was meant, and half an answer caveated?"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.errors import (
    BackwardsDates,
    FinopsError,
    NoDataForPeriod,
    UnknownDimension,
    UnknownMetric,
    UnknownValue,
)
from finops_mcp.vocabulary import Filter
from tests.support.homes import TinyHome, by, charge

D = Decimal
FEBRUARY = date(2026, 2, 1)
Make = Callable[[], TinyHome]


@pytest.fixture(scope="module")
def opened(tiny_home: Make) -> Costs:
    """January in full, February to the tenth."""
    made = tiny_home()
    last = {"line_item_usage_start_date": datetime.fromisoformat("2026-01-31T23")}
    made.deliver([charge("1", resource_tags={"user_team": "shop"}), charge("2", **last)])
    open_month: dict[str, Any] = {"bill_invoice_id": None, "line_item_product_code": "AmazonS3"}
    tenth = {"line_item_usage_start_date": datetime.fromisoformat("2026-02-10T03")}
    made.deliver(
        [charge("4", FEBRUARY, **open_month), charge("8", FEBRUARY, **open_month, **tenth)], FEBRUARY
    )
    made.refresh()
    return made.costs()


@pytest.fixture
def costs(opened: Costs) -> Costs:
    """A question of one's own to it."""
    return Costs(opened.opened)


def refused(costs: Costs, kind: type[FinopsError], **asked: Any) -> FinopsError:
    with pytest.raises(kind) as raised:
        costs.select(**asked)
    assert type(raised.value) is kind
    return raised.value


def test_a_month_without_data_names_those_that_have_some(costs: Costs) -> None:
    error = refused(costs, NoDataForPeriod, month="2026-03")
    assert str(error).startswith("The cache holds no charges for 2026-03; it holds 2026-01 to 2026-02.")
    assert error.valid == ["2026-01", "2026-02"]
    assert error.near
    refused(costs, NoDataForPeriod, start="2030-01-01")
    refused(costs, NoDataForPeriod, start="2026-02-11", end="2026-02-20")


def test_dates_the_wrong_way_round(costs: Costs) -> None:
    refused(costs, BackwardsDates, start="2026-02-02", end="2026-02-02")


@pytest.mark.parametrize(
    ("kind", "asked", "nearest"),
    [
        (UnknownDimension, {"dimensions": ["service"]}, "service_name"),
        (UnknownMetric, {"metric": "amortised_cost"}, "amortized_cost"),
        (
            UnknownValue,
            {"filters": [Filter(dimension="service_code", values=["AmazonEC"])]},
            "AmazonEC2",
        ),
        (UnknownValue, {"dimensions": ["tag:teams"]}, "team"),
        (UnknownValue, {"filters": [Filter(dimension="tag:Team", op="absent")]}, "team"),
        (UnknownValue, {"filters": [Filter(dimension="tag:team", values=["shops"])]}, "shop"),
    ],
)
def test_an_unknown_word_is_told_its_nearest(
    kind: type[FinopsError], asked: dict[str, Any], nearest: str, costs: Costs
) -> None:
    error = refused(costs, kind, month="2026-01", **asked)
    assert nearest in error.near
    assert f"Did you mean {error.near[0]}" in str(error)
    assert error.exit_code == 2


def test_a_code_given_as_a_name_is_pointed_to_its_own_dimension(costs: Costs) -> None:
    error = refused(costs, UnknownValue, filters=[Filter(dimension="service_name", values=["AmazonEC2"])])
    assert "service_code = AmazonEC2" in error.near


def test_nothing_is_near_to_nonsense() -> None:
    assert near("zzzz", ["service_name", "region_id"]) == []


def test_a_month_still_running_says_so_and_compares_with_as_many_days(costs: Costs) -> None:
    asked = costs.select(compare="previous_period")
    assert asked.previous is not None
    assert asked.previous.name == "2026-01 (to day 10)"
    said = costs.caveats(asked)
    assert any(s.startswith("2026-02 is not complete: charges run to 2026-02-10") for s in said)
    assert "Compared over like spans: 2026-01 (to day 10) against data to 2026-02-10." in said
    rows = costs.ask("select in_period, sum(unblended_cost) from selection group by 1 order by 1", asked)
    assert rows == [(False, D(1)), (True, D(12))]
    basis = costs.basis(asked)
    assert (basis.period.state, basis.period.complete) == ("open", False)
    assert (basis.compared_with and basis.compared_with.end_exclusive) == "2026-01-11"


def test_a_finished_month_is_closed_and_complete(costs: Costs) -> None:
    asked = costs.select(month="2026-01")
    basis = costs.basis(asked)
    assert (basis.period.state, basis.period.complete) == ("closed", True)
    assert costs.caveats(asked) == []


def test_months_the_cache_does_not_hold_are_named_however_many(costs: Costs) -> None:
    said = costs.caveats(costs.select(start="2025-12-01", end="2026-03-01"))
    assert "The cache holds no charges for 2025-12: not counted, which is not zero." in said
    (long,) = [
        s for s in costs.caveats(costs.select(start="2000-01-01", end="2100-01-01")) if "no charges" in s
    ]
    assert len(long) < 300
    assert "more months" in long


def test_today_is_the_newest_charge(costs: Costs) -> None:
    assert costs.today == date(2026, 2, 10)


def test_the_parts_left_out_of_costs_are_in_the_basis(tiny_home: Make) -> None:
    made = tiny_home()
    kinds = {"Usage": "100", "Tax": "19", "Credit": "-7", "Refund": "-3"}
    made.deliver([charge(cost, line_item_line_item_type=kind) for kind, cost in kinds.items()])
    made.refresh()
    costs = made.costs()
    includes = costs.basis(costs.select(metric="billed_cost")).includes
    assert {k: (i.included, i.amount) for k, i in includes.items()} == {
        "credits": (False, "-7.00"),
        "refunds": (True, "-3.00"),
        "tax": (False, "19.00"),
        "support": (True, "0.00"),
        "marketplace": (True, "0.00"),
    }
    assert sum(by(costs, "charge_type").values()) == D(109)


def test_currencies_are_never_added(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("80", line_item_currency_code="INR")])
    made.refresh()
    costs = made.costs()
    asked = costs.select()
    assert costs.basis(asked).currency == "INR, USD"
    assert "Several currencies (INR, USD): one line each, never added." in costs.caveats(asked)
    rows = costs.ask(
        "select billing_currency, sum(unblended_cost) from selection group by all order by all", asked
    )
    assert rows == [("INR", D(80)), ("USD", D(1))]


def test_an_interrupted_question_says_so(costs: Costs) -> None:
    import threading

    from finops_mcp.errors import Cancelled

    timer = threading.Timer(0.2, costs.interrupt)
    timer.start()
    with pytest.raises(Cancelled):
        costs.ask("select count(*) from range(10000000) a, range(10000000) b where a.range % 7 < b.range % 5")
    timer.join()
