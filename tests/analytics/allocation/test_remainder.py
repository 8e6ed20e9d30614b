"""Is an amount shared out to the cent by largest remainder, so that nothing is lost?"""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.allocation.remainder import shared_out
from finops_mcp.analytics.drivers import WIDE

D = Decimal
AMOUNTS = st.decimals(-(10**12), 10**12, places=12) | st.decimals(-(10**6), 10**6, places=2)
WEIGHTS = st.dictionaries(
    st.text("abcde", min_size=1, max_size=3),
    st.decimals(0, 10**9, places=12) | st.just(D(0)) | st.just(D(1)),
    min_size=1,
).filter(lambda weights: any(weights.values()))


def test_cents_left_over_go_to_the_largest_remainders_and_then_by_name() -> None:
    # 100.00 by 1:1:1 is 33.333…: one cent is left, and a is the first of equals.
    assert shared_out(D("100.00"), {"c": D(1), "b": D(1), "a": D(1)}) == {
        "a": D("33.34"), "b": D("33.33"), "c": D("33.33"),
    }  # fmt: skip
    # 0.10 by 1:2:4 is 1.43, 2.86 and 5.71 cents: the two cents left are b's and c's.
    assert shared_out(D("0.10"), {"a": D(1), "b": D(2), "c": D(4)}) == {
        "a": D("0.01"), "b": D("0.03"), "c": D("0.06"),
    }  # fmt: skip


def test_what_is_given_back_is_shared_out_as_what_was_paid() -> None:
    weights = {"a": D(1), "b": D(2), "c": D(4)}
    back = {name: -share for name, share in shared_out(D("0.10"), weights).items()}
    assert shared_out(D("-0.10"), weights) == back


def test_digits_beyond_the_cent_are_the_next_ones_in_line() -> None:
    # 0.105 by 1:1 is 5.25 cents each: 5 whole cents each, and half a cent to a, whose remainder is first.
    assert shared_out(D("0.105"), {"a": D(1), "b": D(1)}) == {"a": D("0.055"), "b": D("0.05")}
    # 0.119 by 1:2 is 3.966… and 7.933…: one cent to a, then what is left of the last cent to b.
    assert shared_out(D("0.119"), {"a": D(1), "b": D(2)}) == {"a": D("0.04"), "b": D("0.079")}


def test_what_has_no_weight_gets_nothing() -> None:
    assert shared_out(D("0.019"), {"a": D(0), "b": D(1)}) == {"a": D(0), "b": D("0.019")}


def test_without_a_weight_or_with_one_below_0_nothing_is_shared_out() -> None:
    for weights in ({}, {"a": D(0)}, {"a": D(2), "b": D(-1)}):
        with pytest.raises(ValueError, match="none is negative"):
            shared_out(D(1), weights)


@given(AMOUNTS, WEIGHTS)
def test_shares_add_up_and_none_is_a_cent_off(amount: Decimal, weights: dict[str, Decimal]) -> None:
    shares = shared_out(amount, weights)
    with localcontext(WIDE):
        assert sum(shares.values(), start=D(0)) == amount
    assert shares.keys() == weights.keys()
    whole = sum(map(Fraction, weights.values()))
    for name, share in shares.items():
        assert abs(Fraction(share) - Fraction(amount) * Fraction(weights[name]) / whole) < Fraction(1, 100)
    odd = [share for share in shares.values() if share != round(share, 2)]
    assert len(odd) <= 1  # only what the amount itself has beyond the cent


@given(AMOUNTS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_names_and_the_unit_of_weights_do_not_matter(
    amount: Decimal, weights: dict[str, Decimal], order: object
) -> None:
    turned = list(weights.items())
    order.shuffle(turned)  # type: ignore[attr-defined]
    with localcontext(WIDE):
        in_another_unit = {name: weight * 7 for name, weight in turned}
    assert shared_out(amount, in_another_unit) == shared_out(amount, weights)
