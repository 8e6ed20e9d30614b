"""Is a node replaced by what its containers tell, and never added, whatever is told apart?"""

from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.container_parts import Amounts, By, Told, grouped, overtold, uncharged

D = Decimal
amounts = st.decimals(0, 1000, places=6)
names = st.sampled_from(["a", "b", None])


@st.composite
def clusters(draw: st.DrawFn) -> tuple[list[Told], Decimal]:
    """Draw what is told of some nodes and beside them, and what all of it was charged."""
    told: list[Told] = []
    charged = D(0)
    for number in range(draw(st.integers(0, 4))):
        node = f"i-{number}"
        cluster = ("1", "us-east-1", "EKS", draw(st.sampled_from(["main", "side"])))
        pods = draw(st.lists(st.tuples(names, names, amounts, amounts), max_size=4))
        for namespace, workload, used, idle in pods:
            told.append(Told("containers", "USD", (*cluster, namespace, workload, None, node), used, idle))
        cost = draw(amounts)
        used, idle = sum((pod[2] for pod in pods), D(0)), sum((pod[3] for pod in pods), D(0))
        told.append(Told("node", "USD", (*cluster, None, None, None, node), used, idle, cost))
        charged += cost
    for cost in draw(st.lists(amounts, max_size=3)):
        place = ("1", "us-east-1", "EKS", "main", draw(names), None, "pod", None)
        told.append(Told(draw(st.sampled_from(["fargate", "other"])), "USD", place, cost=cost))
        charged += cost
    return told, charged


@given(clusters(), st.sampled_from(get_args(By)))
def test_what_is_told_apart_adds_up_to_what_was_charged(found: tuple[list[Told], Decimal], by: By) -> None:
    told, charged = found
    groups = grouped(told, by)
    whole = sum(groups.values(), Amounts())
    assert whole.total == sum((amounts.total for amounts in groups.values()), D(0)) == charged
    assert whole.nodes == sum((one.cost or 0 for one in told if one.part == "node"), D(0))


def test_a_node_without_charges_leaves_no_rest_and_one_with_too_few_is_named() -> None:
    place = ("1", "us-east-1", "EKS", "main", None, None, None, "i-1")
    pods = Told("containers", "USD", place, D(3), D(1))
    alone = Told("node", "USD", place, D(3), D(1), None)
    dear = Told("node", "USD", place, D(3), D(1), D("3.99"))
    assert grouped([pods, alone], "node") == {("USD", (*place[:4], "i-1")): Amounts(D(3), D(1))}
    assert (uncharged([pods, alone, dear]), overtold([pods, alone, dear])) == ([alone], [dear])
    assert grouped([pods, dear], "cluster")["USD", place[:4]].total == D("3.99")
