"""Is a difference split into its effects exactly, each effect being what its name says?"""

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.changes import explaining, ranked, split, totals_of
from finops_mcp.analytics.drivers import EFFECTS, WIDE, Side, effects

D = Decimal
ZERO = D(0)
SAME = (30, 30)


def told(*parts: Any, ended: Decimal = ZERO, days: tuple[int, int] = SAME) -> dict[str, Decimal]:
    """Split one part of use; effects of nothing left out."""
    before, after = parts
    with localcontext(WIDE):
        return {e: a for e, a in effects("usage", before, after, days, ended).items() if a}


def test_golden_g_i1_usage_and_rate() -> None:
    # Domain spec I, G-I1: p 0.10 -> 0.09, q 1000 -> 1300: usage +30.00, rate -13.00, total +17.00.
    before, after = Side(D("100.00"), D(1000)), Side(D("117.00"), D(1300))
    assert told(before, after) == {"usage": D(30), "rate": D(-13)}


def test_a_list_price_that_fell_is_told_from_a_deeper_discount() -> None:
    # List 0.10 -> 0.09 per unit, paid as listed: all of the -13.00 is the list price.
    fell = told(Side(D(100), D(1000), D(100)), Side(D(117), D(1300), D(117)))
    assert fell == {"usage": D(30), "list_rate": D(-13)}
    # 100 units, list 1.00 both times, paid 90 then 80: nothing but the discount moved.
    assert told(Side(D(90), D(100), D(100)), Side(D(80), D(100), D(100))) == {"discount_rate": D(-10)}
    # List 1.00 -> 1.10 and paid 0.90 -> 0.88: at the discount before, 0.99; so +9.00 and -11.00.
    both = told(Side(D(90), D(100), D(100)), Side(D(88), D(100), D(110)))
    assert both == {"list_rate": D(9), "discount_rate": D(-11)}


def test_a_longer_month_is_not_more_use() -> None:
    # 10 units a day at 2.00: 28 days are 560.00, 31 days 620.00; the 60.00 are three more days.
    split = told(Side(D(560), D(280)), Side(D(620), D(310)), days=(28, 31))
    assert split == {"calendar": D(60)}
    # And 11 units a day in the 31 days: 341 x 2.00 = 682.00, of which 62.00 are use.
    assert told(Side(D(560), D(280)), Side(D(682), D(341)), days=(28, 31)) == {
        "calendar": D(60), "usage": D(62),
    }  # fmt: skip


def test_use_that_moves_onto_a_commitment_is_coverage_and_no_rate() -> None:
    # 100 h at 1.00 on demand; then 100 h of which 40 are covered at 0.60: 60.00 + 24.00.
    on_demand = Side(D(100), D(100), D(100))
    covered = Side(D(84), D(100), D(100), covered_cost=D(24), covered=D(40))
    assert told(on_demand, covered) == {"commitment_coverage": D(-16)}
    assert told(covered, on_demand) == {"commitment_coverage": D(16)}


def test_use_back_on_demand_after_its_commitment_ended_is_expiry() -> None:
    # 100 h covered at 0.60; the commitment ends, and 100 h cost 1.00 on demand.
    covered = Side(D(60), D(100), D(100), covered_cost=D(60), covered=D(100))
    assert told(covered, Side(D(100), D(100), D(100)), ended=D(100)) == {"commitment_expiry": D(40)}
    # Of two commitments one ends (50 h) and the other covers 20 h less: 70 h on demand at +0.40.
    left = Side(D("88"), D(100), D(100), covered_cost=D(18), covered=D(30))
    assert told(covered, left, ended=D(50)) == {
        "commitment_coverage": D(8), "commitment_expiry": D(20),
    }  # fmt: skip
    # One ends and another takes its place at the same price: nothing has changed.
    assert told(covered, covered, ended=D(100)) == {}


def test_a_dearer_commitment_is_a_discount_and_a_list_price_leaves_covered_use_alone() -> None:
    covered = Side(D(60), D(100), D(100), covered_cost=D(60), covered=D(100))
    dearer = Side(D(70), D(100), D(100), covered_cost=D(70), covered=D(100))
    assert told(covered, dearer) == {"discount_rate": D(10)}
    listed = Side(D(60), D(100), D(120), covered_cost=D(60), covered=D(100))
    assert told(covered, listed) == {}
    # Half of it covered: 50 h on demand at 1.00, then at 1.20 as listed; the covered 30.00 stay.
    half = Side(D(80), D(100), D(100), covered_cost=D(30), covered=D(50))
    dear = Side(D(90), D(100), D(120), covered_cost=D(30), covered=D(50))
    assert told(half, dear) == {"list_rate": D(10)}
    # It ends while the list price rises from 1.00 to 1.20: 40.00 for the end, 20.00 for the list price.
    after = Side(D(120), D(100), D(120))
    assert told(covered, after, ended=D(100)) == {"commitment_expiry": D(40), "list_rate": D(20)}


def test_parts_of_one_side_are_new_or_gone_and_parts_without_quantity_are_other() -> None:
    part = Side(D(5), D(1), D(5))
    assert told(None, part) == {"new": D(5)}
    assert told(part, None) == {"gone": D(-5)}
    assert told(part, Side(D(7))) == {"other": D(2)}


@pytest.mark.parametrize(
    "kind", ["credit", "tax", "one_off", "support", "commitment_unused", "commitment_fee", "discount_rate"]
)
def test_what_is_no_use_is_an_effect_of_its_own(kind: str) -> None:
    for before, after in ((Side(D(1)), Side(D(3))), (None, Side(D(2)))):
        assert effects(kind, before, after, SAME) == {kind: D(2)}
    assert effects("SolarFlare", Side(D(1), D(1)), Side(D(3), D(1)), SAME) == {"other": D(2)}


amounts = st.decimals(-(10**12), 10**12, places=12)
quantities = st.decimals(0, 10**9, places=12)
sides = st.none() | st.builds(Side, amounts, quantities, quantities, amounts, quantities)
kinds = st.sampled_from(["usage", "fee", "marketplace", "discount_rate", "credit", "refund", "unknown"])
days = st.tuples(st.integers(1, 31), st.integers(1, 31))


@given(kinds, sides, sides, days, quantities)
def test_effects_always_add_up_to_the_difference_to_the_last_digit(
    kind: str, before: Side | None, after: Side | None, days: tuple[int, int], ended: Decimal
) -> None:
    with localcontext(WIDE):
        split = effects(kind, before, after, days, ended)
        difference = (after.cost if after else ZERO) - (before.cost if before else ZERO)
        assert sum(split.values(), start=ZERO) == difference
    assert set(split) <= set(EFFECTS)


def row(key: str, before: Side | None, after: Side | None, currency: str = "USD") -> tuple[Any, ...]:
    none = Side(ZERO)
    text = " ".join(map(str, [*(before or none), *(after or none), ZERO]))
    return (key, currency, "usage", text, before is not None, after is not None)


@given(st.lists(st.tuples(st.sampled_from("abc"), sides, sides), max_size=8), st.randoms())
def test_the_order_of_the_parts_is_nothing_to_the_answer(parts: list[Any], chance: Any) -> None:
    rows = [row(*part) for part in parts]
    with localcontext(WIDE):
        one = ranked(split(rows, 1, (31, 30)).items())
        chance.shuffle(rows)
        changed = split(rows, 1, (31, 30))
        assert ranked(changed.items()) == one
        for total in totals_of(changed).values():
            told = sum((total.get(e, ZERO) for e in EFFECTS), start=ZERO)
            assert told == total["after"] - total["before"]


def test_amounts_of_two_currencies_are_two_totals() -> None:
    five, seven = Side(D(5), D(1)), Side(D(7), D(1))
    changed = split([row("a", five, seven), row("a", five, seven, "INR"), row("b", None, five)], 1, SAME)
    assert totals_of(changed) == {
        "INR": {"before": D(5), "after": D(7), "rate": D(2)},
        "USD": {"before": D(5), "after": D(12), "rate": D(2), "new": D(5)},
    }


def test_what_explains_enough_is_counted_from_the_largest_on() -> None:
    assert explaining([D(60), D(-20), D(10), D(-10)], D("0.8")) == (2, D("0.8"))
    assert explaining([D(60), D(-19), D(11), D(-10)], D("0.8")) == (3, D("0.9"))
    assert explaining([ZERO, ZERO], D("0.8")) == (0, ZERO)
    assert explaining([], D("0.8")) == (0, ZERO)
