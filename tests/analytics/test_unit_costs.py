"""Is what one costs the cost over the quantity, never of days not told, and is its change split whole?"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.unit_costs import Change, Counted, explained, unit_cost

D = Decimal
JANUARY = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]


def test_one_costs_the_cost_over_the_quantity() -> None:
    assert unit_cost(D("12000.00"), D(96000)) == D("0.125")
    assert unit_cost(D("1"), D(3)) == D("0.333333333333")
    assert unit_cost(D("1"), D(0)) is None


def test_a_month_counts_whole_and_is_never_cut() -> None:
    told = Counted({date(2026, 2, 1): D(7)}, {"2026-01": D(3100)})
    assert told.within(JANUARY) == (D(3100), [])
    # Thirty of its days are not thirty parts of it: all of them are missing.
    assert told.within(JANUARY[:30]) == (D(0), JANUARY[:30])
    assert told.within([*JANUARY, date(2026, 2, 1)]) == (D(3107), [])
    assert told.within([*JANUARY, date(2026, 2, 1), date(2026, 2, 2)]) == (D(3107), [date(2026, 2, 2)])


def test_a_change_is_by_volume_and_by_cost() -> None:
    # 1,000 for 10,000: 0.10 each. Then 1,320 for 12,000: 0.11. The old cost over 12,000 is 0.083333…
    change = explained((D(1000), D(10000)), (D(1320), D(12000)))
    assert change is not None
    of_one, of_all = change
    assert of_one == Change(D("0.10"), D("0.11"), D("-0.016666666667"))
    assert (of_one.difference, of_one.by_rest) == (D("0.01"), D("0.026666666667"))
    # 2,000 more at 0.10 are 200; 0.01 more for each of 12,000 are 120.
    assert (of_all.difference, of_all.by_volume, of_all.by_rest) == (D(320), D(200), D(120))


def test_nothing_is_explained_where_there_was_none() -> None:
    assert explained((D(10), D(0)), (D(10), D(5))) is None
    assert explained((D(10), D(5)), (D(10), D(0))) is None


amounts = st.decimals(-(10**9), 10**9, places=6)
counts = st.decimals("0.001", 10**9, places=3)


@given(amounts, counts, amounts, counts)
def test_effects_add_up_to_the_last_digit(c0: Decimal, q0: Decimal, c1: Decimal, q1: Decimal) -> None:
    change = explained((c0, q0), (c1, q1))
    assert change is not None
    for of, before, after in zip(change, (unit_cost(c0, q0), c0), (unit_cost(c1, q1), c1), strict=True):
        assert (of.before, of.after) == (before, after)
        assert of.by_volume + of.by_rest == of.after - of.before
    same_volume = explained((c0, q0), (c1, q0))
    assert same_volume is not None
    assert [of.by_volume for of in same_volume] == [0, 0]
