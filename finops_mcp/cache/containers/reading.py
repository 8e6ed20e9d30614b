"""What containers, their nodes and their clusters cost in some days, as charges and split-cost rows tell."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from finops_mcp.analytics.container_parts import PLACES, By, Told, overtold, uncharged
from finops_mcp.analytics.containers import Explained, Split, explained
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.cache.periods import BilledPeriod
from finops_mcp.cache.selection import Selection
from finops_mcp.errors import SplitCostsNotInExport, UnknownValue
from finops_mcp.exports.dialects import SPLIT_COST_COLUMN
from finops_mcp.vocabulary import Filter

_CLUSTER_TAGS = {
    "aws_eks_cluster_name": "EKS",
    "eks_cluster_name": "EKS",
    "kubernetes_cluster": "EKS",
    "aws_ecs_cluster_name": "ECS",
}
"""Tags that name the cluster of a resource, and what runs it."""
_WORKLOAD_TAGS = ("aws_eks_workload_name", "aws_ecs_service_name")
_TAGGED = """
select columns($dimension), billing_currency, sum(columns([$metric])) as cost
from selection
where in_category not in ('Tax', 'Credit')
group by all
order by all
"""


_BY_KIND = """
select
    node_id, billing_currency, resource_kind, sum(split_usage),
    coalesce(sum(net_split_cost), 0), coalesce(sum(net_unused_cost), 0)
from container_usage
where
    case when $time = 'billing_period' then cast(billing_period_start as date) else charge_date end >= $start
    and case when $time = 'billing_period' then cast(billing_period_start as date) else charge_date end < $end
    and list_contains($nodes, node_id)
group by all
order by all
"""
_ZERO = Decimal(0)


def told_of(costs: Costs, sql: str, chosen: Selection, by: By) -> list[Told]:
    """Read what there is of containers, nodes, Fargate and clusters in the time of a selection.

    `sql` gives the rows, told apart by `by`. Raises SplitCostsNotInExport where no export of the time can.
    """
    periods = costs.periods_in(chosen.span)
    if not _telling(costs, periods):
        raise SplitCostsNotInExport(sorted({f"{p.export} ({p.dialect})" for p in periods}))
    span = chosen.span
    rows = costs.ask(sql, chosen, by=by, time=span.by, start=span.start, end=span.end)
    found = [
        Told(part, currency or "", tuple(places), used, idle, cost)
        for part, currency, used, idle, cost, *places in rows
    ]
    workloads = {
        resource: value for tag in _WORKLOAD_TAGS for resource, value, *_ in _tagged(costs, chosen, tag)
    }
    found = [_working(one, workloads) if one.part == "fargate" else one for one in found]
    placed = {place for one in found for place in (one.place("container_id"), one.place("node_id")) if place}
    for tag, orchestrator in _CLUSTER_TAGS.items():
        fresh = [row for row in _tagged(costs, chosen, tag) if row[0] not in placed]
        placed |= {resource for resource, *_ in fresh}
        for _, cluster, account, region, currency, cost in fresh:
            places = (account, region, orchestrator, cluster, None, None, None, None)
            found.append(Told("other", currency or "", places, cost=cost))
    return found


def prices_of(
    costs: Costs, chosen: Selection, nodes: Collection[str]
) -> dict[tuple[str, str], list[Explained]]:
    """Explain how the bill split some nodes: by node and currency, what an hour of each resource costs."""
    span = chosen.span
    rows = costs.ask(_BY_KIND, time=span.by, start=span.start, end=span.end, nodes=sorted(nodes))
    told: dict[tuple[str, str], dict[str, tuple[Decimal, Split]]] = {}
    for node, currency, kind, hours, used, idle in rows:
        told.setdefault((node, currency or ""), {})[kind or ""] = (hours or _ZERO, Split(used, idle))
    return {key: found for key, of in told.items() if (found := explained(of))}


def within(told: Sequence[Told], cluster: str | None, namespace: str | None) -> list[Told]:
    """Keep what is of a cluster and of a namespace. Raises UnknownValue where nothing is."""
    found = list(told)
    for name, wanted in (("cluster_name", cluster), ("namespace", namespace)):
        if wanted is not None:
            known = sorted({place for one in found if (place := one.place(name))})
            if wanted not in known:
                raise UnknownValue(name, wanted, valid=known, near=near(wanted, known))
            found = [one for one in found if one.place(name) == wanted]
    return found


def caveats(costs: Costs, chosen: Selection, told: Sequence[Told], namespace: str | None) -> list[str]:
    """Say what the figures of containers do not tell."""
    periods = costs.periods_in(chosen.span)
    telling = _telling(costs, periods)
    silent = sorted({f"{p.month:%Y-%m} ({p.export})" for p in periods if p not in telling})
    found = []
    if silent:
        found.append(
            f"No split-cost columns for {', '.join(silent)}: nodes of that time are not counted, which is not"
            " zero."
        )
    if not any(one.part == "containers" for one in told):
        found.append(
            "The export has the columns of split cost allocation and no row of it here: opt in to it in AWS's"
            " cost management preferences, where clusters run on EC2."
        )
    for said, nodes in (
        ("no charges of their own here: what else they cost is not known", uncharged(told)),
        ("containers that tell more than they were charged: the rest is negative", overtold(told)),
    ):
        if nodes:
            found.append(f"{len(nodes)} node(s), such as {nodes[0].place('node_id')}, have {said}.")
    if namespace is not None:
        found.append("Of one namespace: what is left on nodes, and other charges of clusters, are not in it.")
    return found


def _telling(costs: Costs, periods: Sequence[BilledPeriod]) -> list[BilledPeriod]:
    """Keep the periods whose export has the columns of split cost allocation."""
    found = costs.opened.cursor().execute(
        "select distinct x_delivery from generation.own_columns where name = $column and present",
        {"column": SPLIT_COST_COLUMN},
    )
    telling = {identity for (identity,) in found.fetchall()}
    return [p for p in periods if p.delivery in telling]


def _tagged(
    costs: Costs, chosen: Selection, tag: str
) -> Iterable[tuple[str, str, str | None, str | None, str | None, Decimal | None]]:
    """Give what has a tag: resource, value, account, region, currency, cost; none where nobody uses it."""
    if tag not in costs.label_keys("tags"):
        return []
    span, dimensions = chosen.span, ["resource_id", f"tag:{tag}", "sub_account_id", "region_id"]
    asked = costs.select(
        start=str(span.start),
        end=str(span.end),
        dimensions=dimensions,
        filters=[
            Filter(dimension=f"tag:{tag}", op="prefix", values=[""]),  # whatever its value, it has one
            Filter(dimension="resource_id", op="prefix", values=[""]),
        ],
    )
    return costs.ask(_TAGGED, asked, dimension=dimensions)


def _working(one: Told, workloads: Mapping[str, str]) -> Told:
    """Name the workload of what runs on Fargate by its tag, where its name does not."""
    workload = one.place("workload_name") or workloads.get(one.place("container_id") or "")
    at = PLACES.index("workload_name")
    return replace(one, places=(*one.places[:at], workload, *one.places[at + 1 :]))
