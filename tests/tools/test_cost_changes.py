"""Does cost_changes say why cost changed, exactly additive, from the rows of an export to the figures?"""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.drivers import EFFECTS
from finops_mcp.answers import exact
from finops_mcp.errors import InvalidArgument, NoDataForPeriod
from finops_mcp.exports.sample.months import at
from finops_mcp.toolbox.toolbox import Toolbox, as_json
from tests.support.homes import TinyHome
from tests.support.organisations import Row, organisations
from tests.tools.oracle import OCTOBER, SEPTEMBER, added, by, costs, lines, until
from tests.tools.tiny import asked, by_first, charge, column, home_of, toolbox_at

D = Decimal
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
"""Two months of 31 days each: no calendar between them."""
SEPT = date(2026, 9, 1)
PLAN = "arn:aws:savingsplans::104816291057:savingsplan/8e56f110-3a54-52c8-87a3-d97d24ece024"
OTHER = "arn:aws:savingsplans::104816291057:savingsplan/22f8731d-0483-5f51-9ebd-3f899e11282d"


def used(quantity: str, price: str, day: date, listed: str | None = None, **more: Any) -> dict[str, Any]:
    """Make up one line of use at a price, listed at the same or another."""
    return (
        charge(
            str(D(quantity) * D(price)),
            day,
            line_item_usage_amount=quantity,
            pricing_unit="Hrs",
            pricing_public_on_demand_cost=str(D(quantity) * D(listed or price)),
        )
        | more
    )


def planned(hours: str, day: date, plan: str = PLAN, unused: str = "0") -> list[dict[str, Any]]:
    """Make up hours at 1.00 that a plan covers at 0.60, what offsets them, and the plan's fee."""
    plan_rows = {"savings_plan_savings_plan_a_r_n": plan, "savings_plan_payment_option": "No Upfront"}
    covered = used(hours, "1.00", day, line_item_line_item_type="SavingsPlanCoveredUsage", **plan_rows)
    covered["savings_plan_savings_plan_effective_cost"] = str(D(hours) * D("0.60"))
    offset = covered | {
        "line_item_line_item_type": "SavingsPlanNegation",
        "line_item_unblended_cost": f"-{covered['line_item_unblended_cost']}",
        "pricing_public_on_demand_cost": f"-{covered['pricing_public_on_demand_cost']}",
        "savings_plan_savings_plan_effective_cost": None,
    }
    total = D(hours) * D("0.60") + D(unused)
    fee = charge(
        str(total),
        day,
        line_item_line_item_type="SavingsPlanRecurringFee",
        line_item_product_code="ComputeSavingsPlans",
        line_item_usage_type="ComputeSP:1yrNoUpfront",
        savings_plan_total_commitment_to_date=str(total),
        savings_plan_used_commitment=str(D(hours) * D("0.60")),
        savings_plan_recurring_commitment_for_billing_period=str(total),
        **plan_rows,
    )
    return [covered, offset, fee]


def effects_of(answer: dict[str, Any]) -> dict[str, str]:
    return {e: a for e, a in answer["totals"].items() if e in EFFECTS}


def changes(folder: Path, rows: Sequence[dict[str, Any]], **arguments: Any) -> dict[str, Any]:
    answer = asked(home_of(folder, list(rows)).toolbox, "cost_changes", **arguments)
    assert_adds_up(answer, arguments.get("metric", "effective_cost"))
    return answer


def assert_adds_up(answer: dict[str, Any], metric: str) -> None:
    """Effects add up to the change, rows to the totals; each to the last digit."""
    named = [e for e in EFFECTS if e in answer["columns"]]
    for row in answer["rows"]:
        line = dict(zip(answer["columns"], row, strict=True))
        change = D(line[metric]) - D(line[f"previous_{metric}"])
        assert D(line["change"]) == change == sum((D(line[e]) for e in named), D(0))
    totals = answer["totals"]
    if isinstance(totals["change"], str):
        change = D(totals[metric]) - D(totals[f"previous_{metric}"])
        assert D(totals["change"]) == change == sum((D(totals[e]) for e in named), D(0))
        if not answer["truncated"]:
            for name in (metric, f"previous_{metric}", "change", *named):
                assert sum((D(a) for a in column(answer, name)), D(0)) == D(totals[name]), name


def test_golden_g_i1(tmp_path: Path) -> None:
    # Domain spec I: p 0.10 -> 0.09, q 1000 -> 1300: usage +30.00, rate -13.00, total +17.00; residual 0.
    rows = [used("1000", "0.10", JULY), used("1300", "0.09", AUGUST + timedelta(30))]
    answer = changes(tmp_path, rows)
    assert answer["totals"] == {
        "effective_cost": "117.00", "previous_effective_cost": "100.00", "change": "17.00",
        "usage": "30.00", "list_rate": "-13.00",
    }  # fmt: skip
    assert answer["rows"] == [["AmazonEC2", "117.00", "100.00", "17.00", 1.0, True, "30.00", "-13.00"]]
    assert answer["explained_share"] == {"USD": 1.0}
    assert answer["summary"] == (
        "2026-08 against 2026-07: effective_cost rose by 17.00 USD (from 100.00 to 117.00), largest effects:"
        " usage +30.00, list_rate -13.00; the largest part is AmazonEC2 +17.00."
    )


def test_a_rate_that_the_export_does_not_list_is_not_split(tmp_path: Path) -> None:
    unlisted = {"pricing_public_on_demand_cost": None}
    rows = [used("1000", "0.10", JULY) | unlisted, used("1300", "0.09", date(2026, 8, 31)) | unlisted]
    answer = changes(tmp_path, rows)
    assert effects_of(answer) == {"usage": "30.00", "rate": "-13.00"}
    assert any(c.startswith("rate: without a list cost") for c in answer["caveats"])


def test_discount_rows_are_the_price_of_the_use_they_are_on(tmp_path: Path) -> None:
    # 100 h at 1.00 less 10 %, then 200 h less 15 %: use +90.00 at what was paid, discount -10.00.
    def less(cost: str, day: date) -> dict[str, Any]:
        return charge(cost, day, line_item_line_item_type="EdpDiscount", pricing_public_on_demand_cost="0")

    rows = [
        used("100", "1", JULY), less("-10", JULY),
        used("200", "1", date(2026, 8, 31)), less("-30", date(2026, 8, 31)),
    ]  # fmt: skip
    assert effects_of(changes(tmp_path, rows)) == {"usage": "90.00", "discount_rate": "-10.00"}


def test_quantities_of_different_units_are_never_added(tmp_path: Path) -> None:
    # 10 Hrs at 1.00 and 1000 GB at 0.01; then as many hours, and half the GB at twice the price.
    gigabytes = {"pricing_unit": "GB"}
    rows = [
        used("10", "1", JULY), used("1000", "0.01", JULY, **gigabytes),
        used("10", "1", date(2026, 8, 31)), used("500", "0.02", date(2026, 8, 31), **gigabytes),
    ]  # fmt: skip
    assert effects_of(changes(tmp_path, rows)) == {"usage": "-5.00", "list_rate": "5.00"}


def test_each_account_has_a_price_of_its_own(tmp_path: Path) -> None:
    # 10 h at 1.00 and 10 h at 2.00; the first doubles: 10.00 of use and no rate, whatever the mix.
    second = {"line_item_usage_account_id": "215530417762"}
    rows = [
        used("10", "1", JULY), used("10", "2", JULY, **second),
        used("20", "1", date(2026, 8, 31)), used("10", "2", date(2026, 8, 31), **second),
    ]  # fmt: skip
    assert effects_of(changes(tmp_path, rows)) == {"usage": "10.00"}


def test_an_amount_is_written_with_every_digit_however_long() -> None:
    assert exact(D("12345678901234567890123456.123456789010")) == "12345678901234567890123456.12345678901"


def test_days_of_the_month_are_not_use(tmp_path: Path) -> None:
    # 24 h a day at 0.50: 31 x 12 = 372.00 in August, 30 x 12 = 360.00 in September.
    rows = [used("24", "0.5", AUGUST + timedelta(n)) for n in range(31)]
    rows += [used("24", "0.5", SEPT + timedelta(n)) for n in range(30)]
    assert effects_of(changes(tmp_path, rows)) == {"calendar": "-12.00"}


def test_a_plan_that_ended_with_its_use_back_on_demand_is_expiry(tmp_path: Path) -> None:
    # 100 h at 0.60 and 6.00 unused; then 100 h at 1.00: +40.00 for the end, -6.00 no longer unused.
    rows = [*planned("100", date(2026, 7, 31), unused="6"), used("100", "1.00", date(2026, 8, 31))]
    answer = changes(tmp_path, rows)
    assert effects_of(answer) == {"commitment_expiry": "40.00", "commitment_unused": "-6.00"}
    assert f"coincides with the end of Savings Plan {PLAN}: last charge on 2026-07-31" in answer["coincides"]
    # As billed, the use was in the plan's fee: 66.00 less fee, 100.00 more on demand.
    billed = asked(toolbox_at(tmp_path / "home"), "cost_changes", metric="billed_cost")
    assert effects_of(billed) == {"commitment_expiry": "100.00", "commitment_fee": "-66.00"}


def test_a_plan_that_still_lives_and_covers_less_is_coverage(tmp_path: Path) -> None:
    rows = [*planned("100", JULY), *planned("25", date(2026, 8, 31)), used("75", "1.00", date(2026, 8, 31))]
    answer = changes(tmp_path, rows)
    assert effects_of(answer) == {"commitment_coverage": "30.00"}
    assert not any("the end of" in c for c in answer["coincides"])


def test_a_plan_that_ends_within_the_month_has_ended(tmp_path: Path) -> None:
    last = date(2026, 8, 31)
    rows = [*planned("100", JULY), *planned("25", AUGUST), used("75", "1.00", last)]
    assert effects_of(changes(tmp_path, rows)) == {"commitment_expiry": "30.00"}


def test_a_plan_that_another_replaces_is_no_change(tmp_path: Path) -> None:
    rows = [*planned("100", JULY), *planned("100", date(2026, 8, 31), plan=OTHER)]
    answer = changes(tmp_path, rows)
    assert effects_of(answer) == {}
    assert answer["totals"]["change"] == "0.00"
    assert (
        f"coincides with the beginning of Savings Plan {OTHER}: first charge on 2026-08-31"
        in (answer["coincides"])
    )


def test_covered_use_without_a_unit_is_in_the_unit_of_its_meter(tmp_path: Path) -> None:
    reserved = {
        "line_item_line_item_type": "DiscountedUsage", "reservation_effective_cost": "60",
        "pricing_unit": None,
        "reservation_reservation_a_r_n": "arn:aws:ec2:us-east-1:104816291057:reserved-instances/1",
        "line_item_unblended_cost": "0",
    }  # fmt: skip
    rows = [used("100", "1.00", JULY) | reserved, used("100", "1.00", date(2026, 8, 31))]
    assert effects_of(changes(tmp_path, rows)) == {"commitment_expiry": "40.00"}


def test_what_is_new_gone_or_no_use_is_an_effect_of_its_own(tmp_path: Path) -> None:
    def posted(kind: str, cost: str, day: date, **more: Any) -> dict[str, Any]:
        return charge(cost, day, line_item_line_item_type=kind, pricing_public_on_demand_cost="0", **more)

    last = date(2026, 8, 31)
    rows = [
        used("1", "5", JULY, line_item_usage_type="Old"), used("1", "7", last, line_item_usage_type="New"),
        posted("Fee", "14", last), posted("Refund", "-3", last), posted("Credit", "-2", JULY),
        posted("Tax", "1", JULY), posted("Tax", "1.5", last),
        posted("Fee", "100", JULY, line_item_product_code="AWSSupportBusiness"),
        posted("Fee", "110", last, line_item_product_code="AWSSupportBusiness"),
        posted("SolarFlareSurcharge", "0.25", last),
    ]  # fmt: skip
    rest = {"new": "7.00", "gone": "-5.00", "support": "10.00", "one_off": "11.00"}
    answer = changes(tmp_path, rows)
    assert effects_of(answer) == rest | {"other": "0.25"}
    bill = asked(toolbox_at(tmp_path / "home"), "cost_changes", scope="bill")
    assert effects_of(bill) == rest | {"credit": "2.00", "tax": "0.50", "other": "0.25"}
    said = " ".join(bill["coincides"])
    assert "usage types first seen in 2026-08 (1, 7.00 USD): New (AmazonEC2) 7.00" in said
    assert "charge types absent in 2026-07 (3, 11.25 USD): Fee" not in said
    assert "charge types absent in 2026-07 (2, -2.75 USD): Refund -3.00; SolarFlareSurcharge 0.25" in said


def test_resources_that_come_and_go_are_named_with_their_cost(tmp_path: Path) -> None:
    rows = [
        used("1", "5", JULY, line_item_resource_id="i-old"), used("1", "4", JULY, line_item_resource_id="i"),
        used("1", "4", AUGUST, line_item_resource_id="i"),
        used("1", "9", date(2026, 8, 31), line_item_resource_id="i-new"),
    ]  # fmt: skip
    answer = changes(tmp_path, rows, dimension=["resource_id"])
    assert answer["coincides"] == [
        "coincides with resources first seen in 2026-08 (1, 9.00 USD): i-new (AmazonEC2) 9.00",
        "coincides with resources last seen in 2026-07 (1, 5.00 USD): i-old (AmazonEC2) 5.00",
    ]
    assert by_first(answer, "change") == {"i-new": "9.00", "i-old": "-5.00", "i": "0.00"}
    back = asked(toolbox_at(tmp_path / "home"), "cost_changes", month="2026-07", baseline_month="2026-08")
    assert back["totals"]["change"] == "-4.00"
    assert back["coincides"] == []
    assert "caused" not in as_json(toolbox_at(tmp_path / "home").call("cost_changes", {}))


def test_the_first_rows_are_marked_until_enough_is_explained(tmp_path: Path) -> None:
    # Changes of 60, -25, 10, -5: gross 100; the first two explain 85 %.
    rows = [used("1", "100", JULY, line_item_product_code=c) for c in "abcd"]
    now = {"a": "160", "b": "75", "c": "110", "d": "95"}
    rows += [used("1", now[c], date(2026, 8, 31), line_item_product_code=c) for c in "dcba"]
    answer = changes(tmp_path, rows, dimension=["service_code"])
    assert by_first(answer, "change") == {"a": "60.00", "b": "-25.00", "c": "10.00", "d": "-5.00"}
    assert column(answer, "share") == [0.6, 0.25, 0.1, 0.05]
    assert column(answer, "explains") == [True, True, False, False]
    assert answer["explained_share"] == {"USD": 0.85}
    page = asked(toolbox_at(tmp_path / "home"), "cost_changes", top=1)
    assert (len(page["rows"]), page["truncated"], page["total_rows"]) == (1, True, 4)
    assert (page["totals"], page["explained_share"]) == (answer["totals"], answer["explained_share"])


def test_currencies_are_never_added_and_a_payer_of_one_period_is_named(tmp_path: Path) -> None:
    rupees: dict[str, Any] = {"line_item_currency_code": "INR", "bill_payer_account_id": "215530417762"}
    rows = [used("1", "1000", JULY, **rupees), used("1", "3", JULY), used("2", "3", date(2026, 8, 31))]
    answer = changes(tmp_path, rows)
    assert answer["totals"]["change"] == {"INR": "-1000.00", "USD": "3.00"}
    assert [row[:5] for row in answer["rows"]] == [
        ["AmazonEC2", "INR", "0.00", "1000.00", "-1000.00"], ["AmazonEC2", "USD", "6.00", "3.00", "3.00"],
    ]  # fmt: skip
    assert any("payer 215530417762 (INR) in one period alone" in c for c in answer["caveats"])


def test_an_open_month_is_compared_with_the_same_days_of_whatever_month(sample: Toolbox) -> None:
    now, before = costs(lines(OCTOBER)), costs(until(lines(SEPTEMBER), date(2026, 9, 21)))
    for arguments in ({}, {"baseline_month": "2026-09"}):
        answer = asked(sample, "cost_changes", month="2026-10", **arguments)
        assert answer["totals"]["effective_cost"] == exact_of(now)
        assert answer["totals"]["previous_effective_cost"] == exact_of(before)
        assert answer["basis"]["period"]["complete"] is False
        assert answer["basis"]["compared_with"]["end_exclusive"] == "2026-09-21"
        assert "calendar" not in answer["totals"]
        assert any("Compared over like spans: 2026-09 (to day 20)" in c for c in answer["caveats"])
    turned = asked(sample, "cost_changes", month="2026-09", baseline_month="2026-10")
    assert turned["totals"]["effective_cost"] == exact_of(before)
    assert turned["totals"]["previous_effective_cost"] == exact_of(now)


def exact_of(of: list[dict[str, Any]]) -> str:
    return exact(added(of)) or ""


@pytest.mark.parametrize("metric", ["effective_cost", "unblended_cost", "list_cost"])
@pytest.mark.parametrize("dimension", ["service_code", "tag:project", "resource_id", "charge_type"])
def test_rows_are_the_differences_of_the_two_months(sample: Toolbox, metric: str, dimension: str) -> None:
    both = {"dimension": [dimension], "metric": metric, "scope": "bill", "top": 1000}
    answer = sample.call(
        "cost_changes", {"month": "2026-07", "baseline_month": "2026-04", **both}, whole=True
    )
    told = answer.model_dump()
    assert_adds_up(told, metric)
    for month, name in (("2026-07", metric), ("2026-04", f"previous_{metric}")):
        plain = sample.call("cost_by", {"month": month, **both}, whole=True).model_dump()
        assert told["totals"][name] == plain["totals"][metric] or isinstance(told["totals"][name], dict)
        if isinstance(told["totals"][name], str):
            amounts = by_first(told, name)
            assert {k: v for k, v in by_first(plain, metric).items() if v != "0.00"} == {
                k: v for k, v in amounts.items() if v != "0.00"
            }


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"month": "2026-09", "baseline_month": "2026-09"}, InvalidArgument, "overlap"),
        ({"month": "2026-09", "baseline_start": "2026-08-20", "baseline_end": "2026-09-02"},
         InvalidArgument, "overlap"),
        ({"month": "2025-10"}, NoDataForPeriod, "no charges for 2025-09"),
        ({"month": "2026-09", "baseline_month": "2024-01"}, NoDataForPeriod, "no charges for 2024-01"),
        ({"baseline_month": "2026-08", "baseline_start": "2026-08-01"}, InvalidArgument, "not both"),
        ({"compare": "none"}, InvalidArgument, "previous_period"),
    ],
)  # fmt: skip
def test_a_comparison_that_cannot_be_made_is_refused(
    sample: Toolbox, arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as told:
        sample.call("cost_changes", arguments)
    assert said in str(told.value)


def test_days_are_compared_with_days(sample: Toolbox) -> None:
    september = by(costs(lines(SEPTEMBER)), lambda line: line["start"].day)
    days = {"start": "2026-09-15", "end": "2026-09-18"}
    for arguments, before in (
        ({}, (12, 13, 14)),
        ({"baseline_start": "2026-09-02", "baseline_end": "2026-09-04"}, (2, 3)),
    ):
        answer = asked(sample, "cost_changes", **days, **arguments, dimension=["day"], top=50)
        assert D(answer["totals"]["effective_cost"]) == sum(september[d] for d in (15, 16, 17))
        assert D(answer["totals"]["previous_effective_cost"]) == sum(september[d] for d in before)
        assert any("belongs to one period" in c for c in answer["caveats"])


def test_the_same_question_has_the_same_answer_to_the_byte(sample: Toolbox, sample_home: Any) -> None:
    for arguments in ({"month": "2026-10"}, {"month": "2026-06", "dimension": ["resource_id"], "top": 50}):
        first = as_json(sample.call("cost_changes", arguments))
        for threads in ("1", "2"):
            assert (
                as_json(toolbox_at(sample_home.path, threads=threads).call("cost_changes", arguments))
                == first
            )


Make = Callable[[], TinyHome]
few = settings(
    max_examples=3, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@few
@given(rows=organisations(months=(date(2026, 1, 1), date(2026, 2, 1))), seed=st.integers(0, 2**16))
def test_effects_of_any_organisation_add_up_by_any_measure_and_dimension(
    rows: list[Row], seed: int, tiny_home: Make
) -> None:
    def loaded(rows: list[Row]) -> Toolbox:
        made = tiny_home()
        for month in (date(2026, 1, 1), date(2026, 2, 1)):
            made.deliver([r for r in rows if r["bill_billing_period_start_date"] == at(month)], month)
        made.refresh()
        return toolbox_at(made.home.path)

    one, measures = (
        loaded(rows),
        ("effective_cost", "billed_cost", "unblended_cost", "amortized_cost", "list_cost"),
    )
    shuffled = loaded(random.Random(seed).sample(rows, len(rows)))  # noqa: S311 - an order, not a secret
    for metric in measures:
        for dimension in (
            "service_name",
            "resource_id",
            "charge_type",
            "sku_meter",
            "commitment_discount_id",
        ):
            question = {
                "month": "2026-02",
                "metric": metric,
                "scope": "bill",
                "dimension": [dimension],
                "top": 1000,
            }
            answer = one.call("cost_changes", question, whole=True).model_dump()
            assert_adds_up(answer, metric)
            both = {"month": "2026-02", "compare": "previous_period", "metric": metric, "scope": "bill"}
            for name, total in asked(one, "cost_by", **both)["totals"].items():
                assert answer["totals"][name] == total
            other = shuffled.call("cost_changes", question, whole=True).model_dump()
            for told in (answer, other):
                told["basis"].pop("source")
            assert answer == other
