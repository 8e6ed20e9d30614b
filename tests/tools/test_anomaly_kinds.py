"""Is each kind of what is unusual told as what it is, with its days and its amount?"""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.support.organisations import Row
from tests.tools.tiny import asked
from tests.tools.unusual import FIRST, LAB, LOGS, SEARCH, D, Make, days, loaded, on, one, organisation, usual


def test_a_new_level_is_told_since_its_first_day_until_it_is_usual(tiny_home: Make) -> None:
    since = date(2026, 2, 10)
    toolbox = loaded(tiny_home(), organisation(lambda d: usual(d) + (80 if d >= since else 0)))
    found = one(asked(toolbox, "cost_anomalies", month="2026-02"))
    assert (found["start"], found["ongoing"], found["direction"]) == ("2026-02-10", True, "rise")
    assert asked(toolbox, "cost_anomalies", start="2026-04-20")["rows"] == []


def test_a_fall_is_told(tiny_home: Make) -> None:
    toolbox = loaded(tiny_home(), organisation(lambda d: usual(d) - (50 if d >= date(2026, 4, 15) else 0)))
    found = one(asked(toolbox, "cost_anomalies"))
    assert (found["direction"], found["start"], found["service_name"]) == (
        "fall",
        "2026-04-15",
        "AmazonCloudWatch",
    )
    assert D(found["change"]) < 0
    whole = sum(usual(d) - 50 for d in days(date(2026, 4, 15), date.fromisoformat(found["end"])))
    assert D(found["effective_cost"]) == whole


def test_a_service_that_was_not_used_before_is_told_as_new(tiny_home: Make) -> None:
    since = date(2026, 4, 20)
    used = organisation(lambda d: D("40.25") if d >= since else None, **SEARCH)
    before = [on(day, D("1.5"), line_item_usage_account_id=LAB) for day in days()]
    toolbox = loaded(tiny_home(), [*used, *before])
    found = one(asked(toolbox, "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("new_service", "rise", "2026-04-20")
    # What goes on is added up over the days that are final: eight of eleven.
    assert (D(found["effective_cost"]), found["end"]) == (D("40.25") * 8, "2026-04-27")
    assert found["ongoing"] is True
    assert D(found["expected_cost"]) == 0
    assert (found["sub_account_id"], found["resource_id"]) == (LAB, SEARCH["line_item_resource_id"])


ENDS = date(2026, 4, 14)
PLAN = "arn:aws:savingsplans::104816291057:savingsplan/0f1e2d3c-4b5a-4697-8877-665544332211"


def covered(day: date, cost: Decimal) -> list[Row]:
    """A day's use that a plan pays for at 60 % of its price, with what offsets it and the plan's fee."""
    plan: dict[str, Any] = {
        "savings_plan_savings_plan_a_r_n": PLAN,
        "savings_plan_payment_option": "No Upfront",
    }
    paid = cost * D("0.6")
    fee = {
        "line_item_line_item_type": "SavingsPlanRecurringFee",
        "line_item_product_code": "ComputeSavingsPlans",
        "line_item_resource_id": PLAN,
        "savings_plan_total_commitment_to_date": str(paid),
        "savings_plan_used_commitment": str(paid),
    }
    covers = {
        "line_item_line_item_type": "SavingsPlanCoveredUsage",
        "savings_plan_savings_plan_effective_cost": str(paid),
    }
    offsets = {"line_item_line_item_type": "SavingsPlanNegation"}
    return [
        on(day, cost, **plan, **covers),
        on(day, -cost, **plan, **offsets),
        on(day, paid, **plan, **fee),
    ]


def test_when_a_commitment_ends_it_is_named(tiny_home: Make) -> None:
    rows = [on(day, usual(day), **LOGS) for day in days()]
    for day in days():
        rows += covered(day, 5 * usual(day)) if day <= ENDS else [on(day, 5 * usual(day))]
    found = one(asked(loaded(tiny_home(), rows), "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("commitment_expiry", "rise", "2026-04-15")
    # What was paid for at 60 % is paid in full.
    whole = sum(usual(day) * 5 for day in days(date(2026, 4, 15), date.fromisoformat(found["end"])))
    assert D(found["effective_cost"]) == whole
    assert abs(D(found["change"]) - whole * D("0.4")) < whole / 50
    assert f"coincides with the end of Savings Plan {PLAN}: last charge on 2026-04-14" in found["why"]


def test_when_a_commitment_begins_the_fall_names_it(tiny_home: Make) -> None:
    rows = [on(day, usual(day), **LOGS) for day in days()]
    for day in days():
        rows += covered(day, 5 * usual(day)) if day > ENDS else [on(day, 5 * usual(day))]
    found = one(asked(loaded(tiny_home(), rows), "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("drop", "fall", "2026-04-15")
    assert f"coincides with the beginning of Savings Plan {PLAN}: first charge on 2026-04-15" in found["why"]


def test_when_a_credit_ends_it_is_named(tiny_home: Make) -> None:
    credit: dict[str, Any] = {
        "line_item_line_item_type": "Credit",
        "line_item_line_item_description": "Startup program credit",
        "line_item_resource_id": None,
    }
    rows = organisation() + [on(day, D(-40), **credit) for day in days(FIRST, ENDS)]
    answer = asked(loaded(tiny_home(), rows), "cost_anomalies")
    found = one(answer)
    assert (found["kind"], found["direction"], found["start"]) == ("credit_expiry", "rise", "2026-04-15")
    assert found["why"].endswith("the credit was “Startup program credit”")
    # Nothing is credited where 40 a day were expected to be.
    last = date.fromisoformat(found["end"])
    assert D(found["effective_cost"]) == 0
    assert D(found["expected_cost"]) == -40 * (last - ENDS).days
