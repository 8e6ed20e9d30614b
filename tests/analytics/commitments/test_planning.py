"""Does a purchase that was sized on what is left save what it was sized by, once it is applied?"""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.evaluation import evaluated
from finops_mcp.analytics.commitments.planning import saved, within_reach
from finops_mcp.analytics.commitments.portfolio import Demand, Line, Rates, Reservation, SavingsPlan, Sharing
from finops_mcp.analytics.commitments.simulator import simulated
from finops_mcp.analytics.commitments.sizing import Offer, cheapest

D = Decimal
NEW = SavingsPlan("new", "compute", "1yr", "payer", D(0))
RATES: Rates = {("x", "1yr"): D("0.5"), ("y", "1yr"): D("0.6")}


def history(*rows: tuple[str, str, list[int]]) -> Demand:
    """Usage at 1.00 by account, SKU and hour."""
    lines = [Line(account, sku, D(1)) for account, sku, _ in rows]
    return Demand(lines, np.array([levels for _, _, levels in rows], dtype=np.float64))


def test_a_plan_is_sized_on_what_others_leave_and_saves_what_it_was_sized_by() -> None:
    demand = history(("a", "x", [4, 4, 2]), ("b", "y", [3, 3, 3]), ("b", "not eligible", [9, 9, 9]))
    old = replace(NEW, id="old", hourly=D(1))
    reach = within_reach(simulated(demand, [old], RATES), NEW, RATES)
    # The old plan covers two x in every hour; left are x 2, 2, 0 and y 3, 3, 3: 1.00 + 1.80 and 1.80.
    best = cheapest(reach)
    assert best == D("2.8")
    sized = evaluated(reach, best)
    assert (sized.on_demand_before, sized.savings) == (D(13), D("4.6"))  # 13 displaced, for 3 x 2.80
    assert saved(simulated(demand, [old], RATES), [old], [replace(NEW, hourly=best)], RATES) == D("4.6")


def test_what_the_buyer_may_not_share_is_out_of_reach() -> None:
    demand = history(("a", "x", [4]), ("b", "x", [3]))
    apart = Sharing(opted_out=frozenset({"b"}))
    left = simulated(demand, [], RATES)
    assert evaluated(within_reach(left, NEW, RATES, apart), D(0)).on_demand_before == 4
    assert evaluated(within_reach(left, NEW, RATES), D(0)).on_demand_before == 7


def test_a_plan_that_pushes_others_aside_saves_less_than_it_was_sized_by() -> None:
    # An old Compute plan of a covers x for 0.50; an Instance plan would take x at 0.40, and leave it nothing.
    demand = history(("a", "x", [2]))
    old = replace(NEW, id="old", owner="a", hourly=D("0.5"))
    instance = SavingsPlan("new", "ec2_instance", "x only", "a", D("0.8"))
    rates: Rates = {("x", "1yr"): D("0.5"), ("x", "x only"): D("0.4")}
    reach = within_reach(simulated(demand, [old], rates), instance, rates)
    assert evaluated(reach, D("0.4")).savings == D("0.6")
    # Two of x for 0.80 and 0.50 unused, where 0.50 + 1.00 on demand were paid before.
    assert saved(simulated(demand, [old], rates), [old], [instance], rates) == D("0.2")


def test_reservations_are_sized_whole_and_by_units() -> None:
    lines = [
        Line("a", f"m5.{size}", price, "ec2", "r", "m5", f"m5.{size}", units)
        for size, price, units in (("large", D("0.1"), D(4)), ("xlarge", D("0.2"), D(8)))
    ]
    demand = Demand(lines, np.array([[1, 1], [2, 1]], dtype=np.float64))
    one = Reservation("new", "a", 1, D("0.06"), "ec2", "r", "m5", "m5.large", D(4))
    reach = within_reach(simulated(demand, [], {}), one, {})
    best = cheapest(reach, Offer(one.hourly, whole=True))
    assert best == 3  # 5 and 3 large ones' worth; a fourth saves 0.10 in one hour of two, for 0.12
    assert saved(simulated(demand, [], {}), [], [replace(one, count=3)], {}) == D("0.24")  # 6 x (0.10 - 0.06)
    single = replace(one, exchanges_sizes=False)
    assert (
        cheapest(within_reach(simulated(demand, [], {}), single, {}), Offer(single.hourly, whole=True)) == 1
    )


@settings(max_examples=100, deadline=None)
@given(
    levels=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6),
    other=st.decimals(0, 12, places=2),
)
def test_what_is_advised_is_confirmed_by_applying_it_and_never_beaten(
    levels: list[tuple[int, int]], other: Decimal
) -> None:
    demand = history(("a", "x", [x for x, _ in levels]), ("b", "y", [y for _, y in levels]))
    left = simulated(demand, [], RATES)
    reach = within_reach(left, NEW, RATES)
    best = cheapest(reach)
    advised = saved(left, [], [replace(NEW, hourly=best)], RATES)
    assert advised == pytest.approx(evaluated(reach, best).savings, abs=D("0.00001"))
    assert saved(left, [], [replace(NEW, hourly=other)], RATES) <= advised + D("0.00001")
