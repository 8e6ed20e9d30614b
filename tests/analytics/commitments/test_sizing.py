"""Is the commitment that is advised the cheapest of all, exactly, in every mode?"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.columns import Floats
from finops_mcp.analytics.commitments.displacement import Displacement, by_plan, by_reservation
from finops_mcp.analytics.commitments.evaluation import curve, evaluated, regrets
from finops_mcp.analytics.commitments.sizing import (
    Offer,
    at_coverage,
    at_utilization,
    cheapest,
    quantile,
    sized,
)
from finops_mcp.errors import InvalidArgument

D = Decimal
GOLDEN = [2, 4, 6, 8, 10, 10, 10, 12, 14, 20]
Cell = tuple[int, int, int]


def hours(levels: Sequence[int]) -> Floats:
    """One line of demand."""
    return np.array([levels], dtype=np.float64)


@pytest.fixture(name="golden")
def _golden() -> Displacement:
    """G-B4: on-demand dollars of ten hours, all at 35 % off."""
    return by_plan(hours(GOLDEN), [D(1)], [D("0.65")])


def test_golden_g_b4_the_cheapest_and_what_it_costs(golden: Displacement) -> None:
    best = cheapest(golden)
    assert best == D("5.20")  # 65 % of the level 8
    found = evaluated(golden, best)
    assert found.on_demand_before == 96
    assert (found.cost, found.savings) == (D(80), D(16))  # 10 x 5.20 + 96 - (2 + 4 + 6 + 7 x 8)
    assert found.utilization == D("0.85")  # 0.65 x 68 / 52
    assert found.coverage is not None
    assert round(found.coverage, 4) == D("0.7083")  # 68 / 96
    assert found.break_even_utilization == D("0.65")  # 1 - d
    assert (found.unused, found.on_demand_left) == (D("7.8"), D(28))


@pytest.mark.parametrize(
    ("commitment", "cost"),
    # 65 % of level 6 and of 10; of the average 9.6: 62.40 + 96 - (2 + 4 + 6 + 8 + 6 x 9.6); of the maximum.
    [("3.90", 81), ("6.50", 81), ("6.24", "80.80"), ("13.00", 130)],
)
def test_golden_g_b4_others_lose(golden: Displacement, commitment: str, cost: Any) -> None:
    assert evaluated(golden, D(commitment)).cost == D(cost)


def test_golden_g_b4_is_the_quantile_of_the_discount(golden: Displacement) -> None:
    level = quantile(hours(GOLDEN)[0], D("0.35"))
    assert level == 8  # 6 of 10 hours exceed it, 7 of 10 exceed 6; 65 % may
    assert cheapest(golden) == level * D("0.65")


def test_golden_g_b4_regret_if_usage_falls(golden: Displacement) -> None:
    tenth, fifth, third = regrets(golden, D("5.20"))
    # At 0.9: 86.40 on demand, levels 1.8, 3.6, 5.4, 7.2 and six above 8: displaced 18 + 48 = 66.
    assert (tenth.held.cost, tenth.best.commitment, tenth.best.cost) == (D("72.4"), D("4.68"), D(72))
    assert tenth.regret == D("0.4")
    # At 0.8: 76.80, displaced 1.6 + 3.2 + 4.8 + 6.4 + 6 x 8 = 64; at 0.7: 67.20, 14 + 3 x 7 + 3 x 8 = 59.
    assert (fifth.held.cost, fifth.regret) == (D("64.8"), D("0.8"))
    assert (third.held.cost, third.regret) == (D("60.2"), D("4.2"))


def test_golden_g_b4_in_steps_of_a_tenth(golden: Displacement) -> None:
    found = curve(golden)
    assert [one.commitment for one in found] == [D("1.3") * step for step in range(11)]
    # 3.90, 5.20 and 6.50 are steps of it.
    assert [found[step].cost for step in (0, 3, 4, 5, 10)] == [96, 81, 80, 81, 130]
    assert found[0].utilization is None


def test_a_coverage_is_met_with_the_least_that_meets_it(golden: Displacement) -> None:
    assert at_coverage(golden, D(100)) == 13
    # Half of 96: 2 + 4 x 9 = 38 at level 4, 6 more from 8 hours at 5.25; 2 + 4 + 8 x 5.25 = 48.
    assert at_coverage(golden, D(50)) == D("5.25") * D("0.65")
    # 104 are covered already: half of 200 is passed, 76 % are 152, of which 48 are missing.
    assert at_coverage(golden, D(50), D(104)) == 0
    assert at_coverage(golden, D(76), D(104)) == D("5.25") * D("0.65")
    assert evaluated(golden, D("3.4125"), covered_already=D(104)).coverage == D("0.76")
    with pytest.raises(InvalidArgument, match="10 to 100"):
        at_coverage(golden, D(9))


def test_the_guard_rail_is_the_most_that_is_used_so_far(golden: Displacement) -> None:
    # Level x between 4 and 6: (2 + 4 + 8 x) / 10 x = 0.95 at x = 4, where it holds; up to 2: all is used.
    assert at_utilization(golden, D("0.95")) == D("2.6")
    assert at_utilization(golden, D(1)) == D("1.3")
    # Level between 8 and 10: (20 + 6 x) / 10 x = 0.8 at x = 10, so used in 62.5 dollars of level: 80 / 100.
    assert at_utilization(golden, D("0.8")) == D("6.5")
    # Between 10 and 12: (50 + 3 x) / 10 x = 0.75 at x = 50 / 4.5.
    assert at_utilization(golden, D("0.75")) == round(D(50) / D("4.5") * D("0.65"), 9)


def test_the_modes_of_the_purchase_analyzer(golden: Displacement) -> None:
    assert sized(golden) == D("5.2")
    assert sized(golden, least_utilization=D("0.95")) == D("2.6")
    assert sized(golden, least_utilization=D("0.8")) == D("5.2")
    assert sized(golden, "custom_commitment", custom=D("1.23")) == D("1.23")
    assert sized(golden, "target_average_coverage", target=D(50)) == D("3.4125")


def test_what_saves_most_is_covered_first_whatever_the_order_of_lines() -> None:
    # 1.00 at 0.70 and 1.00 at 0.50, four hours, the second line in three of them only.
    quantity = np.array([[1, 1, 1, 1], [1, 1, 1, 0]], dtype=np.float64)
    prices, rates = [D(1), D(1)], [D("0.7"), D("0.5")]
    ahead, behind = by_plan(quantity, prices, rates), by_plan(quantity[::-1], prices, rates[::-1])
    # 0.50 covers the second line in three hours, and 0.5 / 0.7 of the first in the fourth.
    assert evaluated(ahead, D("0.5")).displaced == D("3.714286")
    assert evaluated(ahead, D("0.5")) == evaluated(behind, D("0.5"))
    # From 0.5 on, four hours gain 4 / 0.7 for 4; from 0.7 on, three do: 3 / 0.7 = 4.29 for 4; to 1.2.
    assert cheapest(ahead) == cheapest(behind) == D("1.2")


def test_nothing_to_cover_is_nothing_to_commit() -> None:
    for nothing in (by_plan(np.zeros((0, 3)), [], []), by_plan(np.zeros((1, 3)), [D(1)], [D("0.5")])):
        assert cheapest(nothing) == cheapest(nothing, Offer(D("0.1"), whole=True)) == 0
        assert at_utilization(nothing) == at_coverage(nothing, D(80)) == 0
        assert evaluated(nothing, D(0)).coverage is None


def test_reservations_are_whole_and_cover_the_smallest_first() -> None:
    # Two hours of four small machines (1 unit, 0.10), one of which also runs one large (4 units, 0.50).
    quantity = np.array([[4, 4], [0, 1]], dtype=np.float64)
    demand = by_reservation(quantity, [D("0.10"), D("0.50")], [D(1), D(4)], D(2))
    # Reservations of 2 units at 0.15: each 0.20 of small use; from the third on 0.25, in one hour of two.
    offer = Offer(D("0.15"), whole=True)
    assert cheapest(demand, offer) == 2
    assert evaluated(demand, D(2), offer).cost == D("1.10")  # 2 x 2 x 0.15 + 0.50
    four = evaluated(demand, D(4), offer)
    assert (four.on_demand_before, four.cost) == (D("1.30"), D("1.20"))
    assert (four.utilization, four.unused) == (D("0.75"), D("0.3"))  # two of four in one hour of two
    # At 0.12 four are best, 0.96, though the third and fourth displace more than the first two: 0.50 > 0.40.
    assert cheapest(demand, Offer(D("0.12"), whole=True)) == 4
    assert sized(demand, "target_average_coverage", offer, target=D(70)) == 3  # 0.91 of 1.30: 2.44
    assert sized(demand, "max_savings", Offer(D("0.12"), whole=True), least_utilization=D("0.9")) == 2


def test_regret_of_reservations_is_against_the_best_whole_number() -> None:
    # Ten machines, then four, at 1.00, reserved at 0.60: four are best, the fifth gains 1.00 for 1.20. At 0.7
    # of it, 7 and 2.8: the third gains 1.80; three cost 3.60 + 4 and four 4.80 + 3, of which 6.8 / 8 is used.
    demand = by_reservation(hours([10, 4]), [D(1)], [D(1)], D(1))
    *_, third = regrets(demand, D(4), Offer(D("0.6"), whole=True))
    assert (third.best.commitment, third.best.cost, third.held.cost) == (D(3), D("7.6"), D("7.8"))
    assert third.held.utilization == D("0.85")


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[list[int]], list[tuple[int, int]]]:
    """Draw small hours of quantities, and price and rate of each line in cents."""
    lines, span = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    quantities = draw(
        st.lists(st.lists(st.integers(0, 9), min_size=span, max_size=span), min_size=lines, max_size=lines)
    )
    pair = st.integers(1, 40).flatmap(lambda rate: st.tuples(st.integers(rate, 60), st.just(rate)))
    return quantities, draw(st.lists(pair, min_size=lines, max_size=lines))


def spent(quantities: list[list[int]], terms: list[tuple[int, int]], commitment: Fraction) -> Fraction:
    """Buy so much, hour by hour and line by line, in exact fractions of a cent."""
    total = Fraction(0)
    for hour in zip(*quantities, strict=True):
        left = commitment
        total += commitment
        for quantity, (price, rate) in sorted(
            zip(hour, terms, strict=True), key=lambda one: Fraction(one[1][1], one[1][0])
        ):
            covered = min(Fraction(quantity), left / rate)
            left -= covered * rate
            total += (quantity - covered) * price
    return total


def breakpoints(quantities: list[list[int]], terms: list[tuple[int, int]]) -> list[Fraction]:
    """List every commitment at which a line of an hour is just covered."""
    found = {Fraction(0)}
    for hour in zip(*quantities, strict=True):
        taken = Fraction(0)
        for quantity, (_, rate) in sorted(
            zip(hour, terms, strict=True), key=lambda one: Fraction(one[1][1], one[1][0])
        ):
            taken += quantity * rate
            found.add(taken)
    return sorted(found)


@settings(max_examples=1000, deadline=None)
@given(case=cases())
def test_the_cheapest_equals_brute_force_over_all_breakpoints(
    case: tuple[list[list[int]], list[tuple[int, int]]],
) -> None:
    quantities, terms = case
    demand = by_plan(
        np.array(quantities, dtype=np.float64),
        [D(price) for price, _ in terms],
        [D(rate) for _, rate in terms],
    )
    costs = {at: spent(quantities, terms, at) for at in breakpoints(quantities, terms)}
    least = min(costs.values())
    best = cheapest(demand)
    assert best == next(at for at, cost in costs.items() if cost == least)
    # In dollars for cents the floats inside are no longer whole, and ties are as they were.
    dollars = by_plan(
        np.array(quantities, dtype=np.float64), [D(p) / 100 for p, _ in terms], [D(r) / 100 for _, r in terms]
    )
    assert cheapest(dollars) == best / 100
    for commitment in (best, max(costs)):
        cost = costs[Fraction(commitment)]
        found = evaluated(demand, D(int(commitment)))
        assert abs(Fraction(found.cost) - cost) < Fraction(1, 10**5)
    needs = [
        sum(q * rate for q, (_, rate) in zip(hour, terms, strict=True))
        for hour in zip(*quantities, strict=True)
    ]
    for rival in (
        Fraction(sum(needs), len(needs)),
        Fraction(sorted(needs)[len(needs) // 2]),
        Fraction(max(needs)),
    ):
        assert least <= spent(quantities, terms, rival)


@settings(max_examples=100, deadline=None)
@given(
    case=cases(),
    units=st.lists(st.sampled_from([1, 2, 4, 8]), min_size=4, max_size=4),
    price=st.integers(1, 300),
)
def test_the_best_number_of_reservations_equals_trying_them_all(
    case: tuple[list[list[int]], list[tuple[int, int]]], units: list[int], price: int
) -> None:
    quantities, terms = case
    order = sorted(range(len(terms)), key=lambda line: (units[line], terms[line][0]))

    def paid(count: int) -> Fraction:
        total = Fraction(0)
        for hour in zip(*quantities, strict=True):
            left = Fraction(2 * count)
            total += count * price
            for line in order:
                covered = min(Fraction(hour[line]), left / units[line])
                left -= covered * units[line]
                total += (hour[line] - covered) * terms[line][0]
        return total

    demand = by_reservation(
        np.array(quantities, dtype=np.float64),
        [D(p) for p, _ in terms],
        [D(u) for u in units[: len(terms)]],
        D(2),
    )
    tried = [paid(count) for count in range(4 * 9 * 8 // 2 + 1)]
    assert cheapest(demand, Offer(D(price), whole=True)) == tried.index(min(tried))


@example(levels=[1, 2], percent=50)
@given(levels=st.lists(st.integers(0, 50), min_size=1, max_size=12), percent=st.integers(1, 99))
def test_where_all_saves_alike_the_cheapest_is_the_quantile(levels: list[int], percent: int) -> None:
    demand = by_plan(hours(levels), [D(1)], [D(100 - percent) / 100])
    assert cheapest(demand) == quantile(hours(levels)[0], D(percent) / 100) * D(100 - percent) / 100


@given(case=cases(), percent=st.integers(50, 100))
def test_a_guard_rail_and_a_target_hold_and_are_not_to_be_bettered(
    case: tuple[list[list[int]], list[tuple[int, int]]], percent: int
) -> None:
    quantities, terms = case
    demand = by_plan(
        np.array(quantities, dtype=np.float64),
        [D(price) for price, _ in terms],
        [D(rate) for _, rate in terms],
    )
    share, little = D(percent) / 100, D("0.0001")
    most = at_utilization(demand, share)
    if most:
        assert (evaluated(demand, most).utilization or 0) >= share - D("1e-6")
        assert (evaluated(demand, most * (1 + little)).utilization or 0) < share
    covering = at_coverage(demand, D(percent))
    coverage = evaluated(demand, covering).coverage
    if coverage is not None:
        assert coverage >= share - D("1e-6")
        assert (evaluated(demand, covering * (1 - little)).coverage or 0) < share
