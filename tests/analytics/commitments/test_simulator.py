"""Are commitments applied as AWS documents it, hour by hour?"""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.applied import Applied
from finops_mcp.analytics.commitments.portfolio import (
    Commitment,
    Demand,
    Line,
    PlanKind,
    Rates,
    Reservation,
    SavingsPlan,
    Sharing,
)
from finops_mcp.analytics.commitments.simulator import simulated

D = Decimal
# AWS's illustrative prices: on demand, Compute plan, EC2 Instance plan (of family c5).
PRICES = {
    "c5.9xlarge": (D(4), D(2), D(1)),
    "c5.24xlarge windows": (D(10), D(8), D(6)),
    "fargate vcpu": (D("1.50"), D(1), None),
    "fargate gb": (D(2), D(1), None),
}
QUANTITIES = [1, 1, 10, 5]
RATES: Rates = {(sku, "compute"): compute for sku, (_, compute, _) in PRICES.items()} | {
    (sku, "c5"): ec2 for sku, (_, _, ec2) in PRICES.items() if ec2
}
GOLDEN = Demand(
    [Line("a", sku, on_demand) for sku, (on_demand, _, _) in PRICES.items()],
    np.array([[quantity] for quantity in QUANTITIES], dtype=np.float64),
)


def plan(
    hourly: str, kind: PlanKind = "compute", *, owner: str = "a", name: str = "p", offer: str = ""
) -> SavingsPlan:
    return SavingsPlan(name, kind, offer or kind, owner, D(hourly))


def left(applied: Applied) -> list[float]:
    """What remains on demand in the first hour, line by line."""
    return [round(float(quantity), 6) for quantity in applied.remaining[:, 0]]


def test_golden_g_b3_without_a_plan() -> None:
    assert simulated(GOLDEN, [], RATES).cost == D("39.00")


def test_golden_g_b3_a_plan_of_25_covers_everything() -> None:
    found = simulated(GOLDEN, [plan("25")], RATES)
    assert (found.cost, found.on_demand_cost) == (D("25.00"), D(0))


def test_golden_g_b3_a_plan_of_19_60_ends_within_the_windows_machine() -> None:
    found = simulated(GOLDEN, [plan("19.60")], RATES)
    assert left(found) == [0, 0.675, 0, 0]  # 5.00 + 2.00 + 10.00, then 2.60 of 8.00 is 32.5 %
    assert (found.cost, found.on_demand_cost) == (D("26.35"), D("6.75"))
    (covered,) = found.by_commitment()
    assert (covered.on_demand_cost, covered.used_cost, covered.unused_cost) == (D("32.25"), D("19.6"), D(0))


def test_golden_g_b3_an_instance_plan_of_7_before_a_compute_plan_of_3() -> None:
    both = [plan("3.00"), plan("7.00", "ec2_instance", name="e", offer="c5")]
    found = simulated(GOLDEN, both, RATES)
    assert left(found) == [0, 0, 10, 2]  # both c5 for 1.00 + 6.00, and three of five GB
    assert (found.cost, found.on_demand_cost) == (D("29.00"), D("19.00"))


def ec2(account: str, size: str = "large", units: int = 4, **more: str) -> Line:
    price = D(units) / 40
    return Line(
        account, f"m5.{size}", price, "ec2", "us-east-1", "m5", f"m5.{size}", D(units),
        **{"platform": "Linux/UNIX", **more},
    )  # fmt: skip


def reserved(owner: str = "a", size: str = "large", units: int = 4, count: int = 1) -> Reservation:
    return Reservation(
        f"{owner} {size}", owner, count, D(units) / 80, "ec2", "us-east-1", "m5", f"m5.{size}", D(units),
        platform="Linux/UNIX",
    )  # fmt: skip


def running(*lines: Line) -> Demand:
    """One machine of each for an hour."""
    return Demand(lines, np.ones((len(lines), 1)))


def test_sizes_are_exchanged_smallest_first() -> None:
    demand = running(ec2("a", "2xlarge", 16), ec2("a", "large", 4), ec2("a", "xlarge", 8))
    # 16 units: 4 + 8, and a quarter of the 2xlarge.
    found = simulated(demand, [reserved("a", "2xlarge", 16)], {})
    assert left(found) == [0.75, 0, 0]
    (covered,) = found.by_commitment()
    assert (covered.used_units, covered.unused_units) == (D(16), D(0))
    assert (covered.on_demand_cost, covered.used_cost) == (D("0.4"), D("0.2"))
    assert found.cost == D("0.2") + D("0.3")  # 16 / 80, and three quarters of 0.40


@pytest.mark.parametrize(
    ("reservation", "line", "covers"),
    [
        (reserved(), ec2("a"), True),
        (reserved(), ec2("a", "xlarge", 8), True),
        (replace(reserved(), exchanges_sizes=False), ec2("a", "xlarge", 8), False),
        (replace(reserved(), exchanges_sizes=False), ec2("a"), True),
        (replace(reserved(), tenancy="dedicated"), ec2("a", "xlarge", 8, tenancy="dedicated"), False),
        (replace(reserved(), tenancy="dedicated"), ec2("a", tenancy="dedicated"), True),
        (replace(reserved(), tenancy="dedicated"), ec2("a"), False),
        (replace(reserved(), zone="us-east-1a"), ec2("a", zone="us-east-1a"), True),
        (replace(reserved(), zone="us-east-1a"), ec2("a", zone="us-east-1b"), False),
        (replace(reserved(), zone="us-east-1a"), ec2("a", "xlarge", 8, zone="us-east-1a"), False),
        (reserved(), ec2("a", platform="Windows"), False),
        (reserved(), replace(ec2("a"), region="eu-west-1"), False),
        (reserved(), replace(ec2("a"), service="rds"), False),
        (reserved(), replace(ec2("a"), family="m6i"), False),
    ],
)
def test_what_a_reservation_covers(reservation: Reservation, line: Line, covers: bool) -> None:
    assert bool(simulated(running(line), [reservation], {}).covers) is covers


def test_a_zone_comes_before_its_region_and_reservations_before_plans() -> None:
    here, there = ec2("a", zone="us-east-1a"), ec2("a", zone="us-east-1b")
    both = [replace(reserved(), id="region"), replace(reserved(), zone="us-east-1a", id="zone")]
    found = simulated(
        running(here, there), [plan("1", name="p"), *both], {("m5.large", "compute"): D("0.01")}
    )
    assert {(found.commitments[c.commitment].id, c.line) for c in found.covers} == {
        ("zone", 0),
        ("region", 1),
    }
    (unused,) = [one.unused_cost for one in found.by_commitment() if one.id == "p"]
    assert unused == 1


def test_instance_plans_come_before_compute_plans() -> None:
    demand = Demand(GOLDEN.lines[:1], GOLDEN.quantity[:1])
    found = simulated(demand, [plan("1"), plan("1", "ec2_instance", name="e", offer="c5")], RATES)
    assert [one.unused_cost for one in found.by_commitment()] == [D(1), D(0)]


def test_the_owner_comes_before_what_would_save_more_elsewhere() -> None:
    lines = [Line("a", "little", D(1)), Line("b", "much", D(1))]
    rates = {("little", "compute"): D("0.9"), ("much", "compute"): D("0.5")}
    assert left(simulated(running(*lines), [plan("0.9")], rates)) == [0, 1]


def test_of_commitments_alike_the_one_that_started_first_is_used_first() -> None:
    young, old = (replace(plan("1", name=name), start=start) for name, start in (("a", -1), ("b", -2)))
    found = simulated(running(Line("a", "x", D(2))), [young, old], {("x", "compute"): D(1)})
    assert [one.unused_cost for one in found.by_commitment()] == [D(1), D(0)]
    both = [replace(reserved(), id="a", start=-1), replace(reserved(), id="b", start=-2)]
    found = simulated(running(ec2("a")), both, {})
    assert [one.unused_units for one in found.by_commitment()] == [D(4), D(0)]


def test_of_usage_that_saves_alike_the_lowest_rate_comes_first() -> None:
    lines = [Line("a", "dear", D(4)), Line("a", "cheap", D(2))]
    rates = {("dear", "compute"): D(2), ("cheap", "compute"): D(1)}
    assert left(simulated(running(*lines), [plan("1")], rates)) == [1, 0]


def test_plans_of_a_class_pool_and_each_has_its_own_rates() -> None:
    # One line at 1.00: 0.50 with the longer plan, 0.70 with the shorter one, whichever is given first.
    rates = {("x", "3yr"): D("0.5"), ("x", "1yr"): D("0.7")}
    plans = [plan("0.35", name="short", offer="1yr"), plan("0.25", name="long", offer="3yr")]
    for given_plans in (plans, plans[::-1]):
        found = simulated(running(Line("a", "x", D(1))), given_plans, rates)
        # Half of it for 0.25, and 0.35 is just the other half.
        assert {one.id: one.on_demand_cost for one in found.by_commitment()} == {
            "long": D("0.5"),
            "short": D("0.5"),
        }


def test_each_class_of_plans_is_a_pool_of_its_own() -> None:
    lines = [Line("a", "ml.m5", D(1)), Line("a", "db.r7g", D(1))]
    rates = {("ml.m5", "sagemaker"): D("0.4"), ("db.r7g", "database"): D("0.8")}
    found = simulated(
        running(*lines), [plan("1", "sagemaker", name="s"), plan("0.4", "database", name="d")], rates
    )
    assert left(found) == [0, 0.5]
    assert [one.unused_cost for one in found.by_commitment()] == [D("0.6"), D(0)]


@pytest.mark.parametrize(
    ("sharing", "expected"),
    [
        # Two machines' worth; the owner first, the accounts c and b alike after it, b by its name.
        (Sharing(), {"a": 0, "b": 0, "c": 1, "d": 1}),
        (Sharing("prioritised_group", {"a": "g", "c": "g"}), {"a": 0, "b": 1, "c": 0, "d": 1}),
        (Sharing("prioritised_group", {"a": "g"}), {"a": 0, "b": 0, "c": 1, "d": 1}),
        (Sharing("restricted_group", {"a": "g", "d": "g"}), {"a": 0, "b": 1, "c": 1, "d": 0}),
        (Sharing("restricted_group", {"b": "g"}), {"a": 0, "b": 1, "c": 1, "d": 1}),
        (Sharing(opted_out=frozenset({"b"})), {"a": 0, "b": 1, "c": 0, "d": 1}),
        (Sharing(opted_out=frozenset({"a"})), {"a": 0, "b": 1, "c": 1, "d": 1}),
    ],
)  # fmt: skip
def test_whose_usage_is_covered(sharing: Sharing, expected: dict[str, float]) -> None:
    demand = running(*(ec2(account) for account in "dcba"))
    rates = {("m5.large", "compute"): D("0.05")}
    by_plan = simulated(demand, [plan("0.10")], rates, sharing)
    by_reservation = simulated(demand, [reserved(count=2)], {}, sharing)
    assert by_plan.commitment_cost == by_reservation.commitment_cost == D("0.10")
    for found in (by_plan, by_reservation):
        assert dict(zip("dcba", left(found), strict=True)) == expected


def test_the_owners_own_commitment_comes_before_a_shared_one() -> None:
    # Both own a machine; that of b is covered by b's reservation, though a's would do and is older.
    older = [replace(reserved("a", count=2), start=-10), reserved("b")]
    found = simulated(running(ec2("b"), ec2("a")), older, {})
    assert {(c.commitment, c.line) for c in found.covers} == {(0, 1), (1, 0)}


def test_what_an_hour_does_not_use_is_lost_and_only_the_living_cover() -> None:
    demand = Demand([Line("a", "x", D(1))], np.array([[0, 2, 2, 2]], dtype=np.float64))
    mortal = replace(plan("0.5"), start=0, end=3)
    found = simulated(demand, [mortal], {("x", "compute"): D("0.5")})
    assert found.remaining.tolist() == [[0, 1, 1, 2]]
    assert found.unused.tolist() == [[0.5, 0, 0, 0]]
    assert found.on_demand_costs.tolist() == [0, 1, 1, 2]
    assert found.covered_costs().tolist() == [0, 1, 1, 0]
    assert found.commitment_cost == D("1.5")


def test_demand_that_cannot_be_is_refused() -> None:
    line = Line("a", "x", D(1))
    for quantity in (np.array([[-1.0]]), np.array([[np.nan]]), np.ones((2, 1)), np.ones(1)):
        with pytest.raises(ValueError, match="demand"):
            Demand([line], quantity)
    with pytest.raises(ValueError, match="price"):
        Demand([replace(line, price=D(0))], np.ones((1, 1)))
    with pytest.raises(ValueError, match="rate"):
        simulated(running(line), [plan("1")], {("x", "compute"): D(0)})


ACCOUNTS, SIZES = "abc", {"large": 4, "xlarge": 8, "2xlarge": 16}
HOURS = 4
lines = st.builds(
    lambda account, size, zone: ec2(account, size, SIZES[size], zone=zone),
    st.sampled_from(ACCOUNTS), st.sampled_from(list(SIZES)), st.sampled_from(["us-east-1a", "us-east-1b"]),
)  # fmt: skip
spans = st.tuples(st.integers(-2, HOURS), st.integers(0, HOURS + 2))
plans = st.builds(
    lambda kind, owner, cents, span: SavingsPlan("", kind, kind, owner, D(cents) / 100, *span),
    st.sampled_from(["compute", "ec2_instance"]), st.sampled_from(ACCOUNTS), st.integers(1, 300), spans,
)  # fmt: skip
reservations = st.builds(
    lambda owner, size, count, zone, span: replace(
        reserved(owner, size, SIZES[size], count), zone=zone, start=span[0], end=span[1]
    ),
    st.sampled_from(ACCOUNTS), st.sampled_from(list(SIZES)), st.integers(1, 4),
    st.sampled_from(["", "us-east-1a"]), spans,
)  # fmt: skip
sharings = st.builds(
    Sharing,
    st.sampled_from(["organisation", "prioritised_group", "restricted_group"]),
    st.dictionaries(st.sampled_from(ACCOUNTS), st.sampled_from("gh")),
    st.frozensets(st.sampled_from(ACCOUNTS), max_size=1),
)
tables: st.SearchStrategy[Rates] = st.fixed_dictionaries(
    {
        (f"m5.{size}", offer): st.integers(1, units).map(lambda twentieths: D(twentieths) / 50)
        for size, units in SIZES.items()
        for offer in ("compute", "ec2_instance")
    }
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Demand, list[Commitment], Rates, Sharing]:
    chosen = draw(st.lists(lines, min_size=1, max_size=6, unique=True))
    rows = st.lists(st.integers(0, 5), min_size=HOURS, max_size=HOURS)
    quantity = np.array([draw(rows) for _ in chosen], dtype=np.float64)
    commitments = draw(st.lists(st.one_of(plans, reservations), max_size=4))
    named = [replace(one, id=str(number)) for number, one in enumerate(commitments)]
    return Demand(chosen, quantity), named, draw(tables), draw(sharings)


@settings(max_examples=150, deadline=None)
@given(history=histories())
def test_nothing_is_made_and_nothing_is_lost(
    history: tuple[Demand, list[Commitment], Rates, Sharing],
) -> None:
    demand, commitments, rates, sharing = history
    found = simulated(demand, commitments, rates, sharing)
    covered = np.zeros_like(demand.quantity)
    used = np.zeros((len(commitments), demand.hours))
    for cover in found.covers:
        span = slice(cover.first, cover.first + len(cover.quantity))
        covered[cover.line, span] += cover.quantity
        used[cover.commitment, span] += cover.drawn
    assert np.allclose(covered + found.remaining, demand.quantity, rtol=0, atol=1e-9)
    for number, one in enumerate(commitments):
        held = float(one.hourly if isinstance(one, SavingsPlan) else one.held)
        expected = [held if one.start <= hour < one.end else 0.0 for hour in range(HOURS)]
        assert np.allclose(used[number] + found.unused[number], expected, rtol=0, atol=1e-9)
    assert (found.remaining >= 0).all()
    assert (found.unused >= 0).all()
    # Nothing runs empty while a line that it covers wants more.
    for number, one in enumerate(commitments):
        for at, line in enumerate(demand.lines):
            if sharing.turn(one.owner, line.account) is not None and (
                (line.sku, one.offer) in rates
                if isinstance(one, SavingsPlan)
                else one.draws(line) is not None
            ):
                assert (np.minimum(found.unused[number], found.remaining[at]) < 1e-9).all()


@settings(max_examples=100, deadline=None)
@given(history=histories(), data=st.data())
def test_the_order_in_which_they_are_given_tells_nothing(
    history: tuple[Demand, list[Commitment], Rates, Sharing], data: st.DataObject
) -> None:
    demand, commitments, rates, sharing = history
    order = data.draw(st.permutations(range(len(demand.lines))))
    shuffled = Demand([demand.lines[n] for n in order], demand.quantity[order])
    found = simulated(demand, commitments, rates, sharing)
    again = simulated(shuffled, data.draw(st.permutations(commitments)), rates, sharing)
    assert np.array_equal(found.remaining[order], again.remaining)
    ids = sorted(found.by_commitment(), key=lambda one: one.id)
    assert ids == sorted(again.by_commitment(), key=lambda one: one.id)


@settings(max_examples=100, deadline=None)
@given(history=histories())
def test_one_commitment_more_leaves_no_line_more_on_demand(
    history: tuple[Demand, list[Commitment], Rates, Sharing],
) -> None:
    demand, commitments, rates, sharing = history
    more = simulated(demand, commitments, rates, sharing)
    for fewer in range(len(commitments)):
        without = simulated(demand, commitments[:fewer] + commitments[fewer + 1 :], rates, sharing)
        assert (more.remaining <= without.remaining + 1e-9).all()
