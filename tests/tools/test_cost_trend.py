"""Does cost_trend tell whole steps from running ones, and average what it says?"""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.answers import exact
from finops_mcp.exports.sample.organisation import PAYER
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.oracle import OCTOBER, SEPTEMBER, added, by, costs, lines
from tests.tools.tiny import asked, charge, column, home_of


def test_days_are_the_sums_of_their_charges(sample: Toolbox) -> None:
    expected = by(costs(lines(SEPTEMBER)), lambda line: f"{line['start']:%Y-%m-%d}")
    answer = asked(sample, "cost_trend", month="2026-09")
    assert column(answer, "day") == sorted(expected)
    assert dict(zip(column(answer, "day"), column(answer, "effective_cost"), strict=True)) == {
        day: exact(amount) for day, amount in expected.items()
    }
    assert answer["totals"] == {"effective_cost": exact(added(costs(lines(SEPTEMBER))))}
    assert column(answer, "complete") == [True] * 30


def test_the_default_is_the_last_thirty_days_up_to_the_newest_charge(sample: Toolbox) -> None:
    answer = asked(sample, "cost_trend")
    assert column(answer, "day") == [f"{date(2026, 9, 21) + timedelta(days=n)}" for n in range(30)]
    assert answer["basis"]["source"][0]["as_of"] == "2026-10-20T23:00:00Z"


def test_weeks_begin_on_monday_and_one_that_runs_on_says_so(sample: Toolbox) -> None:
    answer = asked(sample, "cost_trend", granularity="week")
    monday = date(2026, 10, 19) - timedelta(weeks=12)
    assert column(answer, "week") == [f"{monday + timedelta(weeks=n)}" for n in range(13)]
    assert column(answer, "complete") == [True] * 12 + [False]
    last = [line for line in costs(lines(OCTOBER)) if line["start"].date() >= date(2026, 10, 19)]
    assert column(answer, "effective_cost")[-1] == exact(added(last))


def test_a_week_half_outside_the_month_is_not_complete(sample: Toolbox) -> None:
    answer = asked(sample, "cost_trend", granularity="week", month="2026-09")
    assert dict(zip(column(answer, "week"), column(answer, "complete"), strict=True)) == {
        "2026-08-31": False,
        "2026-09-07": True,
        "2026-09-14": True,
        "2026-09-21": True,
        "2026-09-28": False,
    }


def test_months_are_thirteen_and_the_open_one_is_not_complete(sample: Toolbox) -> None:
    dollars = {"dimension": "billing_account_id", "op": "eq", "values": [PAYER.id]}
    answer = asked(
        sample, "cost_trend", granularity="month", metric="unblended_cost", scope="bill", filters=[dollars]
    )
    assert column(answer, "month")[0] == "2025-10"
    assert column(answer, "month")[-1] == "2026-10"
    assert column(answer, "complete") == [True] * 12 + [False]
    for month in (date(2025, 10, 1), SEPTEMBER, OCTOBER):
        at = column(answer, "month").index(f"{month:%Y-%m}")
        assert column(answer, "unblended_cost")[at] == exact(added(lines(month), "unblended"))
    assert any("not complete" in c for c in answer["caveats"])
    assert "highest complete month" in answer["summary"]
    assert "2026-10 with" not in answer["summary"]


def steps(*amounts: str) -> list[dict[str, Any]]:
    return [charge(a, date(2026, 1, n)) for n, a in enumerate(amounts, start=1)]


def test_an_average_is_of_so_many_whole_steps_and_absent_until_there_are(tmp_path: Path) -> None:
    toolbox = home_of(tmp_path, steps("1", "2", "4", "7", "0.01")).toolbox
    answer = asked(toolbox, "cost_trend", month="2026-01", average_over=3)
    third = Decimal("11.01") / 3
    assert column(answer, "moving_average") == [
        None,
        None,
        exact((Decimal(7) / 3).quantize(Decimal("1e-12"), ROUND_HALF_EVEN)),
        exact((Decimal(13) / 3).quantize(Decimal("1e-12"), ROUND_HALF_EVEN)),
        exact(third.quantize(Decimal("1e-12"), ROUND_HALF_EVEN)),
    ]
    assert column(asked(toolbox, "cost_trend", average_over=1), "moving_average") == column(
        asked(toolbox, "cost_trend"), "effective_cost"
    )


def test_an_average_never_takes_in_a_step_that_is_not_over(sample: Toolbox) -> None:
    answer = asked(sample, "cost_trend", granularity="week", average_over=2)
    amounts = [Decimal(a) for a in column(answer, "effective_cost")]
    averages = column(answer, "moving_average")
    assert averages[-1] is None
    assert averages[-2] == exact((amounts[-2] + amounts[-3]) / 2)


def test_a_day_without_such_charges_is_zero_where_the_cache_covers_it(tmp_path: Path) -> None:
    other = {"line_item_product_code": "AmazonS3"}
    charges = [
        charge("1", date(2026, 1, 1)), charge("5", date(2026, 1, 2), **other), charge("2", date(2026, 1, 3)),
    ]  # fmt: skip
    only = {"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}
    answer = asked(home_of(tmp_path, charges).toolbox, "cost_trend", month="2026-01", filters=[only])
    assert [row[:2] for row in answer["rows"]] == [
        ["2026-01-01", "1.00"], ["2026-01-02", "0.00"], ["2026-01-03", "2.00"],
    ]  # fmt: skip
    assert column(answer, "complete") == [True, True, True]


def test_a_gap_in_the_cache_is_absent_and_never_zero(tmp_path: Path) -> None:
    charges = [charge("1", date(2026, 1, 31)), charge("2", date(2026, 3, 1))]
    toolbox = home_of(tmp_path, charges).toolbox
    answer = asked(toolbox, "cost_trend", start="2026-01-30", end="2026-03-02")
    assert [row[:2] for row in answer["rows"]] == [["2026-01-31", "1.00"], ["2026-03-01", "2.00"]]
    assert any("no charges for 2026-02" in c for c in answer["caveats"])
    assert asked(toolbox, "cost_trend", granularity="month")["columns"][0] == "month"


def test_an_open_month_is_never_drawn_as_a_fall(tmp_path: Path) -> None:
    # 2.00 a day: January is 62.00, February 56.00, and ten days of March are 20.00, which is no fall.
    days = (date(2026, 1, 1) + timedelta(n) for n in range(31 + 28 + 10))
    charges = [charge("2", day, line_item_usage_amount="1", pricing_unit="Hrs") for day in days]
    toolbox = home_of(tmp_path, charges).toolbox
    answer = asked(toolbox, "cost_trend", granularity="month", average_over=2)
    assert answer["rows"] == [
        ["2026-01", "62.00", None, True], ["2026-02", "56.00", "59.00", True],
        ["2026-03", "20.00", None, False],
    ]  # fmt: skip
    assert any("2026-03" in c and "not complete: charges run to 2026-03-10" in c for c in answer["caveats"])
    assert "2026-03 with" not in answer["summary"]
    # Compared, it is with the same ten days: no change, by cost_by and cost_changes alike.
    for tool, compare in (("cost_by", {"compare": "previous_period"}), ("cost_changes", {})):
        told = asked(toolbox, tool, month="2026-03", **compare)
        assert told["totals"]["previous_effective_cost"] == "20.00"
        assert told["totals"]["change"] == "0.00"
        assert not {"usage", "calendar"} & set(told["totals"])
        assert told["basis"]["compared_with"]["end_exclusive"] == "2026-02-11"
        assert "Compared over like spans: 2026-02 (to day 10) against data to 2026-03-10." in told["caveats"]


@pytest.mark.parametrize("granularity", ["day", "week", "month"])
def test_steps_of_any_length_add_up_to_the_same_total(sample: Toolbox, granularity: str) -> None:
    answer = asked(sample, "cost_trend", granularity=granularity, start="2026-08-01", end="2026-10-01")
    total = added(costs(lines(SEPTEMBER))) + added(costs(lines(date(2026, 8, 1))))
    assert answer["totals"] == {"effective_cost": exact(total)}
    assert sum(map(Decimal, column(answer, "effective_cost"))) == total


def test_a_currency_has_the_steps_of_the_months_that_its_payers_delivered(sample: Toolbox) -> None:
    # The office that pays in rupees is in the cache from 2026-02 to 2026-06 alone.
    answer = asked(sample, "cost_trend", granularity="month", start="2026-01-01", end="2026-09-01")
    rows = [(month, currency) for month, currency, *_ in answer["rows"]]
    rupees = [(f"2026-0{n}", "INR") for n in range(2, 7)]
    assert rows == sorted(rupees + [(f"2026-0{n}", "USD") for n in range(1, 9)])
    assert " in all over 8 months" in answer["summary"]
