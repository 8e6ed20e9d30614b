"""Is the money of a resource counted once, never more than it costs, and freed commitments only once?"""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.savings.finding import ACTIONS, Finding, Saving
from finops_mcp.analytics.savings.winners import judged, totals
from tests.analytics.savings.made import finding

D = Decimal
amounts = st.integers(0, 10_000).map(lambda cents: D(cents) / 100)


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Draw findings on a few resources, each of which costs what it costs."""
    costs = {f"r-{n}": draw(amounts) for n in range(draw(st.integers(1, 4)))}
    made = []
    for number in range(draw(st.integers(1, 10))):
        resource = draw(st.sampled_from(sorted(costs)))
        low, expected, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
        made.append(
            finding(
                0,
                check=number,
                resource_id=resource,
                action=draw(st.sampled_from(ACTIONS)),
                saving=Saving(low, expected, high).within(D(0), costs[resource]),
                current_cost=costs[resource],
                committed=draw(st.sampled_from([D(0), D("0.25"), D(1)])),
                pool=draw(st.sampled_from([None, "compute"])),
            )
        )
    return made


@settings(max_examples=300)
@given(findings(), amounts)
def test_the_total_is_the_sum_of_one_winner_of_each_resource(some: list[Finding], slack: Decimal) -> None:
    told = judged(some, {("USD", "compute"): slack})
    assert len(told) == len(some)
    winners = [one.finding for one in told if one.counts]
    assert len({w.exclusive_group for w in winners}) == len(winners)
    total = totals(told).get("USD", Saving.exactly(D(0)))
    for part in ("low", "expected", "high"):
        assert getattr(total, part) == sum((getattr(w.saving, part) for w in winners), D(0))
    assert all(w.saving.high <= w.current_cost + D("1e-20") for w in winners)
    assert total.high <= sum({w.resource_id: w.current_cost for w in winners}.values(), D(0)) + D("1e-20")


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
