"""Does cost_forecast add what is charged, exactly, to an estimate that says how sure it is?"""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.errors import HistoryTooShort, InvalidArgument
from finops_mcp.exports.sample.organisation import PAYER
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.tiny import asked, by_first, charge, column, home_of

D = Decimal
FIRST = date(2026, 1, 1)
DOLLARS = {"dimension": "billing_account_id", "op": "eq", "values": [PAYER.id]}


def every_day(cost: str, days: int, **more: Any) -> list[dict[str, Any]]:
    return [charge(cost, FIRST + timedelta(days=n), **more) for n in range(days)]


def monthly(cost: str, months: int, **more: Any) -> list[dict[str, Any]]:
    fee = {"line_item_line_item_type": "Fee", "line_item_product_code": "AWSSupportBusiness"}
    return [charge(cost, date(2026, n, 1), **(fee | more)) for n in range(1, months + 1)]


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    """2.00 a day and a fee of 30.00 on the first, up to the 10th of April; 5.00 a day of another account."""
    other = {"line_item_usage_account_id": "215530417762", "line_item_product_code": "AmazonS3"}
    charges = [*every_day("2", 100), *every_day("5", 100, **other), *monthly("30", 4)]
    return home_of(tmp_path_factory.mktemp("flat"), charges).toolbox


def test_a_month_lands_at_what_is_charged_and_what_is_to_come(flat: Toolbox) -> None:
    answer = asked(flat, "cost_forecast")
    # Ten days of 7.00 and the fee are charged; twenty days of 7.00 are to come.
    (row,) = answer["rows"]
    assert row[:8] == ["2026-04", "100.00", "140.00", "240.00", *["240.00"] * 4]
    # In January nothing told yet of the fee, so that one in twenty forecasts may miss it.
    assert D(row[8]) < 240 < D(row[9])
    assert answer["totals"] == {
        "so_far": "100.00", "to_come": "140.00", "landing": "240.00", "low_80": "240.00", "high_80": "240.00",
    }  # fmt: skip
    assert "lands at 240.00 USD (80 %: 240.00 to 240.00)" in answer["summary"]
    assert answer["growth"] == {"USD": 0.0}
    assert any("is an estimate" in c for c in answer["caveats"])


def test_a_quarter_and_a_year_have_their_months_and_fees_by_date(flat: Toolbox) -> None:
    quarter = asked(flat, "cost_forecast", horizon="quarter_end")
    assert by_first(quarter, "landing") == {
        "2026-04": "240.00",
        "2026-05": "247.00",  # 31 days of 7.00, and the fee
        "2026-06": "240.00",
    }
    assert [row[:3] for row in quarter["known_steps"]["rows"]] == [
        ["2026-05-01", "AWSSupportBusiness (Fee)", "30.00"],
        ["2026-06-01", "AWSSupportBusiness (Fee)", "30.00"],
    ]
    year = asked(flat, "cost_forecast", horizon="year_end")
    assert column(year, "month") == [f"2026-{n:02}" for n in range(1, 13)]
    assert column(year, "so_far")[:3] == ["247.00", "226.00", "247.00"]
    assert column(year, "to_come")[:3] == ["0.00"] * 3
    assert year["totals"]["landing"] == "2915.00"  # 365 days of 7.00, and twelve fees
    assert any("go beyond what 100 days of history can try" in c for c in year["caveats"])


def test_any_end_may_be_asked_for(flat: Toolbox) -> None:
    answer = asked(flat, "cost_forecast", end="2026-05-04")
    assert by_first(answer, "landing") == {"2026-04": "240.00", "2026-05": "51.00"}  # the fee, 3 days of 7
    for wrong in ("2026-04-11", "2026-02-30", "2029-01-01"):
        with pytest.raises(InvalidArgument, match="end "):
            asked(flat, "cost_forecast", end=wrong)
    with pytest.raises(InvalidArgument, match="cannot be parted by day"):
        asked(flat, "cost_forecast", dimension=["day"])


def test_parts_land_by_themselves_and_filters_narrow(flat: Toolbox) -> None:
    parts = asked(flat, "cost_forecast", dimension=["service_code"], end="2026-06-01")
    assert by_first(parts, "landing") == {
        "AmazonS3": "305.00",  # 61 days of 5.00
        "AmazonEC2": "122.00",
        "AWSSupportBusiness": "60.00",
    }
    only = {"dimension": "service_code", "op": "eq", "values": ["AmazonS3"]}
    assert asked(flat, "cost_forecast", filters=[only])["totals"]["landing"] == "150.00"
    first = asked(flat, "cost_forecast", dimension=["service_code"], top=1)
    assert (len(first["rows"]), first["total_rows"], first["truncated"]) == (1, 3, True)
    assert first["totals"]["landing"] == "240.00"


def test_too_little_history_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    toolbox = home_of(tmp_path, every_day("2", 50)).toolbox
    with pytest.raises(HistoryTooShort, match=r"needs 56 finished days.* holds 50 finished days"):
        asked(toolbox, "cost_forecast")


def test_currencies_stay_apart_and_one_that_cannot_be_told_is_named(tmp_path: Path) -> None:
    euros = {"line_item_currency_code": "EUR", "bill_payer_account_id": "999999999999"}
    young = {"line_item_currency_code": "INR", "bill_payer_account_id": "888888888888"}
    charges = [*every_day("2", 100), *every_day("3", 100, **euros), *every_day("9", 100, **young)[-10:]]
    answer = asked(home_of(tmp_path, charges).toolbox, "cost_forecast")
    assert [row[:5] for row in answer["rows"]] == [
        ["2026-04", "EUR", "30.00", "60.00", "90.00"],
        ["2026-04", "USD", "20.00", "40.00", "60.00"],
    ]
    for tested in answer["backtest"]["rows"]:  # origins from day 28 to day 80
        assert dict(zip(answer["backtest"]["columns"], tested, strict=True)) == {
            "billing_currency": tested[0], "days_ahead": 20, "origins": 53, "wape": 0.0, "bias": 0.0,
            "inside_50": 1.0, "inside_80": 1.0, "inside_95": 1.0,
        }  # fmt: skip
    assert answer["totals"]["landing"] == {"EUR": "90.00", "USD": "60.00"}
    assert any("in INR needs 56 finished days" in c for c in answer["caveats"])


def test_a_month_that_is_over_is_followed_by_the_next(tmp_path: Path) -> None:
    toolbox = home_of(tmp_path, every_day("2", 90)).toolbox  # up to the 31st of March
    assert asked(toolbox, "cost_forecast")["rows"][0][:4] == ["2026-04", "0.00", "60.00", "60.00"]


@pytest.mark.parametrize("dimension", [["service_name"], ["sub_account_name", "region_id"]])
def test_parts_add_up_to_the_same_total_whatever_the_dimension(sample: Toolbox, dimension: list[str]) -> None:
    whole = asked(sample, "cost_forecast", horizon="quarter_end")
    parts = asked(sample, "cost_forecast", horizon="quarter_end", dimension=dimension, top=1000)
    assert parts["totals"] == whole["totals"]
    for name in ("so_far", "to_come", "landing"):
        assert sum(map(D, column(whole, name))) == D(whole["totals"][name])
    if not parts["truncated"]:
        for name in ("so_far", "to_come", "landing"):
            assert sum(map(D, column(parts, name))) == D(parts["totals"][name])
    assert all(D(c) == D(c).quantize(D("0.01")) for c in column(parts, "to_come"))


def test_what_is_charged_so_far_is_what_cost_by_says(sample: Toolbox) -> None:
    told = asked(sample, "cost_forecast", dimension=["service_code"], top=100)
    said = asked(sample, "cost_by", month="2026-10", dimension=["service_code"], top=100)
    assert told["totals"]["so_far"] == said["totals"]["effective_cost"]
    charged = {name: cost for name, cost in by_first(told, "so_far").items() if D(cost)}
    costs = by_first(said, "effective_cost")
    assert charged == {name: costs[name] for name in charged}


def test_commitments_that_end_are_put_in_by_what_their_use_would_cost(sample: Toolbox) -> None:
    answer = asked(sample, "cost_forecast", end="2027-02-01", filters=[DOLLARS])
    ends = {row[1]: row for row in answer["known_steps"]["rows"] if row[1] and row[1].endswith("ends")}
    plan = next(row for name, row in ends.items() if "cfb402bd" in name)
    # Of four weeks: its use without it, less that use and what of it went unused; from 10 November on
    # 83 days are left.
    (four_weeks,) = asked(
        sample,
        "cost_sql",
        sql="""select sum(contracted_cost) filter (where commitment_discount_status = 'Used')
            - sum(effective_cost) as more from charges_daily
            where commitment_discount_id like '%cfb402bd%' and charge_date >= date '2026-09-23'""",
    )["rows"]
    expected = (D(four_weeks[0]) / 28 * 83).quantize(D("0.01"))
    assert (plan[0], D(plan[2])) == ("2026-11-10", expected)
    assert {"within_days": 365} in [step["arguments"] for step in answer["next"]]
    # By public prices nothing changes when a commitment ends.
    listed = asked(sample, "cost_forecast", end="2027-02-01", filters=[DOLLARS], metric="list_cost")
    assert not any(str(row[1]).endswith("ends") for row in listed["known_steps"]["rows"])
