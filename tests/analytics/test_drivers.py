from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.drivers import EFFECTS, Part, added_up, effects

D = Decimal


def test_golden_g_i1_usage_and_rate() -> None:
    # Domain spec I, G-I1: p 0.10 -> 0.09, q 1000 -> 1300: usage +30.00, rate -13.00, total +17.00.
    before = Part(D("100.00"), D(1000), D("100.00"))
    after = Part(D("117.00"), D(1300), D("117.00"))
    split = effects("usage", before, after, 30, 30)
    assert split["usage"] + split["calendar"] == D("30.00")
    assert split["calendar"] == 0
    assert split["list_rate"] + split["discount"] == D("-13.00")
    assert split["list_rate"] == D("-13.00"), "the list price itself fell from 0.10 to 0.09"
    assert sum(split.values()) == D("17.00")


def test_a_longer_month_is_not_more_use() -> None:
    # 10 units a day at 2.00: 28 days are 560.00, 31 days 620.00; the 60.00 are three more days.
    split = effects("usage", Part(D(560), D(280), D(560)), Part(D(620), D(310), D(620)), 28, 31)
    assert split == {"calendar": D(60), "usage": D(0), "list_rate": D(0), "discount": D(0)}


def test_a_deeper_discount_is_told_from_a_lower_list_price() -> None:
    # 100 units, list 1.00 both times, paid 90 then 80: nothing but the discount moved.
    split = effects("usage", Part(D(90), D(100), D(100)), Part(D(80), D(100), D(100)), 30, 30)
    assert split["discount"] == D(-10)
    assert split["list_rate"] == 0


def test_coverage_that_lapses_is_a_commitment_effect() -> None:
    covered = Part(D(70), D(100), D(100), committed=D(70))
    split = effects("usage", covered, Part(D(100), D(100), D(100)), 30, 30)
    assert split["commitment_coverage"] == D(30)


def test_parts_of_one_side_only_are_new_or_gone() -> None:
    part = Part(D(5), D(1), D(5))
    assert effects("usage", None, part, 30, 31) == {"new": D(5)}
    assert effects("usage", part, None, 30, 31) == {"gone": D(-5)}


def test_fees_credits_and_tax_are_effects_of_their_own() -> None:
    for kind, effect in (
        ("credit", "credit"),
        ("tax", "tax"),
        ("refund", "one_off"),
        ("commitment_fee", "commitment_unused"),
    ):
        assert effects(kind, Part(D(1), D(0), D(0)), Part(D(3), D(0), D(0)), 30, 30) == {effect: D(2)}


amounts = st.decimals(-(10**6), 10**6, places=10)
quantities = st.decimals(0, 10**6, places=6)
parts = st.none() | st.builds(Part, amounts, quantities, quantities, quantities)


@given(
    st.sampled_from(["usage", "fee", "credit", "marketplace"]),
    parts,
    parts,
    st.integers(1, 31),
    st.integers(1, 31),
)
def test_effects_always_add_up_to_the_difference(
    kind: str, before: Part | None, after: Part | None, days_before: int, days_after: int
) -> None:
    split = effects(kind, before, after, days_before, days_after)
    difference = (after.cost if after else D(0)) - (before.cost if before else D(0))
    assert sum(split.values(), start=D(0)) == difference
    assert set(split) <= set(EFFECTS)
    assert added_up([split, split]) == {name: 2 * amount for name, amount in split.items()}
