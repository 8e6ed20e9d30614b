"""Is what a purchase is said to save what the simulator says once it is added?"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.candidates import Wanted, candidates, standing
from finops_mcp.analytics.commitments.history import History, Terms
from finops_mcp.analytics.commitments.portfolio import FOREVER, Commitment, Demand, Line, SavingsPlan
from finops_mcp.analytics.commitments.purchases import Sizing, purchased, with_size
from finops_mcp.analytics.commitments.simulator import simulated
from finops_mcp.analytics.rates import Offer, Rate, Sku

D = Decimal
NONE, NEAR = D(0), D("0.00001")
BEGINS = datetime(2026, 1, 1)  # noqa: DTZ001 - hours of exports are UTC without a zone
COMPUTE = Offer("savings_plan", "ComputeSavingsPlans", 1, "No Upfront")
INSTANCE = Offer("savings_plan", "EC2InstanceSavingsPlans", 1, "All Upfront")


def history_of(levels: dict[str, list[int]], held: Decimal = NONE, ends: datetime | None = None) -> History:
    """Make up use at 1.00 of machines by family, and rates of 0.50 of Compute and 0.40 of Instance plans."""
    skus = {f: Sku("AmazonEC2", f"BoxUsage:{f}.large", "RunInstances", "us-east-1") for f in levels}
    lines = [
        Line("a", skus[f].key, D(1), "AmazonEC2", "us-east-1", f, f"{f}.large", D(4), platform="RunInstances")
        for f in levels
    ]
    plan = SavingsPlan("old", "compute", COMPUTE.name, "a", held)
    return History(
        start=BEGINS,
        payer="payer",
        currency="USD",
        demand=Demand(lines, np.array(list(levels.values()), dtype=np.float64)),
        skus={sku.key: sku for sku in skus.values()},
        pools={sku.key: "ec2_instance" for sku in skus.values()},
        known=[
            Rate(sku, offer, "Hrs", "USD", rate, "bill")
            for sku in skus.values()
            for offer, rate in ((COMPUTE, D("0.5")), (INSTANCE, D("0.4")))
        ],
        commitments=[plan] if held else [],
        terms={"old": Terms(ends=ends)},
        rates={(sku.key, COMPUTE.name): D("0.5") for sku in skus.values()},
        covered={},
    )


def left_by(history: History, held: list[Commitment]) -> Applied:
    return simulated(history.demand, held, history.rates)


def test_a_purchase_that_frees_another_saves_what_that_then_covers_too() -> None:
    # One of x is held by a Compute plan of 0.50. An Instance plan of x for 0.40 comes before it, so that the
    # Compute plan covers y: 0.90 where 0.50 and 1.00 were paid. Sized on what is left, x has nothing to save.
    history = history_of({"x": [1], "y": [1]}, held=D("0.5"))
    held = standing(history, (), BEGINS)
    how = Sizing("custom_commitment", custom=D("0.4"))
    of_x = Wanted("EC2InstanceSavingsPlans", family="x")
    (found,) = purchased(history, held, left_by(history, held), candidates(history, of_x), how)
    assert (found.evaluation.savings, found.simulated) == (D("-0.4"), D("0.6"))


def test_each_family_has_an_offer_of_its_own() -> None:
    history = history_of({"x": [2], "y": [3]})
    names = [one.name for one in candidates(history, Wanted())]
    assert names == [
        "ComputeSavingsPlans, 1 yr, No Upfront",
        "EC2InstanceSavingsPlans, 1 yr, All Upfront, x in us-east-1",
        "EC2InstanceSavingsPlans, 1 yr, All Upfront, y in us-east-1",
    ]


def test_a_plan_that_is_asked_for_one_family_is_sized_on_that_alone() -> None:
    # A plan of the same offer is held, which reaches both: x is used twice an hour and y three times.
    history = history_of({"x": [2, 2], "y": [3, 3]}, held=D("0.25"))
    found = purchased(history, [], left_by(history, []), candidates(history, Wanted(family="x")), Sizing())
    sizes = {one.candidate.terms.plan_type: (one.size, one.simulated) for one in found}
    assert sizes == {
        "ComputeSavingsPlans": (D(1), D(2)),  # 2 x 0.50 an hour, and half of 4.00 saved
        "EC2InstanceSavingsPlans": (D("0.8"), D("2.4")),
    }


def test_what_has_ended_or_soon_will_is_not_planned_with() -> None:
    ends = datetime(2026, 1, 20)  # noqa: DTZ001
    history = history_of({"x": [2]}, held=D("0.5"), ends=ends)
    assert [one.id for one in standing(history, (), BEGINS)] == ["old"]
    assert standing(history, (), ends) == []
    assert standing(history, ("old",), BEGINS) == []


def test_what_began_within_the_hours_counts_in_all_and_what_ended_in_none() -> None:
    history = history_of({"x": [2, 2]}, held=D("0.5"))
    (plan,) = history.commitments
    began = replace(history, commitments=[replace(plan, start=1)])
    assert [(one.start, one.end) for one in standing(began, (), BEGINS)] == [(0, FOREVER)]
    assert standing(replace(history, commitments=[replace(plan, end=1)]), (), BEGINS) == []


def test_coverage_counts_what_is_covered_already() -> None:
    # One of two is held in both hours; another half of one makes three quarters of all.
    history = history_of({"x": [2, 2]}, held=D("0.5"))
    how = Sizing("custom_commitment", custom=D("0.25"))
    compute = candidates(history, Wanted("ComputeSavingsPlans"))
    now = standing(history, (), BEGINS)
    (found,) = purchased(history, now, left_by(history, now), compute, how)
    assert found.evaluation.coverage == D("0.75")


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12),
    st.decimals(0, 4, places=2),
    st.decimals(0, 4, places=2),
)
def test_every_saving_is_that_of_a_simulation_with_the_purchase_added(
    levels: list[tuple[int, int]], held: Decimal, size: Decimal
) -> None:
    history = history_of({"x": [x for x, _ in levels], "y": [y for _, y in levels]}, held)
    now = standing(history, (), BEGINS)
    left = left_by(history, now)
    for how in (Sizing(), Sizing("custom_commitment", custom=size)):
        for found in purchased(history, now, left, candidates(history, Wanted()), how):
            added = with_size(found.candidate.bought, found.size)
            rates = {**history.rates, **found.candidate.rates}
            assert found.simulated == left.cost - simulated(history.demand, [*now, added], rates).cost
            # Of the class of what is held it saves what it was sized by; else what it frees may save more.
            over = found.simulated - found.evaluation.savings
            assert abs(over) < NEAR if found.candidate.terms == COMPUTE else over > -NEAR
            if how.mode == "max_savings":
                assert found.evaluation.savings >= 0
