"""What does each cluster, namespace or workload cost, idle included?"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.container_parts import Amounts, By, grouped, places_of
from finops_mcp.analytics.containers import Explained
from finops_mcp.answers import Table, cents, exact, in_words, per_currency, same_question, share
from finops_mcp.cache.containers.reading import caveats, prices_of, told_of, within
from finops_mcp.cache.selection import Selection
from finops_mcp.vocabulary import BillingMonth, End, Start, Top

SQL = beside(__file__)
_MEASURES = ("used_cost", "idle_cost", "residual_cost", "fargate_cost", "other_cost", "cost")
_PRICES = ("node_id", "billing_currency", "resource", "hours", "allocated_hours", "price", "price_by_model")
_HUNDREDTH, _BILLIONTH = Decimal("0.01"), Decimal("1E-9")
Row = tuple[tuple[str, tuple[str | None, ...]], Amounts]


class ContainerCosts(Answer):
    """used, idle and residual add up to what nodes were charged; fargate and other are charged beside them.

    residual is what containers do not tell of a node, other what else clusters are charged or is tagged so.
    """

    prices: Table | None = Field(
        default=None,
        description="By node: hours there are and are allocated, what one costs, and by AWS's model.",
    )


@tool("What does each cluster, namespace or workload cost, idle included?")
def container_costs(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    by: Annotated[By, Field(description="What to tell apart.")] = "namespace",
    cluster: Annotated[str | None, Field(description="Only this cluster.")] = None,
    namespace: Annotated[str | None, Field(description="Only its containers.")] = None,
    top: Top = 20,
) -> ContainerCosts:
    """Cost of EKS pods and ECS tasks by split cost allocation, and of Fargate.

    Each node is replaced by what its containers took, its idle part and the rest: nothing counts twice.
    """
    chosen = costs.select(month=month, start=start, end=end, dimensions=["resource_id"])
    everything = told_of(costs, SQL, chosen, by)
    told = within(everything, cluster, namespace)
    rows = sorted(grouped(told, by).items(), key=_largest_first)
    whole: dict[str, Amounts] = {}
    shown: list[Row] = []
    for row in rows:
        currency, before = row[0][0], len([r for r in shown if r[0][0] == row[0][0]])
        whole[currency] = whole.get(currency, Amounts()) + row[1]
        shown += [row] if before < top else []
    mixed = len(whole) > 1
    return ContainerCosts(
        summary=_summary(chosen.span.name, by, rows, whole),
        columns=[*places_of(by), *(["billing_currency"] if mixed else []), *_MEASURES, "idle_share", "share"],
        rows=[_line(row, whole, mixed=mixed) for row in shown],
        totals=_totals(whole),
        total_rows=len(rows),
        truncated=len(rows) > len(shown),
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *caveats(costs, chosen, told, namespace)],
        next=_next(by, cluster, rows, same_question(month=month, start=start, end=end)),
        prices=_prices(costs, chosen, shown) if by == "node" else None,
    )


def _largest_first(row: Row) -> Any:
    (currency, places), amounts = row
    return currency, -amounts.total, [place or "" for place in places]


def _line(row: Row, whole: dict[str, Amounts], *, mixed: bool) -> list[Any]:
    (currency, places), amounts = row
    return [
        *places,
        *([currency] if mixed else []),
        *(exact(amount) for amount in amounts.in_order),
        amounts.idle_share,
        share(amounts.total, whole[currency].total),
    ]


def _prices(costs: Costs, chosen: Selection, shown: Sequence[Row]) -> Table | None:
    nodes = {node for (_, places), _ in shown if (node := places[-1])}
    rows: list[list[Any]] = [
        [node, currency, one.kind, *_of_hours(one)]
        for (node, currency), found in prices_of(costs, chosen, nodes).items()
        for one in found
    ]
    return Table(columns=list(_PRICES), rows=rows) if rows else None


def _of_hours(one: Explained) -> list[str | None]:
    hours = [exact(amount.quantize(_HUNDREDTH)) for amount in (one.capacity, one.allocated)]
    return hours + [exact(price.quantize(_BILLIONTH)) for price in (one.price, one.by_model)]


def _totals(whole: dict[str, Amounts]) -> dict[str, Any]:
    found: dict[str, Any] = {"nodes_cost": per_currency({c: a.nodes for c, a in whole.items()})}
    for at, name in enumerate(_MEASURES):
        found[name] = per_currency({c: a.in_order[at] for c, a in whole.items()})
    if len(whole) == 1:
        found["idle_share"] = next(iter(whole.values())).idle_share
    return found


def _summary(period: str, by: By, rows: Sequence[Row], whole: dict[str, Amounts]) -> str:
    if not rows:
        return f"No container is told of in {period}."
    said = f"{period}: nodes {in_words({c: a.nodes for c, a in whole.items()})}"
    idle = [f"{a.idle_share:.1%}" for a in whole.values() if a.idle_share is not None]
    said += f", {' and '.join(idle)} of what containers carry of them idle" if idle else ""
    beside_nodes = {c: a.fargate + a.other for c, a in whole.items() if a.fargate or a.other}
    said += f"; {in_words(beside_nodes)} on Fargate and for clusters besides" if beside_nodes else ""
    first = next((row for row in rows if row[0][1][-1]), None)
    if first is None:
        return f"{said}."
    (_, places), amounts = first
    return f"{said}; the largest {by} is {places[-1]} of {places[3]} with {cents(amounts.total)}."


def _next(by: By, cluster: str | None, rows: Sequence[Row], same: dict[str, str]) -> list[NextStep]:
    if not rows:
        return []
    one = {"cluster": cluster} if cluster else {}
    deeper: By = "workload" if by != "workload" else "node"
    why = (
        "which workloads these are"
        if deeper == "workload"
        else "which nodes are idle, and what is left on each"
    )
    return [
        NextStep(tool="container_costs", arguments={**same, **one, "by": deeper}, why=why),
        NextStep(
            tool="savings_findings", arguments={"kind": "idle"}, why="what of what is idle can be saved"
        ),
    ]
