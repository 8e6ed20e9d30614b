"""Does cost_patterns tell what recurs, steps and grows, of what, and add up?"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.errors import InvalidArgument, TooFewDays, UnknownDimension
from finops_mcp.exports.sample.organisation import MUMBAI, PAYER
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.tiny import asked, charge, column, home_of

MONTH = Decimal("30.4375")
FIRST, AFTER = date(2026, 1, 1), date(2026, 6, 29)
"""A Thursday, and the day after a Sunday: 179 days."""
BY_CODE: dict[str, Any] = {"dimension": ["service_code"], "start": "2026-01-01"}


def days(first: date = FIRST, after: date = AFTER) -> list[date]:
    return [first + timedelta(days=n) for n in range((after - first).days)]


def storage(when: Iterable[date] = ()) -> list[dict[str, Any]]:
    """100 a day, and 160 from April on."""
    return [
        charge(
            "160" if day >= date(2026, 4, 1) else "100",
            day,
            line_item_product_code="AmazonS3",
            line_item_usage_type="TimedStorage-ByteHrs",
            line_item_operation="StandardStorage",
        )
        for day in when or days()
    ]


def glue() -> list[dict[str, Any]]:
    """50 on each Sunday."""
    sundays = [day for day in days() if day.weekday() == 6]
    return [
        charge("50", day, line_item_product_code="AWSGlue", line_item_usage_type="ETL") for day in sundays
    ]


def monitoring() -> list[dict[str, Any]]:
    """300 on the first of each month."""
    firsts = [day for day in days() if day.day == 1]
    return [
        charge("300", day, line_item_product_code="AmazonCloudWatch", line_item_usage_type="Monitor")
        for day in firsts
    ]


def machine(first: date, after: date, **columns: Any) -> list[dict[str, Any]]:
    """1.00 in each hour from 8 to 20 of Monday to Friday, and 0.25 in others."""
    charges = []
    for day in days(first, after):
        for hour in range(24):
            start = datetime.combine(day, time(hour))
            working = day.weekday() < 5 and 8 <= hour < 20
            times = {
                "line_item_usage_start_date": start,
                "line_item_usage_end_date": start + timedelta(hours=1),
            }
            charges.append(charge("1" if working else "0.25", day, **{**times, **columns}))
    return charges


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    charges = [*storage(), *glue(), *monitoring(), *machine(date(2026, 5, 1), AFTER)]
    return home_of(tmp_path_factory.mktemp("patterns"), charges).toolbox


@pytest.fixture(scope="module")
def answer(made: Toolbox) -> dict[str, Any]:
    return asked(made, "cost_patterns", **BY_CODE, top=50)


def rows_of(answer: dict[str, Any], of: str, pattern: str) -> list[dict[str, Any]]:
    rows = [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
    return [row for row in rows if (row["of"], row["pattern"]) == (of, pattern)]


def test_a_step_has_its_day_and_what_it_is_a_month(answer: dict[str, Any]) -> None:
    (step,) = rows_of(answer, "AmazonS3", "step")
    assert step["since"] == "2026-04-01"
    assert step["strength"] == 1
    assert step["monthly_amount"] == f"{60 * MONTH:.2f}"
    assert step["said"] == "from 100.00 to 160.00 a day (+60.0%)"


def test_of_everything_a_step_names_what_made_it(answer: dict[str, Any]) -> None:
    steps = {step["since"]: step for step in rows_of(answer, "everything", "step")}
    assert "100% of it AmazonS3" in steps.pop("2026-04-01")["said"]
    (machine_began,) = steps.values()  # on a Friday, and before a weekend that costs little
    assert "2026-05-01" <= machine_began["since"] <= "2026-05-04"
    assert "100% of it AmazonEC2" in machine_began["said"]


def test_jobs_have_their_days_and_what_they_cost(answer: dict[str, Any]) -> None:
    (sunday,) = rows_of(answer, "AWSGlue", "regular_job")
    assert sunday["upcoming"] == "2026-07-05"
    assert sunday["monthly_amount"] == "217.41"  # 50 / 7 * 30.4375
    assert sunday["said"] == "every Sunday 50.00 more than on other days, 26 of 26 times, last on 2026-06-28"
    (first,) = rows_of(answer, "AmazonCloudWatch", "regular_job")
    assert first["monthly_amount"] == "300.00"
    assert first["upcoming"] == "2026-07-01"
    assert first["said"].startswith("on the 1st of the month 300.00 more than on other days, 6 of 6 times")


def test_nights_and_weekends_are_a_share_of_use(answer: dict[str, Any]) -> None:
    (idle,) = rows_of(answer, "AmazonEC2", "idle_cycle")
    # Of a week 108 hours at 0.25 are 27 and 60 at 1 are 60: 27 / 87 = 31.0 %, a quarter by the hour.
    assert idle["since"] == "2026-06-01"
    assert idle["strength"] == 0.75
    assert idle["monthly_amount"] == "117.40"  # 27 * 4 / 28 * 30.4375
    assert idle["said"].startswith("31.0% of use is in nights (20:00 to 8:00 UTC) and on weekends")
    assert idle["said"].endswith("an hour there has 25% of the use of a working hour")


def test_by_another_clock_nights_are_other_hours(made: Toolbox) -> None:
    told = asked(made, "cost_patterns", **BY_CODE, utc_offset=12, top=50)
    (idle,) = rows_of(told, "AmazonEC2", "idle_cycle")
    # By a clock twelve hours ahead, 8 to 20 is 20 to 8 in UTC: of its 60 working hours none is one of the
    # machine's, which are its nights.
    assert idle["strength"] == 0
    assert "(20:00 to 8:00 UTC+12)" in idle["said"]


def test_the_total_is_exact_and_of_everything(answer: dict[str, Any], made: Toolbox) -> None:
    # 90 days of 100 and 89 of 160; 26 Sundays, 6 firsts; May and June to the 28th are 42 weekdays of
    # 12 * 1 + 12 * 0.25 and 17 days of weekends of 24 * 0.25.
    weekdays = sum(day.weekday() < 5 for day in days(date(2026, 5, 1), AFTER))
    weekends = 59 - weekdays
    expected = 90 * 100 + 89 * 160 + 26 * 50 + 6 * 300 + weekdays * 15 + weekends * 6
    assert answer["totals"] == {"effective_cost": f"{expected}.00"}
    by_service = asked(made, "cost_by", start="2026-01-01", dimension=["service_code"])
    assert by_service["totals"] == answer["totals"]


def test_what_made_the_level_change_adds_up_to_the_cent(answer: dict[str, Any]) -> None:
    told = answer["contributors"]
    at, service = told["columns"].index("monthly_change"), told["columns"].index("sku_meter")
    amounts = [Decimal(row[at]) for row in told["rows"]]
    assert told["rows"][-1][0] == "(all)"
    assert sum(amounts[:-1]) == amounts[-1]
    of_storage = next(row for row in told["rows"] if row[service] == "TimedStorage-ByteHrs")
    assert Decimal(of_storage[at]) == pytest.approx(60 * MONTH, abs=1)


def test_those_of_everything_come_first_then_the_largest(answer: dict[str, Any]) -> None:
    of = column(answer, "of")
    others = [n for n, name in enumerate(of) if name != "everything"]
    assert others == list(range(others[0], len(of)))
    amounts = [abs(Decimal(a)) for a in column(answer, "monthly_amount")[others[0] :]]
    assert amounts == sorted(amounts, reverse=True)
    assert answer["total_rows"] == len(of)


def test_fewer_rows_say_that_there_are_more(made: Toolbox, answer: dict[str, Any]) -> None:
    short = asked(made, "cost_patterns", **BY_CODE, top=2)
    assert short["rows"] == answer["rows"][:2]
    assert short["truncated"]
    assert short["total_rows"] == answer["total_rows"]
    assert short["totals"] == answer["totals"]


def test_what_is_said_to_ask_next_can_be_asked(made: Toolbox, answer: dict[str, Any]) -> None:
    assert [step["tool"] for step in answer["next"]] == ["cost_changes", "cost_patterns"]
    for step in answer["next"]:
        told = asked(made, step["tool"], **step["arguments"])
        assert told["rows"]


def test_asked_again_it_says_the_same(made: Toolbox, answer: dict[str, Any]) -> None:
    assert asked(made, "cost_patterns", **BY_CODE, top=50) == answer


def test_the_default_is_the_last_twelve_months(sample: Toolbox) -> None:
    told = asked(sample, "cost_patterns")
    # Charges run to 2026-10-20.
    assert told["basis"]["period"]["start"] == "2025-10-01"


def test_conditions_narrow_what_is_looked_at(made: Toolbox) -> None:
    only = {"dimension": "service_code", "op": "eq", "values": ["AmazonS3"]}
    told = asked(made, "cost_patterns", **BY_CODE, filters=[only])
    assert column(told, "of") == ["everything"]
    assert set(column(told, "pattern")) == {"step"}
    assert any("no use of compute or databases" in caveat for caveat in told["caveats"])


def test_a_month_of_days_is_enough_and_says_what_it_cannot_tell(made: Toolbox) -> None:
    told = asked(made, "cost_patterns", dimension=["service_code"], month="2026-05")
    assert any("needs three months" in caveat for caveat in told["caveats"])
    assert {row["of"] for row in rows_of(told, "AWSGlue", "regular_job")} == {"AWSGlue"}


def test_too_few_days_are_refused_with_what_is_missing(made: Toolbox) -> None:
    with pytest.raises(TooFewDays) as refused:
        asked(made, "cost_patterns", start="2026-05-01", end="2026-05-21")
    assert "need 28 whole days" in str(refused.value)
    assert "tell 20 of 2026-05-01 to 2026-05-20 in USD" in str(refused.value)
    assert "refresh_data" in str(refused.value)


def test_dimensions_of_time_are_refused(made: Toolbox) -> None:
    with pytest.raises(InvalidArgument, match="over time"):
        asked(made, "cost_patterns", dimension=["week"])
    with pytest.raises(UnknownDimension):
        asked(made, "cost_patterns", dimension=["sku_metre"])


def test_unfinished_last_days_are_left_out_and_said(tmp_path: Path) -> None:
    finished = [day for day in days() if day < date(2026, 6, 27)]
    half = [
        charge("40", day, line_item_product_code="AmazonS3") for day in (date(2026, 6, 27), date(2026, 6, 28))
    ]
    told = asked(home_of(tmp_path, [*storage(finished), *half]).toolbox, "cost_patterns", **BY_CODE)
    assert any("last 2 day(s) have not arrived whole" in caveat for caveat in told["caveats"])
    assert told["summary"].startswith("2026-01-01 to 2026-06-26, ")
    assert column(told, "since") == ["2026-04-01"]


def test_days_that_were_not_delivered_are_left_out_and_said(tmp_path: Path) -> None:
    there = [day for day in days() if day not in {date(2026, 2, 9), date(2026, 2, 10)}]
    told = asked(home_of(tmp_path, storage(there)).toolbox, "cost_patterns", **BY_CODE)
    assert any("2 day(s) that the exports do not cover" in caveat for caveat in told["caveats"])
    assert column(told, "since") == ["2026-04-01"]


def test_an_export_by_the_day_tells_no_nights(tmp_path: Path) -> None:
    charges = [
        charge("24", day, line_item_usage_end_date=datetime.combine(day + timedelta(days=1), time()))
        for day in days(date(2026, 5, 1))
    ]
    told = asked(home_of(tmp_path, charges).toolbox, "cost_patterns", **BY_CODE)
    (caveat,) = (c for c in told["caveats"] if c.startswith("Nights, weekends and hours are not told"))
    assert "the export tells 0% of the use" in caveat
    assert "time granularity HOURLY" in caveat
    assert "idle_cycle" not in column(told, "pattern")


def test_currencies_are_looked_at_apart(tmp_path: Path) -> None:
    rupees = {
        "line_item_currency_code": "INR",
        "bill_payer_account_id": "999999999999",
        "line_item_usage_account_id": "999999999999",
        "line_item_product_code": "AmazonS3",
    }
    charges = [*glue(), *storage(), *(charge("7", day, **rupees) for day in days())]
    told = asked(home_of(tmp_path, charges).toolbox, "cost_patterns", **BY_CODE)
    assert told["columns"][2] == "billing_currency"
    assert set(column(told, "billing_currency")) == {"USD"}  # 7.00 every day has no pattern
    assert told["totals"]["effective_cost"] == {"INR": "1253.00", "USD": f"{90 * 100 + 89 * 160 + 1300}.00"}
    assert told["contributors"]["columns"][0] == "billing_currency"


def test_the_sample_shows_what_it_is_made_with(sample: Toolbox) -> None:
    """See finops_mcp/exports/sample: machines.py says when fleets run, and since when."""
    dollars = {"dimension": "billing_account_id", "op": "eq", "values": [PAYER.id]}
    machines = {"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}
    told = asked(sample, "cost_patterns", dimension=["sku_meter"], filters=[dollars, machines], top=200)
    sydney = rows_of(told, "APS2-BoxUsage:c6i.xlarge", "step")[0]
    assert sydney["since"] == "2026-02-03"
    assert sydney["said"].startswith("from nothing to ")
    (warehouse,) = rows_of(told, "EU-BoxUsage:r6g.4xlarge", "idle_cycle")
    assert warehouse["strength"] == 0  # it always runs
    (notebooks,) = rows_of(told, "BoxUsage:g5.xlarge", "idle_cycle")
    # From 7 to 19 on weekdays: of its twelve hours one is before eight.
    assert f"{1 / 12:.1%} of use is in nights" in notebooks["said"]
    assert MUMBAI.name not in str(told["contributors"])
