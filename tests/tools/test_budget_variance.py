"""Does budget_variance hold budgets against what was spent, and split the gap, to the last digit?"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finops_mcp.app import App
from finops_mcp.errors import BudgetsNotGiven, BudgetsUnreadable, NoDataForPeriod, NoSuchBudget
from tests.tools.tiny import app_at, asked, by_first, charge, column, home_of

D = Decimal
ACCOUNTS = {"a": "111111111111", "b": "222222222222", "c": "333333333333"}
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def used(cost: str, day: date, account: str = "a", team: str | None = None, hour: int = 0) -> dict[str, Any]:
    made = charge(cost, day, line_item_usage_account_id=ACCOUNTS[account])
    start = made["line_item_usage_start_date"] + timedelta(hours=hour)
    tags = {"user:team": team} if team else {}
    times = {"line_item_usage_start_date": start, "line_item_usage_end_date": start + timedelta(hours=1)}
    name = f"{made['identity_line_item_id']} {team} {hour}"
    return made | times | {"resource_tags": tags, "identity_line_item_id": name}


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> App:
    """January whole, 11,500.00: 5,000 of team x, 4,500.75 of y, 1,999.25 of none; tax beside it.

    December had 6,000, 2,000 and 2,000.
    """
    december = date(2025, 12, 1)
    charges = [used("6000", december, team="x"), used("2000", december, team="y"), used("2000", december)]
    charges += [used("5000", JANUARY, team="x"), used("4500.75", JANUARY, "b", team="y")]
    charges += [used("999.25", JANUARY, "c"), used("1000", date(2026, 1, 31), "c", hour=23)]
    charges += [
        used("700", JANUARY) | {"line_item_line_item_type": "Tax", "pricing_public_on_demand_cost": "0"}
    ]
    return home_of(tmp_path_factory.mktemp("january"), charges)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> App:
    """31 of January at 10 a day with 300 more on the third, then 1 to 10 February at 20 and 300 on the third.

    January begins on a Thursday. Account b costs 1 a day.
    """
    days = [JANUARY + timedelta(days=n) for n in range(41)]
    charges = [used("10" if day < FEBRUARY else "20", day, hour=23) for day in days]
    charges += [used("300", day, hour=5) for day in days if day.day == 3]
    charges += [used("1", day, "b", hour=23) for day in days]
    return home_of(tmp_path_factory.mktemp("running"), charges)


@pytest.fixture(autouse=True)
def budgets(january: App, running: App) -> Iterator[None]:
    yield
    for app in (january, running):
        app.refresher.home.budgets.unlink(missing_ok=True)


Told = Callable[..., dict[str, Any]]


def told(app: App, *budgets: str, **arguments: Any) -> dict[str, Any]:
    listed = "\n".join(f"  - {{{budget}}}" for budget in budgets)
    app.refresher.home.budgets.write_text(f"budgets:\n{listed}\n")
    return asked(app.toolbox, "budget_variance", **arguments)


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]


def parts(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return rows(answer["drivers"])


def test_golden_11500_against_10000(january: App) -> None:
    answer = told(january, "period: 2026-01, amount: 10000")
    (row,) = rows(answer)
    assert (row["dimension"], row["value"], row["period"]) == (None, None, "2026-01")
    assert (row["start"], row["end_exclusive"], row["state"]) == ("2026-01-01", "2026-02-01", "complete")
    assert (row["budget"], row["actual"], row["variance"]) == ("10000.00", "11500.00", "1500.00")
    assert (row["variance_ratio"], row["used_share"], row["over"]) == (0.15, 1.15, True)
    assert (row["weighted"], row["forecast"], row["forecast_over"]) == (None, None, None)
    assert answer["totals"] == {
        "budget": "10000.00",
        "budget_to_date": "10000.00",
        "actual": "11500.00",
        "variance": "1500.00",
    }
    assert answer["summary"] == "everything, 2026-01: 11,500.00 USD against 10,000.00, +1,500.00 (+15.0%)."


def test_the_scope_and_measure_are_the_budgets_own(january: App) -> None:
    answer = told(january, "period: 2026-01, amount: 10000, measure: billed_cost, scope: bill")
    (row,) = rows(answer)
    assert (row["measure"], row["scope"], row["actual"]) == ("billed_cost", "bill", "12200.00")
    assert (answer["basis"]["measure"], answer["basis"]["scope"]) == ("billed_cost", "bill")


def test_budgets_of_one_dimension_and_what_none_is_about_add_up(january: App) -> None:
    answer = told(
        january,
        "dimension: 'tag:team', value: x, period: 2026-01, amount: 6000",
        "dimension: 'tag:team', value: y, period: 2026-01, amount: 4000",
    )
    assert column(answer, "value") == ["y", "x"]  # the worst first
    assert column(answer, "variance") == ["500.75", "-1000.00"]
    assert column(answer, "over") == [True, False]
    totals = answer["totals"]
    # 5,000 + 4,500.75 - 10,000 and the 1,999.25 that no team has.
    assert (totals["actual"], totals["unbudgeted"], totals["variance"]) == ("11500.00", "1999.25", "1500.00")
    assert "1 of 2 budgets are over" in answer["summary"]


def test_what_has_no_value_can_have_a_budget(january: App) -> None:
    answer = told(january, "dimension: 'tag:team', value: (none), period: 2026-01, amount: 2000")
    assert (rows(answer)[0]["actual"], rows(answer)[0]["variance"]) == ("1999.25", "-0.75")


def test_budgets_that_overlap_are_each_held_by_themselves_and_never_added(january: App) -> None:
    answer = told(
        january,
        "dimension: 'tag:team', value: x, period: 2026-01, amount: 6000",
        "dimension: sub_account_id, value: '222222222222', period: 2026-01, amount: 1000",
        "period: 2026-01, amount: 10000",
    )
    assert column(answer, "dimension") == [None, "sub_account_id", "tag:team"]
    assert column(answer, "variance") == ["1500.00", "3500.75", "-1000.00"]
    assert answer["totals"] == {}
    assert any(c.startswith("Not added up: these budgets overlap") for c in answer["caveats"])


def test_one_dimension_or_value_can_be_asked_for(january: App) -> None:
    given = (
        "dimension: 'tag:team', value: x, period: 2026-01, amount: 6000",
        "dimension: 'tag:team', value: y, period: 2026-01, amount: 4000",
        "period: 2026-01, amount: 10000",
    )
    assert column(told(january, *given, dimension="tag:team"), "value") == ["y", "x"]
    one = told(january, *given, dimension="tag:team", value="x")
    assert (column(one, "value"), one["totals"]["variance"]) == (["x"], "-1000.00")
    with pytest.raises(NoSuchBudget, match=r"No budget is kept for tag:team = Y\. Did you mean y\?"):
        told(january, *given, dimension="tag:team", value="Y")
    with pytest.raises(NoSuchBudget, match="No budget is kept for region_id"):
        told(january, *given, dimension="region_id")


def test_a_quarter_is_spread_by_day_where_a_month_of_it_is_asked_about(january: App) -> None:
    # 31 of the 90 days of 2026-Q1, and of the 365 of 2026.
    answer = told(january, "period: 2026-Q1, amount: 27000", "period: 2026, amount: 73000", month="2026-01")
    assert column(answer, "budget") == ["9300.00", "6200.00"]
    assert column(answer, "variance") == ["2200.00", "5300.00"]
    assert any("spread evenly by day" in c for c in answer["caveats"])


def test_golden_part_of_a_month_by_the_calendar(running: App) -> None:
    (row,) = rows(told(running, "period: 2026-02, amount: 1400"))
    # Ten of 28 days; 10 days of 20 and 1, and the third's 300.
    assert (row["state"], row["weighted"], row["budget_to_date"]) == ("running", "calendar", "500.00")
    assert (row["actual"], row["variance"], row["variance_ratio"]) == ("510.00", "10.00", 0.02)
    assert (row["over"], row["used_share"]) == (False, round(510 / 1400, 6))


def test_golden_part_of_a_month_by_season_and_where_it_lands(running: App) -> None:
    answer = told(running, "period: 2026-02, amount: 1400", weighting="season")
    (row,) = rows(answer)
    # In January each day cost 11 and the third 300 more: of February's 28 days 608, of its first ten 410.
    due = (D(1400) * 410 / 608).quantize(D("0.01"))
    assert (row["weighted"], D(row["budget_to_date"])) == ("season", due)
    assert D(row["variance"]) == 510 - due
    # Too few days for a forecast. The newest 28 complete ones, 14 January on, cost 18 times 11, ten times 21
    # and the 300; January's would have been 28 times 11 and 300. Eighteen of 11 are to come, at that level.
    level = D(18 * 11 + 10 * 21 + 300) / (28 * 11 + 300)
    assert D(row["forecast"]) == (510 + 18 * 11 * level).quantize(D("0.01"))
    assert (row["forecast_over"], D(row["forecast_variance"])) == (False, D(row["forecast"]) - 1400)
    assert (row["forecast_by"], row["forecast_low_80"]) == ("run-rate", None)
    assert any(c.startswith("budget_to_date by season") for c in answer["caveats"])
    assert any("an estimate" in c for c in answer["caveats"])


def test_a_hundred_days_alike_are_forecast_to_go_on(tmp_path: Path) -> None:
    days = [JANUARY + timedelta(days=n) for n in range(100)]  # to 10 April
    app = home_of(tmp_path, [used("10", d, a, hour=23) for d in days for a in ("a", "b")])
    answer = told(app, "dimension: sub_account_id, value: '111111111111', period: 2026-04, amount: 299.99")
    (row,) = rows(answer)
    assert (row["actual"], row["forecast"], row["forecast_by"]) == ("100.00", "300.00", "forecast")
    assert (row["forecast_variance"], row["forecast_over"], row["over"]) == ("0.01", True, False)
    assert D(row["forecast_low_80"]) <= 300 <= D(row["forecast_high_80"])
    assert any("in four of five cases" in c for c in answer["caveats"])


def test_a_budget_is_said_to_be_overrun_ahead_of_time_and_when_it_is(running: App) -> None:
    (ahead,) = rows(told(running, "period: 2026-02, amount: 600"))
    assert (ahead["over"], ahead["forecast_over"]) == (False, True)
    (now,) = rows(told(running, "period: 2026-02, amount: 509.99"))
    assert (now["over"], now["forecast_over"]) == (True, True)
    (free,) = rows(told(running, "period: 2026-02, amount: 0"))
    assert (free["over"], free["used_share"], free["variance_ratio"]) == (True, None, None)


def test_without_dates_what_is_running_is_told_over_its_own_period(running: App) -> None:
    given = ("period: 2026-01, amount: 1", "period: 2026-02, amount: 1400", "period: 2026-Q1, amount: 9000")
    answer = told(running, *given, "period: 2026-03, amount: 1")
    assert column(answer, "period") == ["2026-02", "2026-Q1"]  # the shorter first
    assert column(answer, "end_exclusive") == ["2026-03-01", "2026-04-01"]
    # 41 of 90 days; 31 times 11 and 300 in January, and February's 510.
    assert column(answer, "budget_to_date") == ["500.00", "4100.00"]
    assert column(answer, "actual") == ["510.00", "1151.00"]
    assert column(told(running, *given, month="2026-01"), "period") == ["2026-01", "2026-Q1"]


def test_what_has_not_begun_is_not_held_against_anything(running: App) -> None:
    given = ("period: 2026-02, amount: 1400", "period: 2026-03, amount: 1")
    answer = told(running, *given, start="2026-02-01", end="2026-04-01")
    begun, coming = rows(answer)
    assert (coming["state"], coming["actual"], coming["variance"], coming["over"]) == (
        "not begun", None, None, None,
    )  # fmt: skip
    assert begun["state"] == "running"
    with pytest.raises(NoDataForPeriod):
        told(running, *given, month="2026-03")
    with pytest.raises(NoSuchBudget, match="none is of 2026-01-01 to 2026-01-31"):
        told(running, *given, month="2026-01")


def test_what_the_cache_does_not_hold_is_named_and_never_zero(running: App) -> None:
    # The year began in what is not in the cache: of October to December nothing is known.
    answer = told(
        running, "period: 2026-02, amount: 1", "period: 2025, amount: 9", start="2025-12-01", end="2026-03-01"
    )
    known, unknown = rows(answer)
    assert (known["period"], known["state"]) == ("2026-02", "running")
    assert (unknown["state"], unknown["actual"], unknown["variance"]) == ("incomplete data", None, None)
    assert any(
        "no charges in USD for 2025-12: not counted, which is not zero" in c for c in answer["caveats"]
    )
    assert answer["totals"] == {}


def test_a_value_that_no_charge_has_is_told_with_what_is_near_and_kept(january: App) -> None:
    answer = told(
        january,
        "dimension: sub_account_id, value: '222222222223', period: 2026-01, amount: 5",
        "dimension: sub_account_id, value: '222222222222', period: 2026-01, amount: 4000",
    )
    known, strange = rows(answer)
    assert (known["variance"], strange["state"]) == ("500.75", "unknown")
    assert (strange["budget"], strange["actual"], strange["over"]) == ("5.00", None, None)
    assert any("222222222223 (near: 222222222222" in c and "is kept" in c for c in answer["caveats"])
    assert answer["totals"] == {}
    with pytest.raises(
        NoSuchBudget, match=r"Nothing can be held against these budgets\. No charge in the cache has"
    ):
        told(january, "dimension: 'tag:nobody', value: x, period: 2026-01, amount: 5")


def test_a_budget_in_a_currency_that_is_not_there_is_not_held_against_anything(january: App) -> None:
    with pytest.raises(NoSuchBudget, match="The cache holds USD and no EUR"):
        told(january, "period: 2026-01, amount: 5, currency: EUR")


def test_of_several_currencies_a_budget_must_name_its_own(tmp_path: Path) -> None:
    other = {"line_item_currency_code": "EUR", "bill_payer_account_id": "999999999999"}
    app = home_of(tmp_path, [used("10", JANUARY), used("3", JANUARY) | other])
    with pytest.raises(NoSuchBudget, match="everything names no currency, and the cache holds EUR, USD"):
        told(app, "period: 2026-01, amount: 5")
    answer = told(
        app, "period: 2026-01, amount: 5, currency: EUR", "period: 2026-01, amount: 4, currency: USD"
    )
    assert column(answer, "actual") == ["3.00", "10.00"]
    assert answer["totals"] == {}


def test_a_currency_whose_exports_ended_has_no_cost_that_is_known(tmp_path: Path) -> None:
    other = {"line_item_currency_code": "EUR", "bill_payer_account_id": "999999999999"}
    app = home_of(tmp_path, [used("10", JANUARY), used("10", FEBRUARY), used("3", JANUARY) | other])
    given = [f"period: 2026-02, amount: 5, currency: {currency}" for currency in ("EUR", "USD")]
    dollars, euros = rows(told(app, *given))
    assert (dollars["billing_currency"], dollars["actual"]) == ("USD", "10.00")
    assert (euros["state"], euros["actual"], euros["over"]) == ("incomplete data", None, None)


def test_without_budgets_it_says_how_to_give_some(january: App) -> None:
    with pytest.raises(BudgetsNotGiven, match="finops-duck budgets FILE"):
        asked(january.toolbox, "budget_variance")
    with pytest.raises(BudgetsUnreadable, match=r"line 2, budgets\.0\.amount: it is missing"):
        told(january, "period: 2026-01")


def test_drivers_are_held_against_their_own_budgets_and_the_period_before(january: App) -> None:
    answer = told(
        january,
        "period: 2026-01, amount: 10000",
        "dimension: 'tag:team', value: x, period: 2026-01, amount: 6000",
        "dimension: 'tag:team', value: x, period: 2026-Q1, amount: 1",
        month="2026-01",
        by="tag:team",
    )
    # x has its 6,000; the other 4,000 are shared as in December: 2,000 and 2,000.
    assert [(p["tag:team"], p["actual"], p["expected"], p["variance"]) for p in parts(answer)] == [
        ("y", "4500.75", "2000.00", "2500.75"),
        ("x", "5000.00", "6000.00", "-1000.00"),
        (None, "1999.25", "2000.00", "-0.75"),
    ]
    assert [p["against"] for p in parts(answer)] == [
        "the period before, scaled", "its budget", "the period before, scaled",
    ]  # fmt: skip
    assert parts(answer)[0]["variance_share"] == round(2500.75 / 1500, 6)
    assert any("are held against 2025-12, scaled" in c for c in answer["caveats"])


def test_a_team_is_split_further_within_itself(january: App) -> None:
    given = "dimension: 'tag:team', value: y, period: 2026-01, amount: 4000"
    answer = told(january, given, by="sub_account_id", month="2026-01")
    # In December y ran in another account alone, which the whole budget is expected of.
    assert [(p["sub_account_id"], p["actual"], p["expected"]) for p in parts(answer)] == [
        (ACCOUNTS["b"], "4500.75", "0.00"),
        (ACCOUNTS["a"], "0.00", "4000.00"),
    ]
    assert parts(answer)[0]["against"] == "nothing before"


def test_without_a_period_before_the_budget_is_of_no_part(running: App) -> None:
    answer = told(running, "period: 2026-01, amount: 600", by="sub_account_id", month="2026-01")
    assert [(p["sub_account_id"], p["variance"]) for p in parts(answer)] == [
        (ACCOUNTS["a"], "610.00"),
        (ACCOUNTS["b"], "31.00"),
        ("(budget of no part)", "-600.00"),
    ]
    assert any("no like span before" in c for c in answer["caveats"])


def test_drivers_of_a_running_month_are_held_against_as_much_of_the_one_before(running: App) -> None:
    answer = told(running, "period: 2026-02, amount: 1400", by="sub_account_id")
    # 500 by now, shared as the first ten days of January: 400 and 10.
    expected = by_first(answer["drivers"], "expected")
    a = (D(500) * 400 / 410).quantize(D("0.01"))
    assert {v: D(e) for v, e in expected.items()} == {ACCOUNTS["a"]: a, ACCOUNTS["b"]: 500 - a}
    assert sum(D(p["variance"]) for p in parts(answer)) == D("10.00")


def test_many_parts_are_told_as_the_largest_and_all_others(tmp_path: Path) -> None:
    charges = [used(str(n), JANUARY) | {"line_item_usage_type": f"meter-{n:02}"} for n in range(1, 21)]
    answer = told(home_of(tmp_path, charges), "period: 2026-01, amount: 100", by="sku_meter")
    assert [p["sku_meter"] for p in parts(answer)][:2] == ["meter-20", "meter-19"]
    assert [p["sku_meter"] for p in parts(answer)][-2:] == ["(all others)", "(budget of no part)"]
    assert len(parts(answer)) == 12
    assert sum(D(p["variance"]) for p in parts(answer)) == 210 - D("3.23")  # one of 31 days of 100


AMOUNT = st.decimals(0, 20_000, places=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AMOUNT, st.dictionaries(st.sampled_from(["x", "y", "(none)"]), AMOUNT, min_size=1), st.booleans())
def test_variances_and_what_no_budget_is_about_add_up_to_the_last_digit(
    january: App, whole: Decimal, teams: dict[str, Decimal], running_year: bool
) -> None:
    period = "2026" if running_year else "2026-01"
    given = [f"dimension: 'tag:team', value: {t}, period: {period}, amount: {a}" for t, a in teams.items()]
    answer = told(january, *given, month=None if running_year else "2026-01")
    totals = {name: D(amount) for name, amount in answer["totals"].items()}
    variances = sum((D(v) for v in column(answer, "variance")), start=D(0))
    assert (
        variances + totals["unbudgeted"] == totals["variance"] == totals["actual"] - totals["budget_to_date"]
    )
    assert totals["actual"] == D(11500)
    both = told(january, f"period: {period}, amount: {whole}", *given, by="tag:team", month="2026-01")
    gap = D(column(both, "variance")[0])
    assert sum((D(p["variance"]) for p in parts(both)), start=D(0)) == gap


def test_every_row_fits_however_many_budgets_there_are(january: App) -> None:
    given = [
        f"dimension: 'tag:team', value: {team}, period: {period}, amount: {n}, {kind}"
        for n, measure in enumerate(("effective_cost", "billed_cost", "unblended_cost"))
        for kind in (f"measure: {measure}", f"measure: {measure}, scope: bill")
        for team in ("x", "y", "(none)")
        for period in ("2026-01", "2026-Q1", "2026")
    ]
    answer = told(january, *given, "period: 2026-01, amount: 10000", by="sub_account_id", top=1000)
    assert answer["total_rows"] == 55
    assert answer["columns"][0] == "dimension"
    assert answer["truncated"]
    assert rows(answer)[0]["variance"] == "1500.00"


def test_a_line_item_that_is_gone_leaves_the_actual_and_no_forecast(tmp_path: Path) -> None:
    days = [JANUARY + timedelta(days=n) for n in range(41)]
    app = home_of(tmp_path, [used("10", day, team="x", hour=23) for day in days])
    tagged = "dimension: 'tag:team', value: x, period: 2026-02, amount: 400"
    assert rows(told(app, tagged))[0]["forecast"] == "280.00"
    kept = app_at(tmp_path / "home", keep_charges_months="1")
    kept.refresher.refresh(str(tmp_path / "exports"))
    (row,) = rows(told(app_at(tmp_path / "home"), tagged))
    assert (row["actual"], row["forecast"], row["weighted"]) == ("100.00", None, "calendar")
