"""Which nodes of EKS have more to spare than they need?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which nodes of EKS have more to spare than they need?",
    number=51,
    kind=("idle", "rightsizing"),
    action="rightsize",
    risk="med",
    effort="Medium",
    confidence=0.7,
    needs=("resource_ids", "split_costs"),
)
def idle_node_capacity(used: Used, *, headroom: float = 0.20, least_cost: float = 1) -> Iterator[Finding]:
    """Find nodes of which pods neither ask for nor use so much that more than the headroom is left.

    Expected is what is idle above the headroom, most is all that is idle; the least is nothing, since a node
    goes whole or not at all. Requests above the use are not counted as idle: AWS splits by the greater.
    """
    for node in used.ask(SQL, headroom=headroom, least_cost=least_cost):
        above = node.idle_cost - node.carried_cost * Decimal(str(headroom))
        yield used.finding(
            node,
            Saving(Decimal(0), above, node.idle_cost),
            reason=f"Pods of {node.cluster} take {1 - node.idle_cost / node.carried_cost:.0%} of the node:"
            f" {node.idle_cost:.2f} of {node.carried_cost:.2f} a month pays for what none takes.",
            formula=f"{node.idle_cost:.2f} - {headroom:.0%} of {node.carried_cost:.2f} = {above:.2f}",
            restarts=True,
            preconditions=["the pods of the cluster fit on fewer or smaller nodes, disruption budgets kept"],
            steps=[
                "Look at container_costs by node and by workload of the cluster: who reserves what.",
                "Let Karpenter consolidate, or Cluster Autoscaler scale down, at a higher utilisation.",
                "Lower requests to what is used, so that more fit on a node.",
            ],
        )
