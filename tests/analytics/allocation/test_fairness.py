"""Does each choice of who has the good of commitments move what it says, and leave the sum as it is?"""

from collections.abc import Callable
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.allocation.fairness import Holder, OwnerUnknown, Use, buyer_keeps, pooled
from finops_mcp.analytics.drivers import WIDE

D = Decimal
# m5 in one region: shop used 100.00 at on-demand price, 60.00 of it covered at 36.00 by ops' plan, and data
# 50.00, all of it on demand; r5 is data's alone.
USES = [
    Use(("shop", ""), "m5", D("36.00"), D("60.00"), "ops-plan"),
    Use(("shop", ""), "m5", D("40.00"), D("40.00")),
    Use(("data", ""), "m5", D("50.00"), D("50.00")),
    Use(("data", ""), "r5", D("7.00"), D("10.00"), "data-ri"),
]
OWNERS = {"ops-plan": "ops", "data-ri": "data"}


def test_pooled_everyone_pays_the_average_rate_of_a_family() -> None:
    # 126.00 for 150.00 at on-demand price is 84 %: shop 84.00 instead of 76.00, data 42.00 instead of 50.00.
    moved, said = pooled(USES)
    assert moved == {("shop", ""): D("8.00"), ("data", ""): D("-8.00")}
    assert said == []


def test_buyer_keeps_what_its_plan_saved_others() -> None:
    # shop pays 60.00 for what cost 36.00, and ops has the 24.00; what data saves by its own stays with it.
    assert buyer_keeps(USES, OWNERS) == {
        ("shop", ""): D("24.00"), ("ops", ""): D("-24.00"), ("data", ""): D(0),
    }  # fmt: skip


def test_a_commitment_without_an_owner_is_refused_by_name() -> None:
    with pytest.raises(OwnerUnknown, match=r"^ops-plan$"):
        buyer_keeps(USES, {"data-ri": "data"})


def test_a_family_whose_on_demand_price_is_not_there_stays_as_posted() -> None:
    uses = [
        Use(("shop", ""), "m5", D(5), D(0)),
        Use(("data", ""), "m5", D(9), D(0)),
        Use(("data", ""), "r5", D(1), D(0)),
    ]
    assert pooled(uses) == ({}, ["As posted, since their on-demand price tells no weight: m5."])


AMOUNTS = st.decimals(-(10**4), 10**9, places=12)
MANY = st.lists(
    st.builds(
        Use,
        st.sampled_from([("shop", ""), ("shop", "gateways"), ("data", ""), ("ops", "")]),
        st.sampled_from(["m5", "r5"]),
        AMOUNTS,
        AMOUNTS,
        st.sampled_from([None, *OWNERS]),
    )
)


@given(MANY, st.randoms(use_true_random=False))
def test_the_sum_stays_as_it_is_whatever_the_order_of_charges(uses: list[Use], order: object) -> None:
    turned = list(uses)
    order.shuffle(turned)  # type: ignore[attr-defined]
    choices: list[Callable[[list[Use]], dict[Holder, Decimal]]] = [
        lambda given: pooled(given)[0],
        lambda given: buyer_keeps(given, OWNERS),
    ]
    for choice in choices:
        moved = choice(uses)
        with localcontext(WIDE):
            assert sum(moved.values(), start=D(0)) == 0
        assert choice(turned) == moved
