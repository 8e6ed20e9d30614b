"""Is the money of a resource counted once, never more than it costs, and freed commitments only once?"""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.savings.finding import ACTIONS, WHOLE, Finding, Saving
from finops_mcp.analytics.savings.winners import Pool, judged, totals
from tests.analytics.savings.made import finding

D = Decimal
amounts = st.integers(0, 10_000).map(lambda cents: D(cents) / 100)


PARTS = ("use", "extended support")
NO_POOLS: dict[Pool, Decimal] = {}


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Draw findings on a few resources, of a part of what each costs, or of all of it as the hub tells."""
    costs = {f"r-{n}": {part: draw(amounts) for part in PARTS} for n in range(draw(st.integers(1, 4)))}
    made = []
    for number in range(draw(st.integers(1, 10))):
        resource = draw(st.sampled_from(sorted(costs)))
        money = draw(st.sampled_from([*PARTS, WHOLE]))
        cost = sum(costs[resource].values(), D(0)) if money == WHOLE else costs[resource][money]
        low, expected, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
        made.append(
            finding(
                0,
                check=number,
                name=f"n-{number}",
                tier="COH" if money == WHOLE else "CUR",
                resource_id=resource,
                money=money,
                action=draw(st.sampled_from(ACTIONS)),
                saving=Saving(low, expected, high).within(D(0), cost),
                current_cost=cost,
                evidence={part: str(of) for part, of in costs[resource].items()},
                committed=draw(st.sampled_from([D(0), D("0.25"), D(1)])),
                pool=draw(st.sampled_from([None, "compute"])),
            )
        )
    return made


def winners(some: list[Finding], slack: dict[Pool, Decimal] = NO_POOLS) -> list[Finding]:
    return [one.finding for one in judged(some, slack) if one.instead is None]


def expected(some: list[Finding]) -> Decimal:
    return sum((one.saving.expected for one in some), D(0))


@settings(max_examples=300)
@given(findings(), amounts)
def test_the_total_is_the_sum_of_one_winner_of_each_part_of_a_resource(
    some: list[Finding], slack: Decimal
) -> None:
    told = judged(some, {("USD", "compute"): slack})
    assert sorted(one.finding.id for one in told) == sorted(one.id for one in some)
    counting = [one.finding for one in told if one.counts]
    assert len({(w.exclusive_group, w.money) for w in counting}) == len(counting)
    total = totals(told).get("USD", Saving.exactly(D(0)))
    for part in ("low", "expected", "high"):
        assert getattr(total, part) == sum((getattr(w.saving, part) for w in counting), D(0))


@settings(max_examples=300)
@given(findings(), amounts)
def test_no_resource_saves_more_than_it_costs(some: list[Finding], slack: Decimal) -> None:
    of_resource: dict[str, list[Finding]] = {}
    for winner in winners(some, {("USD", "compute"): slack}):
        of_resource.setdefault(winner.exclusive_group, []).append(winner)
    for won in of_resource.values():
        own = sum((D(won[0].evidence[part]) for part in PARTS), D(0))
        assert sum((w.saving.high for w in won), D(0)) <= own + D("1e-20")
        assert all(w.saving.high <= w.current_cost + D("1e-20") for w in won)


@settings(max_examples=300)
@given(findings(), amounts)
def test_what_the_hub_tells_of_a_resource_adds_to_nothing(some: list[Finding], slack: Decimal) -> None:
    won = winners(some, {("USD", "compute"): slack})
    for hub in (w for w in won if w.money == WHOLE):
        assert [w for w in won if w.exclusive_group == hub.exclusive_group] == [hub]


@settings(max_examples=300)
@given(st.data(), amounts)
def test_their_order_does_not_matter(data: st.DataObject, slack: Decimal) -> None:
    some = data.draw(findings())
    mixed = data.draw(st.permutations(some))
    pools = {("USD", "compute"): slack}
    assert judged(mixed, pools) == judged(some, pools)


@settings(max_examples=300)
@given(findings())
def test_one_finding_more_never_leaves_less_than_the_best_alone(some: list[Finding]) -> None:
    """Of findings that do the same; else the domain has what is done decide, not how much it saves."""
    alike = [replace(one, action="modernise", committed=D(0)) for one in some]
    for count in range(1, len(alike) + 1):
        so_far = alike[:count]
        assert expected(winners(so_far)) >= max(one.saving.expected for one in so_far)
        for resource in {one.exclusive_group for one in so_far}:
            of_it = [one for one in so_far if one.exclusive_group == resource]
            assert expected(winners(of_it)) >= max(one.saving.expected for one in of_it)


@settings(max_examples=300)
@given(findings())
def test_what_is_done_decides_before_how_much_it_saves(some: list[Finding]) -> None:
    for resource in {one.exclusive_group for one in some}:
        saving = [f for f in some if f.exclusive_group == resource and f.saving.expected > 0]
        first = min((ACTIONS.index(f.action) for f in saving), default=None)
        if first is not None:
            assert first in {ACTIONS.index(w.action) for w in winners(saving)}


@settings(max_examples=300)
@given(findings(), amounts)
def test_what_commitments_pay_is_saved_no_further_than_the_pool_goes(
    some: list[Finding], slack: Decimal
) -> None:
    of = {f.id: f for f in some}
    told = judged(some, {("USD", "compute"): slack})
    moved = on_demand = D(0)
    for one in told:
        before = of[one.finding.id]
        if before.pool and one.instead is None:
            on_demand += before.saving.expected * (1 - before.committed)
        if before.committed and before.pool and one.instead is None:
            own = before.saving.expected * (1 - before.committed)
            moved += one.finding.saving.expected - own
            assert one.finding.saving.expected >= own - D("1e-20")
    assert moved <= max(slack - on_demand, D(0)) + D("1e-20")


def test_extended_support_counts_beside_the_use_of_the_same_database_and_the_hub_instead_of_both() -> None:
    idle = finding(80, action="stop", resource_id="db", current_cost=D(80))
    upgrade = finding(60, check=29, action="modernise", resource_id="db", money="extended support")
    smaller = finding(40, check=2, action="rightsize", resource_id="db")
    told = judged([smaller, upgrade, idle], {})
    assert [(one.finding, one.counts) for one in told] == [(idle, True), (upgrade, True), (smaller, False)]
    assert told[2].instead == idle.id
    assert totals(told)["USD"].expected == 140
    hub = finding(120, name="rec-1", tier="COH", action="stop", resource_id="db", money=WHOLE)
    told = judged([smaller, upgrade, idle, hub], {})
    assert [one.finding for one in told if one.counts] == [hub]
    less = replace(hub, action="modernise", saving=Saving.exactly(D(5)))
    assert [one.finding for one in judged([upgrade, idle, less], {}) if one.counts] == [idle, upgrade]


def test_delete_wins_over_rightsize_that_saves_more_and_nothing_wins_by_saving_nothing() -> None:
    delete, smaller = finding(10, action="delete"), finding(40, check=2, action="rightsize")
    told = judged([smaller, delete], {})
    assert [(one.finding, one.counts) for one in told] == [(delete, True), (smaller, False)]
    assert told[1].instead == delete.id
    nothing = finding(0, action="delete")
    assert judged([nothing, smaller], {})[0].finding == smaller


def test_of_the_same_action_the_dearer_wins_and_the_hub_among_equals() -> None:
    ours, hub = finding(10), finding(10, name="rec-1", tier="COH")
    assert judged([ours, hub], {})[0].finding == hub
    more = finding(11, check=2)
    assert [one.finding for one in judged([ours, hub, more], {}) if one.counts] == [more]


def test_what_a_commitment_pays_moves_to_other_use_first_the_largest_first() -> None:
    half = finding(60, resource_id="a", committed=D("0.5"), pool="compute")  # 30 on demand, 30 freed
    whole = finding(40, resource_id="b", check=2, committed=D(1), pool="compute")  # 40 freed
    pool = {("USD", "compute"): D(80)}  # of which 30 are saved with the first, and 50 are left
    told = {one.finding.resource_id: one for one in judged([half, whole], pool)}
    assert told["a"].finding.saving.expected == 60  # 30 of the 50 that the pool can take
    assert told["b"].finding.saving.expected == 20  # the other 20, of 40
    assert "20.00 of it" in (told["b"].freed or "")
    on_demand = finding(80, resource_id="c", check=3, pool="compute")  # all the use that there is
    assert totals(judged([whole, on_demand], pool))["USD"].expected == 80  # and not 120
    alone = judged([whole], {})[0]
    assert alone.finding.saving.expected == 0  # no slack: nothing until the commitment ends


def test_currencies_and_what_is_to_be_looked_into_are_not_added() -> None:
    euros = finding(5, resource_id="b", currency="EUR")
    look = finding(90, resource_id="c", action="investigate")
    told = totals(judged([finding(10), euros, look], {}))
    assert {currency: saving.expected for currency, saving in told.items()} == {"USD": 10, "EUR": 5}
