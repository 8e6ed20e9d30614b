"""Is the size that is advised the best one, whatever it is sized by, and is what it would save simulated?"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.cache.offers import keep_offer
from finops_mcp.errors import BackwardsDates, HoursNotInExport, InvalidArgument, RateUnknown
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import LIMITS, TinyHome, charge
from tests.support.offer_files import M5, write_plans
from tests.support.organisations import Row
from tests.tools.tiny import asked, column, toolbox_at

D = Decimal
DEMAND = (2, 4, 6, 8, 10, 10, 10, 12, 14, 20)
"""Golden G-B4: ten hours of use at 1.00, which a plan with 35 % off covers."""
MONTH = D(73)
"""Ten hours are a 73rd of a month of 730."""
DAY = {"start": "2026-02-10", "end": "2026-02-11"}
PLAN = {
    "savings_plan_savings_plan_a_r_n": "arn:aws:savingsplans::104816291057:savingsplan/old",
    "savings_plan_offering_type": "ComputeSavingsPlans",
    "savings_plan_purchase_term": "1yr",
    "savings_plan_payment_option": "No Upfront",
    "savings_plan_start_time": "2025-02-01T00:00:00.000Z",
    "savings_plan_end_time": "2026-02-01T00:00:00.000Z",
}


def hour_of_use(at: datetime, quantity: object, kind: str = "Usage", **more: Any) -> Row:
    """Make up an hour of machines at 1.00."""
    return charge(
        str(quantity),
        at.date().replace(day=1),
        line_item_line_item_type=kind,
        line_item_usage_amount=str(quantity),
        line_item_usage_start_date=at,
        line_item_usage_end_date=at + timedelta(hours=1),
        **more,
    )


def plan_that_ended() -> list[Row]:
    """Make up an hour in which a plan covered a machine for 0.65: so much its rate is."""
    at = datetime(2026, 1, 31, 9)  # noqa: DTZ001 - exports carry UTC without a zone
    effective = {"savings_plan_savings_plan_effective_cost": "0.65"}
    spent = {"savings_plan_total_commitment_to_date": "0.65", "savings_plan_used_commitment": "0.65"}
    return [
        hour_of_use(at, 1, "SavingsPlanCoveredUsage", **PLAN, **effective),
        hour_of_use(at, 1, "SavingsPlanNegation", **PLAN) | {"line_item_unblended_cost": "-1"},
        hour_of_use(at, 1, "SavingsPlanRecurringFee", **PLAN, **spent) | {"line_item_unblended_cost": "0.65"},
    ]


def use(day: int = 10) -> list[Row]:
    first = datetime(2026, 2, day)  # noqa: DTZ001
    return [hour_of_use(first + timedelta(hours=n), quantity) for n, quantity in enumerate(DEMAND)]


@pytest.fixture(scope="module")
def golden(tiny_home: Callable[[], TinyHome]) -> Toolbox:
    made = tiny_home()
    made.deliver(plan_that_ended())
    made.deliver(use(), date(2026, 2, 1))
    made.refresh()
    return toolbox_at(made.home.path)


def first(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(answer["columns"], answer["rows"][0], strict=True))


def test_the_golden_hours_are_sized_as_the_domain_has_it(golden: Toolbox) -> None:
    best = first(asked(golden, "commitment_plan", **DAY, least_utilization=0))
    assert best["offer"] == "ComputeSavingsPlans, 1 yr, No Upfront"
    assert (best["buy"], best["unit"]) == ("5.20", "USD an hour")
    assert D(best["monthly_cost"]) == 52 * MONTH
    assert D(best["monthly_savings"]) == 16 * MONTH
    assert (best["utilization"], best["coverage"]) == (0.85, 0.708333)  # 44.20 / 52.00, 68 / 96
    assert best["break_even_utilization"] == 0.65


# At 4.00 of use all but the first hour are full: (2 + 9 x 4) x 0.65 / (10 x 2.60) = 95 %.
def test_by_default_no_more_is_bought_than_is_used_to_95_percent(golden: Toolbox) -> None:
    best = first(asked(golden, "commitment_plan", **DAY))
    assert (best["buy"], best["utilization"], best["cheapest_unguarded"]) == ("2.60", 0.95, "5.20")


@pytest.mark.parametrize(
    ("size", "cost"), [("5.20", 80), ("3.90", 81), ("6.50", 81), ("13.00", 130), ("6.24", "80.80")]
)
def test_any_other_size_costs_what_it_costs(golden: Toolbox, size: str, cost: int | str) -> None:
    # 6.24 is the average, 9.60 of use: 62.40 + (10 - 9.6) x ... = 62.40 + 0.40 x 3 + 2.40 + 4.40 + 10.40.
    answer = asked(
        golden, "commitment_plan", **DAY, mode="custom_commitment", commitment=size,
        plan_type="ComputeSavingsPlans",
    )  # fmt: skip
    assert 96 * MONTH - D(first(answer)["monthly_savings"]) == D(cost) * MONTH


def test_a_target_of_coverage_is_met_and_not_passed(golden: Toolbox) -> None:
    answer = asked(golden, "commitment_plan", **DAY, mode="target_average_coverage", target_coverage=60)
    best = first(answer)
    assert best["coverage"] == 0.6
    # 60 % of 96 is 57.60: hours of 2, 4 and 6 whole, of the seven others 45.60 / 7 each, x 0.65.
    assert D(best["buy"]).quantize(D("0.000001")) == D("4.234286")


def test_regret_is_told_if_use_falls(golden: Toolbox) -> None:
    regret = asked(golden, "commitment_plan", **DAY, least_utilization=0)["regret"]
    rows = {row[0]: dict(zip(regret["columns"], row, strict=True)) for row in regret["rows"]}
    # A fifth less use: 1.6, 3.2, 4.8, 6.4, then 8 is full six times: 64 of 76.8 covered, 52.00 + 12.80.
    assert D(rows["-20%"]["monthly_cost"]) == D("64.80") * MONTH
    # Best would be 4.16, at 0.8 x 80.00.
    assert rows["-20%"]["best_size"] == "4.16"
    assert D(rows["-20%"]["monthly_regret"]) == D("0.80") * MONTH


def test_cash_is_told_beside_what_is_earned(golden: Toolbox) -> None:
    answer = asked(golden, "commitment_plan", **DAY, least_utilization=0, discount_rate=0)
    told = {row[0]: [D(v) for v in row[1:]] for row in answer["cash"]["rows"]}
    assert told["first month"] == [D("3796"), D("3796")]  # 5.20 x 730
    assert told["12 months"] == [D("45552"), D("45552")]
    # Nothing upfront and no discounting: twelve months of what is saved, 1,168.00.
    assert D(answer["payback"]["net_present_value"]) == 12 * 16 * MONTH


def test_a_ladder_lapses_a_part_at_a_time(golden: Toolbox) -> None:
    answer = asked(golden, "commitment_plan", **DAY, least_utilization=0, tranches=4)
    rows = [dict(zip(answer["ladder"]["columns"], row, strict=True)) for row in answer["ladder"]["rows"]]
    assert [(row["month"], row["buy"], row["held"]) for row in rows] == [
        (0, "1.30", "1.30"), (3, "1.30", "2.60"), (6, "1.30", "3.90"), (9, "1.30", "5.20"),
    ]  # fmt: skip
    assert answer["laddering"] == {"most_lapsing": "1.30", "most_lapsing_of_one_purchase": "5.20"}
    assert D(rows[2]["monthly_cost"]) == 81 * MONTH


def test_without_commitments_there_is_nothing_to_replay_and_that_is_said(golden: Toolbox) -> None:
    answer = asked(golden, "commitment_plan", **DAY)
    assert "replay" not in answer
    assert any("cannot be compared" in caveat for caveat in answer["caveats"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"mode": "custom_commitment"}, "needs it"),
        ({"commitment": "1.00"}, "belongs to mode custom_commitment"),
        ({"target_coverage": 80}, "belongs to mode target_average_coverage"),
        ({"mode": "custom_commitment", "commitment": "1.00"}, "needs plan_type"),
        ({"exclude": ["arn:other"]}, "No commitment in force"),
        ({"instance_family": "m7i"}, "No use of m7i"),
        ({"billing_account_id": "999"}, "999"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(
    golden: Toolbox, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(Exception, match=said):
        asked(golden, "commitment_plan", **DAY, **arguments)


def test_a_rate_that_nobody_knows_is_refused_and_how_to_give_it_said(golden: Toolbox) -> None:
    with pytest.raises(RateUnknown, match="finops-duck prices FILE"):
        asked(golden, "commitment_plan", **DAY, term_years=3)


def test_a_month_of_use_in_one_line_is_refused(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    monthly = use()[0] | {"line_item_usage_end_date": datetime(2026, 3, 1)}  # noqa: DTZ001
    made.deliver([monthly], date(2026, 2, 1))
    made.refresh()
    with pytest.raises(HoursNotInExport, match="HOURLY"):
        asked(toolbox_at(made.home.path), "commitment_plan")


def test_days_are_labelled_as_what_they_are(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    of_a_day = hour_of_use(datetime(2026, 2, 10), 48)  # noqa: DTZ001
    of_a_day |= {"line_item_usage_end_date": datetime(2026, 2, 11)}  # noqa: DTZ001
    made.deliver(plan_that_ended())
    made.deliver([of_a_day], date(2026, 2, 1))
    made.refresh()
    answer = asked(toolbox_at(made.home.path), "commitment_plan", **DAY)
    assert any(caveat.startswith("daily-average, overstates") for caveat in answer["caveats"])
    assert first(answer)["buy"] == "1.30"  # 2 an hour, every hour


def test_plans_of_a_file_of_prices_are_sized_beside_those_of_the_bill(
    tiny_home: Callable[[], TinyHome], tmp_path: Path
) -> None:
    made = tiny_home()
    rows = [row | {"line_item_usage_type": M5.usage_type} for row in use()]
    made.deliver(rows, date(2026, 2, 1))
    made.refresh()
    keep_offer(made.home, write_plans(tmp_path / "plans.json"), LIMITS)
    answer = asked(toolbox_at(made.home.path), "commitment_plan", **DAY, least_utilization=0)
    assert any("offer file" in caveat for caveat in answer["caveats"])
    # A tenth of the hours exceed 14, and even that is more than a rate of 0.073 or 0.039: all 20 are covered.
    # 200 x 0.039 = 7.80 and 200 x 0.073 = 14.60 are paid in place of 96.00.
    found = zip(
        column(answer, "offer"), column(answer, "buy"), column(answer, "monthly_savings"), strict=True
    )
    assert [(offer.split(",")[0], size, D(saved)) for offer, size, saved in found] == [
        ("EC2InstanceSavingsPlans", "0.78", D("88.20") * MONTH),
        ("ComputeSavingsPlans", "1.46", D("81.40") * MONTH),
    ]
    # Three years at 0.78 an hour, all of it upfront; what it displaces is 9.60 an hour on average.
    assert D(first(answer)["upfront_cost"]) == D("0.78") * 3 * 8760
    assert answer["payback"]["pays_back_days"] == round(float(D("0.78") * 3 * 8760 / D("9.6") / 24), 6)


def test_use_that_no_known_rate_reaches_is_told(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    made.deliver(plan_that_ended())
    other = [row | {"line_item_usage_type": "BoxUsage:x9.large"} for row in use()]
    made.deliver([*use(), *other], date(2026, 2, 1))
    made.refresh()
    answer = asked(toolbox_at(made.home.path), "commitment_plan", **DAY, least_utilization=0)
    assert first(answer)["buy"] == "5.20"  # sized on what it reaches, and that is said
    assert any(
        c.startswith("96.00 on demand in these hours is within reach of no") for c in answer["caveats"]
    )


def test_where_every_use_is_within_reach_there_is_nothing_to_say(golden: Toolbox) -> None:
    assert not any("within reach of no" in c for c in asked(golden, "commitment_plan", **DAY)["caveats"])


def test_what_ends_or_is_excluded_is_planned_without(sample: Toolbox) -> None:
    compute = {"plan_type": "ComputeSavingsPlans", "payment_option": "No Upfront"}
    soon = asked(sample, "commitment_plan", **compute, ending_within_days=30)
    ending = next(row[0] for row in soon["replay"]["rows"] if "cfb402bd" in row[0])
    assert asked(sample, "commitment_plan", **compute, exclude=[ending])["rows"] == soon["rows"]
    assert asked(sample, "commitment_plan", **compute)["rows"][0][1] == "0.00"


def test_every_plan_tells_how_far_the_simulator_is_off(sample: Toolbox) -> None:
    answer = asked(sample, "commitment_plan")
    assert answer["caveats"][0].startswith("The simulator, replayed over these hours, is off by 0.013% of")
    assert len(answer["replay"]["rows"]) == 6
    for name, covered, simulated in answer["replay"]["rows"]:
        assert D(simulated) == pytest.approx(D(covered), rel=D("0.003")), name


def test_how_an_offer_is_paid_is_not_made_up(workshop_home: Home) -> None:
    # The report of 2018 tells what its reservations cost an hour, but no term, and not how they were paid.
    answer = asked(toolbox_at(workshop_home.path), "commitment_plan")
    assert column(answer, "upfront_cost") == [None] * len(answer["rows"])
    assert "cash" not in answer
    assert any("cash is not told" in caveat for caveat in answer["caveats"])


def test_dates_are_checked_as_in_every_tool(sample: Toolbox) -> None:
    with pytest.raises(BackwardsDates):
        asked(sample, "commitment_plan", start="2026-09-02", end="2026-09-01")
    with pytest.raises(InvalidArgument, match="several pay"):
        asked(sample, "commitment_plan", start="2026-04-01", end="2026-05-01")
