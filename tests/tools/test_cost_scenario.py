"""Is what would change told to the cent, and what would not change left as it is?"""

from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.test_commitment_plan import DAY, MONTH, golden
from tests.tools.tiny import asked, toolbox_at

D = Decimal
OFFER = "ComputeSavingsPlans, 1 yr, No Upfront"
BUY = {"offer": OFFER, "commitment": "5.20"}
__all__ = ["golden"]


def told(toolbox: Toolbox, **arguments: Any) -> dict[str, list[Any]]:
    answer = asked(toolbox, "cost_scenario", **arguments)
    return {row[0]: row[1:] for row in answer["rows"]}


def month(amount: str) -> Decimal:
    """Ten golden hours, as a month of 730."""
    return D(amount) * MONTH


# Golden G-B4: 5.20 an hour pays for 68 of 96 on demand; 44.20 of 52.00 is used.
def test_a_plan_that_is_added_is_accounted_for(golden: Toolbox) -> None:
    rows = told(golden, **DAY, months=1, add=[BUY])
    amounts = {name: [D(v) for v in rows[name]] for name in rows if isinstance(rows[name][0], str)}
    assert amounts == {
        "cost": [month("96"), month("80"), month("-16")],
        "cash": [month("96"), month("80"), month("-16")],
        "on_demand": [month("96"), month("28"), month("-68")],
        "commitments_used": [D(0), month("44.20"), month("44.20")],
        "commitments_unused": [D(0), month("7.80"), month("7.80")],
        "covered_at_public_prices": [D(0), month("68"), month("68")],
        "all_at_public_prices": [month("96"), month("96"), D(0)],
    }
    assert rows["utilization_by_cost"] == [None, 0.85, None]
    assert rows["coverage"] == [0.0, 0.708333, 0.708333]
    assert rows["effective_savings_rate"] == [0.0, 0.166667, 0.166667]


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        # As the plan's table of regret has it: 52.00 + 12.80.
        ({"changes": [{"percent": -20}]}, "64.80"),
        ({"changes": [{"percent": -20, "instance_family": "m6i"}]}, "64.80"),
        # The 28 that are left on demand cost a tenth more; what is committed to stays.
        ({"changes": [{"what": "price", "percent": 10}]}, "82.80"),
        # At 0.80, or 0.52 by the plan, 5.20 pays for 10: 2 + 4 + 6 + 8 + 6 x 10; 16 x 0.80 are left.
        ({"migrate": [{"from_family": "m6i", "to_family": "m7g", "price_ratio": "0.8"}]}, "64.80"),
        # One after the other: half of it twice is a quarter, 0.5 to 5, and 5.20 pays for 8.
        ({"changes": [{"percent": -50}, {"percent": -50}]}, "52.00"),
    ],
)
def test_use_prices_and_families_change_what_a_plan_saves(
    golden: Toolbox, changes: dict[str, Any], cost: str
) -> None:
    rows = told(golden, **DAY, months=1, add=[BUY], **changes)
    assert [D(v) for v in rows["cost"][:2]] == [month("96"), month(cost)]


def test_a_plan_ends_after_its_term(golden: Toolbox) -> None:
    rows = told(golden, **DAY, months=24, add=[BUY])
    # A year of the plan, 8,760 h of 0.1 x 80.00, and one on demand, of 0.1 x 96.00.
    assert D(rows["cost"][1]) == 8760 * (D("8.00") + D("9.60"))


# On 2026-10-21 are left: 2.40 for 20 days, 0.24 for 133, 0.50 for 258; reserved 10 x 0.0425 for 86, 3 x 0.05
# for 41, 3 x 0.15 for 55. Half of what is Partial Upfront (0.24, 0.0425) is yet to be paid, and nothing of
# what is All Upfront (0.50, 0.05).
def test_what_is_held_costs_until_it_ends_and_is_paid_as_agreed(sample: Toolbox) -> None:
    rows = told(sample, add=[BUY | {"commitment": "0"}])
    committed = D(rows["commitments_used"][0]) + D(rows["commitments_unused"][0])
    days = {"2.40": 20, "0.24": 133, "0.50": 258, "0.425": 86, "0.15": 41, "0.45": 55}
    assert committed == sum(D(hourly) * 24 * count for hourly, count in days.items())
    recurring = (D("2.40") * 20 + D("0.12") * 133 + D("0.2125") * 86 + D("0.45") * 55) * 24
    assert D(rows["cash"][0]) - D(rows["on_demand"][0]) == recurring


def test_parts_add_up_and_nothing_bought_changes_nothing(sample: Toolbox) -> None:
    rows = told(sample, add=[BUY | {"commitment": "0"}])
    for at in (0, 1):
        one = {name: D(str(values[at])) for name, values in rows.items() if values[at] is not None}
        assert one["cost"] == one["commitments_used"] + one["commitments_unused"] + one["on_demand"]
        assert one["all_at_public_prices"] == one["covered_at_public_prices"] + one["on_demand"]
    assert all(values[0] == values[1] for values in rows.values())


def test_what_is_dropped_is_paid_for_on_demand(sample: Toolbox) -> None:
    plan = asked(sample, "commitment_plan")
    dearest = next(row for row in plan["replay"]["rows"] if "cfb402bd" in row[0])
    rows = told(sample, drop=[dearest[0]], months=1)
    # 2.40 an hour for 480 hours of the month are not paid, and what they covered of it is on demand, but for
    # what the other plan then covers of it.
    paid = D(rows["commitments_used"][2]) + D(rows["commitments_unused"][2])
    assert paid == D("-2.40") * 480
    assert D(rows["cost"][2]) == D(rows["on_demand"][2]) + paid
    assert D(rows["on_demand"][2]) > 0


def test_accounts_are_changed_apart(sample: Toolbox) -> None:
    everyone = told(sample, changes=[{"percent": -100}])
    assert D(everyone["all_at_public_prices"][1]) == 0
    one = told(sample, changes=[{"percent": -100, "sub_account_id": "713865029947"}])
    assert 0 < D(one["all_at_public_prices"][1]) < D(one["all_at_public_prices"][0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "Nothing is changed"),
        ({"changes": [{"percent": 10, "instance_family": "m7i"}]}, "has instance_family m7i"),
        ({"changes": [{"percent": 10, "region": "us-east-1"}]}, "region"),
        ({"changes": [{"percent": -101}]}, "-101"),
        ({"changes": [{"what": "price", "percent": -100}]}, "usage -100"),
        ({"migrate": [{"from_family": "c9", "to_family": "m6i", "price_ratio": "1"}]}, "c9"),
        ({"migrate": [{"from_family": "m6i", "to_family": "m7g", "price_ratio": "0"}]}, "not 0"),
        ({"add": [{"offer": "Database Savings Plans", "commitment": "1"}]}, "finops-duck prices FILE"),
        ({"drop": ["arn:other"]}, "arn:other"),
    ],
)
def test_what_would_change_nothing_is_refused_by_name(
    golden: Toolbox, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(Exception, match=said):
        asked(golden, "cost_scenario", **DAY, **arguments)


def test_what_is_assumed_of_commitments_is_said(workshop_home: Home) -> None:
    # The report of 2018 tells when its reservations end, and not how they were paid.
    answer = asked(toolbox_at(workshop_home.path), "cost_scenario", changes=[{"percent": -20}])
    assert any("taken to be paid by the hour" in caveat for caveat in answer["caveats"])
    assert any(caveat.startswith("9 of 9 commitments end within this time") for caveat in answer["caveats"])


def test_reservations_are_bought_whole(sample: Toolbox) -> None:
    offer = asked(sample, "commitment_plan", plan_type="Reservations")["rows"][0][0]
    with pytest.raises(Exception, match="bought whole"):
        told(sample, add=[{"offer": offer, "commitment": "1.5"}])
    rows = told(sample, add=[{"offer": offer, "commitment": "2"}], months=12)
    # 2 x 0.15 an hour for 8,760 h, all of it used: at 0.225 on demand a third is saved, 1,314.00.
    assert D(rows["cost"][2]) == -2 * D("0.075") * 8760
