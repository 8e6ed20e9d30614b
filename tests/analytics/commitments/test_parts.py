"""Do the sums of parts come to those of the whole, whatever the parts are?"""

from dataclasses import fields
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.measures import Denominator
from finops_mcp.analytics.commitments.parts import Part
from finops_mcp.analytics.commitments.ratios import amounts, denominators, ratios

D = Decimal
ABSENT_OR_AMOUNT = st.none() | st.decimals(0, 10**6, places=6)
PARTS = st.lists(st.builds(Part, **{f.name: ABSENT_OR_AMOUNT for f in fields(Part)}), min_size=1, max_size=5)
PRICES: list[Denominator] = ["list", "contracted"]


@given(PARTS, st.sampled_from(PRICES), st.booleans())
def test_what_is_told_of_parts_adds_up(parts: list[Part], price: Denominator, net: bool) -> None:
    whole = amounts(Part.added(parts), price, net=net)
    for name, amount in whole.items():
        if name != "net_savings":
            assert amount == sum(amounts(p, price, net=net)[name] for p in parts)
    # Savings are against the price that goes with the cost: net with negotiated, gross with public.
    assert whole["net_savings"] == sum(p.savings(net=net) for p in parts)


@given(PARTS, st.sampled_from(PRICES), st.booleans())
def test_no_share_leaves_its_bounds(parts: list[Part], price: Denominator, net: bool) -> None:
    told = ratios(Part.added(parts), price, net=net, gross_told=True)
    for name in ("utilization_by_cost", "coverage", "coverage_by_plans", "coverage_by_reservations"):
        share = told[name]
        assert share is None or 0 <= share <= 1, name


@given(PARTS, st.sampled_from(PRICES), st.booleans())
def test_every_ratio_of_use_has_a_denominator_and_none_stands_alone(
    parts: list[Part], price: Denominator, net: bool
) -> None:
    whole = Part.added(parts)
    told = ratios(whole, price, net=net, gross_told=True)
    named = {name for name, *_ in denominators(whole, price, net=net)}
    for name in ("utilization_by_cost", "coverage", "coverage_by_plans", "coverage_by_reservations"):
        assert (told[name] is not None) == (name in named), name


def test_what_is_counted_in_two_ways_has_no_share_of_its_own() -> None:
    plan = Part(total_commitment=D(10), used_commitment=D(9))
    sized = Part(reserved_units=D(100), unused_units=D(20))
    zonal = Part(reserved_hours=D(24), unused_hours=D(6))
    assert plan.utilization == (D("0.9"), "commitment")
    assert sized.utilization == (D("0.8"), "normalized_units")
    assert zonal.utilization == (D("0.75"), "hours")
    assert Part.added([plan, sized]).utilization == (None, None)
    assert Part.added([sized, zonal]).utilization == (None, None)
    assert Part.added([plan, sized]).of_plans == D("0.9")


def test_without_gross_costs_only_the_net_rate_is_told() -> None:
    part = Part(net_used_cost=D(60), covered_list=D(100), covered_contracted=D(90))
    told = ratios(part, "contracted", net=True, gross_told=False)
    assert told["rate_net_list"] == D("0.4")
    assert told["rate_commitments_list"] is None
    assert told["rate_all_contracted"] is None
