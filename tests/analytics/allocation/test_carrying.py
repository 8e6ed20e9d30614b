"""Do pools reach who is to carry them, in whatever order they stand, and is nothing lost?"""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.allocation.carrying import Carried, base_of, carried_by
from finops_mcp.analytics.allocation.order import Flow, PoolsInACycle, in_order
from finops_mcp.analytics.allocation.weights import BaseBelowZero, Method, Pool
from finops_mcp.analytics.drivers import WIDE

D = Decimal
NOBODY = "UNALLOCATED"
# G-E1: a pool of 1,000.01 that no rule assigns, beside 6,000, 3,000 and 1,000 of direct cost.
DIRECT = {"checkout": D(6000), "search": D(3000), "ml": D(1000), NOBODY: D("1000.01")}
POOLED = {"support": {NOBODY: D("1000.01")}}
TARGETS = ("checkout", "search", "ml")


def shares(pool: Pool) -> dict[str, Decimal]:
    sharing = carried_by(DIRECT, POOLED, [pool])
    assert sharing.carried[NOBODY] == Carried(direct=D("1000.01"), shared_out=D("1000.01"))
    assert sum(c.total for c in sharing.carried.values()) == D("11000.01")
    return {target: sharing.carried[target].shared_in for target in TARGETS}


def test_golden_proportional() -> None:
    pool = Pool("support", "proportional", TARGETS, base_of(DIRECT, POOLED))
    assert shares(pool) == {"checkout": D("600.01"), "search": D("300.00"), "ml": D("100.00")}


def test_golden_even() -> None:
    assert shares(Pool("support", "even", TARGETS)) == {
        "checkout": D("333.34"), "search": D("333.33"), "ml": D("333.34"),
    }  # fmt: skip


def test_golden_fixed() -> None:
    weights = {"checkout": D(50), "search": D(30), "ml": D(20)}
    expected = {"checkout": D("500.01"), "search": D("300.00"), "ml": D("200.00")}
    assert shares(Pool("support", "fixed", TARGETS, weights)) == expected
    halves = {name: weight / 2 for name, weight in weights.items()}
    assert shares(Pool("support", "fixed", TARGETS, halves)) == expected  # weights are normalised


def test_by_a_driver() -> None:
    # 1,000.01 by 1:3 requests is 250.0025 and 750.0075; the cent that is left is search's.
    pool = Pool("support", "usage_driver", TARGETS, {"checkout": D(1), "search": D(3)})
    assert shares(pool) == {"checkout": D("250.00"), "search": D("750.01"), "ml": D(0)}


def test_a_pool_that_no_target_weighs_in_is_shared_out_evenly_and_says_so() -> None:
    sharing = carried_by(DIRECT, POOLED, [Pool("support", "usage_driver", TARGETS)])
    assert sharing.carried["ml"].shared_in == D("333.34")
    assert sharing.said == ["support: the driver of every target is 0, so it is shared out evenly."]


def test_a_negative_base_is_refused_or_weighs_by_its_absolute_as_the_pool_says() -> None:
    numbers = {"checkout": D(-1), "search": D(3)}
    with pytest.raises(BaseBelowZero, match="support: checkout -1"):
        carried_by(DIRECT, POOLED, [Pool("support", "proportional", TARGETS, numbers)])
    taken = Pool("support", "proportional", TARGETS, numbers, negative_base="absolute")
    sharing = carried_by(DIRECT, POOLED, [taken])
    assert sharing.carried["checkout"].shared_in == D("250.00")
    assert sharing.said == ["support: the cost of checkout is negative and weighs by its absolute."]


def test_the_base_is_direct_cost_that_is_in_no_pool() -> None:
    # 500 of ml's 1,000 are the pool's own: what is left weighs, whatever came from elsewhere.
    pooled = POOLED | {"gateways": {"ml": D(500)}}
    base = base_of(DIRECT, pooled)
    assert base == {"checkout": D(6000), "search": D(3000), "ml": D(500), NOBODY: D(0)}
    pools = [Pool(name, "proportional", TARGETS, base) for name in pooled]
    sharing = carried_by(DIRECT, pooled, pools)
    # 1,500.01 in two pools by 12:6:1 of 19; ml gets of its own pool too: 500/19 = 26.32, and 52.63.
    assert sharing.carried["ml"] == Carried(D(1000), D("26.32") + D("52.63"), D(500))


def test_a_pool_of_a_cost_centre_passes_on_what_it_got_with_its_own() -> None:
    # 1,000.01 of support: 500.01 to ml, first by name, and 500.00 to search. ml has 1,000 of its own, 300 of
    # them gateways', which search carries: 1,200.01 are left to be passed on.
    pooled = POOLED | {"gateways": {"ml": D(300)}}
    pools = [
        Pool("a machine room", "even", ("checkout", "search"), of="ml"),
        Pool("gateways", "fixed", ("search",), {"search": D(1)}),
        Pool("support", "even", ("search", "ml")),
    ]
    sharing = carried_by(DIRECT, pooled, pools)
    assert {(s.pool, s.target): s.amount for s in sharing.shares} == {
        ("gateways", "search"): D("300.00"),
        ("support", "ml"): D("500.01"),
        ("support", "search"): D("500.00"),
        ("a machine room", "checkout"): D("600.01"),
        ("a machine room", "search"): D("600.00"),
    }
    assert sharing.carried["ml"] == Carried(D(1000), D("500.01"), D("1500.01"))
    assert sharing.carried["ml"].total == 0
    assert sum(c.total for c in sharing.carried.values()) == sum(DIRECT.values())


def test_pools_in_a_cycle_are_refused_by_name() -> None:
    with pytest.raises(PoolsInACycle, match=r"^a -> c -> b -> a$"):
        in_order(
            {
                "b": Flow(frozenset({"A"}), "B"),
                "a": Flow(frozenset({"C", "x"}), "A"),
                "c": Flow(frozenset({"B"}), "C"),
                "d": Flow(frozenset({"A"})),
            }
        )
    with pytest.raises(PoolsInACycle, match=r"^a -> a$"):
        in_order({"a": Flow(frozenset({"A"}), "A")})


def test_pools_come_after_those_that_feed_them_and_else_by_id() -> None:
    flows = {
        "a": Flow(frozenset({"x"}), "A"), "c": Flow(frozenset({"A"})), "b": Flow(frozenset({"x"})),
    }  # fmt: skip
    assert in_order(flows) == ["b", "c", "a"]


AMOUNTS = st.decimals(-(10**6), 10**9, places=12)
CENTRES = st.sampled_from(["ads", "checkout", "ml", "search", NOBODY])
METHODS: list[Method] = ["even", "fixed", "proportional", "usage_driver"]


@st.composite
def organisations(
    draw: st.DrawFn,
) -> tuple[dict[str, Decimal], dict[str, dict[str, Decimal]], list[Pool]]:
    """Draw direct cost, pools out of it, and how each is shared out: those of a cost centre to later ones."""
    direct = draw(st.dictionaries(CENTRES, AMOUNTS, min_size=1))
    names = [f"pool {n}" for n in range(draw(st.integers(0, 5)))]
    pooled = {name: draw(st.dictionaries(st.sampled_from(sorted(direct)), AMOUNTS)) for name in names}
    base = base_of(direct, pooled)
    pools: list[Pool] = []
    order = draw(st.permutations(sorted(direct)))
    for name in names:
        of = draw(st.none() | st.sampled_from(order))
        if of in {pool.of for pool in pools}:
            of = None
        later = order[order.index(of) + 1 :] if of else order
        targets = draw(st.lists(st.sampled_from([*later, "new"]), min_size=1, unique=True))
        method = draw(st.sampled_from(METHODS))
        drawn = draw(st.dictionaries(st.sampled_from(targets), st.decimals(-5, 50, places=3)))
        numbers = base if method == "proportional" else drawn
        pools.append(Pool(name, method, tuple(targets), numbers, of, negative_base="absolute"))
    return direct, pooled, pools


@given(organisations(), st.randoms(use_true_random=False))
def test_nothing_is_lost_and_the_order_of_everything_does_not_matter(
    organisation: tuple[dict[str, Decimal], dict[str, dict[str, Decimal]], list[Pool]], order: object
) -> None:
    direct, pooled, pools = organisation

    def turned(given: dict[str, Decimal]) -> dict[str, Decimal]:
        listed = list(given.items())
        order.shuffle(listed)  # type: ignore[attr-defined]
        return dict(listed)

    sharing = carried_by(direct, pooled, pools)
    with localcontext(WIDE):
        assert sum((c.total for c in sharing.carried.values()), start=D(0)) == sum(direct.values())
        went = sum((c.shared_out for c in sharing.carried.values()), start=D(0))
        assert went == sum((s.amount for s in sharing.shares), start=D(0))
        for name, carried in sharing.carried.items():
            assert carried.direct == direct.get(name, 0)
            assert carried.shared_in == sum(
                (s.amount for s in sharing.shares if s.target == name), start=D(0)
            )
        assert all(sharing.carried[pool.of].total == 0 for pool in pools if pool.of)
    others = [
        Pool(p.id, p.method, p.targets[::-1], turned(dict(p.numbers)), p.of, p.negative_base)
        for p in pools[::-1]
    ]
    again = carried_by(
        turned(direct), {name: turned(taken) for name, taken in reversed(pooled.items())}, others
    )
    assert again.carried == sharing.carried
    assert sorted(again.said) == sorted(sharing.said)
