"""Is a node split as AWS does it, and does it add up to what the node cost?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.containers import Needs, Node, Split, explained, split

D = Decimal
SIX = D("0.000001")


def needs(asked: str, used: str) -> Needs:
    """Write needs as the domain does: vCPU/GB asked for, vCPU/GB used."""
    return Needs(*(dict(zip(("vCPU", "GB"), map(D, text.split("/")), strict=True)) for text in (asked, used)))


def test_a_node_is_split_as_the_domain_has_it() -> None:
    # G-E3: m5.xlarge, 1.00 an hour, 16 GB + 9 x 4 vCPU = 52, so that a GB costs 1/52.
    node = Node(D(1), {"vCPU": D(4), "GB": D(16)})
    assert node.price("GB").quantize(D("0.0000001")) == D("0.0192308")
    assert node.price("vCPU") == 9 * node.price("GB")
    parts = split(node, [needs("1/4", "0.2/3"), needs("1/2", "1.5/4"), needs("0.5/2", "0.1/1")])
    assert [tuple(v.quantize(SIX) for v in (p.split, p.unused, p.total)) for p in parts] == [
        (D("0.250000"), D("0.103846"), D("0.353846")),
        (D("0.336538"), D("0.132692"), D("0.469231")),
        (D("0.125000"), D("0.051923"), D("0.176923")),
    ]
    assert sum((p.total for p in parts), D(0)).quantize(SIX) == D("1.000000")


def test_an_accelerator_weighs_ten_vcpu_and_ninety_gb() -> None:
    # 1 GPU x 9 + 10 vCPU x 0.9 + 20 GB x 0.1 = 20, of 2.00 an hour: a GPU costs 0.90, a vCPU 0.09, a GB 0.01.
    node = Node(D(2), {"GPU": D(1), "vCPU": D(10), "GB": D(20)})
    assert [node.price(kind) for kind in ("GPU", "vCPU", "GB")] == [D("0.9"), D("0.09"), D("0.01")]
    # All of the GPU, half the vCPU: 0.90 + 0.45 + 0.02 for 2 GB; what is left, 5 vCPU and 18 GB, is its too.
    (only,) = split(node, [Needs({"GPU": D(1), "vCPU": D(5), "GB": D(2)}, {})])
    assert only == Split(D("1.37"), D("0.63"))


def test_more_than_there_is_is_shared_by_what_was_allocated() -> None:
    # 52 parts of 52.00: 4 vCPU cost 36. Of five allocated, 2 and 3, nothing is left: 36 x 2/5 and x 3/5.
    # Of 16 GB at 1.00, 4 each: 4.00, and half of the 8 that nobody took.
    node = Node(D(52), {"vCPU": D(4), "GB": D(16)})
    parts = split(node, [needs("2/4", "0/0"), needs("3/4", "0/0")])
    assert parts == [Split(D("18.4"), D(4)), Split(D("25.6"), D(4))]


def test_what_a_bill_splits_tells_what_the_node_has_and_costs() -> None:
    # G-E3 told back: 3 of 4 vCPU at 9/52, and 10 of 16 GB at 1/52.
    told = {
        "vCPU": (D(3), Split(D(27) / 52, D(9) / 52)),
        "GB": (D(10), Split(D(10) / 52, D(6) / 52)),
    }
    found = {one.kind: one for one in explained(told)}
    assert [found[kind].capacity.quantize(SIX) for kind in ("vCPU", "GB")] == [4, 16]
    for one in found.values():
        assert one.price.quantize(SIX) == one.by_model.quantize(SIX)
    assert found["vCPU"].price.quantize(SIX) == D("0.173077")
    # Of what it does not know, or what carries nothing, nothing is said.
    assert explained(told | {"Neuron": (D(1), Split(D(1), D(0)))}) == []
    assert explained(told | {"GB": (D(0), Split(D(0), D(0)))}) == []


def test_a_node_that_has_nothing_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="owes none"):
        Node(D(1), {"vCPU": D(0), "GB": D(0)})


amounts = st.decimals(0, 64, places=3)
some = st.fixed_dictionaries({"vCPU": amounts, "GB": amounts})
of_gpus = st.fixed_dictionaries({"vCPU": amounts, "GB": amounts, "GPU": amounts})


@given(
    cost=st.decimals(0, 1000, places=6),
    has=st.one_of(some, of_gpus).filter(lambda has: any(has.values())),
    containers=st.lists(st.builds(Needs, of_gpus, of_gpus), min_size=1, max_size=5),
)
def test_what_containers_carry_is_what_the_node_cost(
    cost: Decimal, has: dict[str, Decimal], containers: list[Needs]
) -> None:
    node = Node(cost, has)
    parts = split(node, containers)
    untaken = [k for k, amount in has.items() if amount and not any(c.allocated(k) for c in containers)]
    stays = sum((node.price(kind) * has[kind] for kind in untaken), D(0))
    assert abs(sum(p.total for p in parts) + stays - cost) < D("1e-20")
    assert all(p.split >= 0 and p.unused >= 0 for p in parts)
    assert split(node, containers[::-1]) == parts[::-1]
