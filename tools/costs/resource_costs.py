"""What did this resource, or the dearest ones, cost, by component?"""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.answers import cents, exact, in_words, per_currency, same_question, share
from finops_mcp.errors import MeasureNotInExport
from finops_mcp.vocabulary import BillingMonth, End, Filter, Filters, Metric, Scope, Start, Top

SQL = beside(__file__)
_RESOURCES = ["resource_id", "service_name", "sub_account_id", "region_id"]
_COMPONENTS = ["service_name", "sku_meter", "operation", "charge_category"]


class ResourceCosts(Answer):
    """The dearest resources, or the components of one."""


@tool("What did this resource, or the dearest ones, cost, by component?")
def resource_costs(
    costs: Costs,
    *,
    resource_id: Annotated[str | None, Field(description="Id or ARN; else the dearest ones.")] = None,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    metric: Metric = "effective_cost",
    scope: Scope = "costs",
    filters: Filters = [],  # noqa: B006 - never changed
    top: Top = 10,
) -> ResourceCosts:
    """Cost of one resource by what was metered, or the dearest resources of a period.

    Charges that belong to no resource (tax, support, fees) show as rows without an id, so that the rows
    add up to the total.
    """
    dimension = _COMPONENTS if resource_id else _RESOURCES
    wanted = [Filter(dimension="resource_id", op="eq", values=[resource_id])] if resource_id else []
    chosen = costs.select(
        month=month,
        start=start,
        end=end,
        metric=metric,
        scope=scope,
        dimensions=dimension,
        filters=[*filters, *wanted],
    )
    for period in costs.periods_in(chosen.span):
        if "resource_id" in period.lacks:
            raise MeasureNotInExport(
                "The cost of a resource", period.export, missing=period.lacks["resource_id"], valid=()
            )
    rows = costs.ask(SQL, chosen, dimension=dimension, top=top)
    width = len(dimension)
    mixed = len({row[width] for row in rows}) > 1
    shown: list[list[Any]] = []
    totals: dict[str, Decimal] = {}
    for row in rows:
        currency, cost, charges, total = row[width : width + 4]
        totals[currency or ""] = total = total or Decimal(0)
        part = None if cost is None else share(cost, total)
        shown.append([*row[:width], *([currency] if mixed else []), exact(cost), part, charges])
    total_rows = rows[0][-1] if rows else 0
    return ResourceCosts(
        summary=_summary(chosen.span.name, metric, resource_id, rows, width, totals),
        columns=[*dimension, *(["billing_currency"] if mixed else []), metric, "share", "charges"],
        rows=shown,
        totals={metric: per_currency(totals)},
        total_rows=total_rows,
        truncated=total_rows > len(rows),
        basis=costs.basis(chosen),
        caveats=costs.caveats(chosen),
        next=_next(
            rows,
            resource_id,
            same_question(month=month, start=start, end=end, metric=metric, scope=scope),
            [f.model_dump() for f in filters],
        ),
    )


def _summary(
    period: str,
    metric: str,
    resource_id: str | None,
    rows: list[tuple[Any, ...]],
    width: int,
    totals: dict[str, Decimal],
) -> str:
    if not rows:
        return f"{resource_id or 'No resource'} has no charges in {period} that meet the conditions."
    amounts = in_words(totals)
    if resource_id:
        return f"{period}: {resource_id} cost {amounts} ({metric}), most of it for {rows[0][1]}."
    named = next((r for r in rows if r[0]), None)
    dearest = f"; the dearest resource is {named[0]} with {cents(named[width + 1])}" if named else ""
    return f"{period}: {metric} {amounts} in all{dearest}."


def _next(
    rows: list[tuple[Any, ...]],
    resource_id: str | None,
    same: dict[str, str],
    filters: list[dict[str, Any]],
) -> list[NextStep]:
    if resource_id:
        one = {"dimension": "resource_id", "op": "eq", "values": [resource_id]}
        measure: dict[str, Any] = {name: same[name] for name in ("metric", "scope") if name in same}
        return [
            NextStep(
                tool="cost_trend",
                arguments={"granularity": "month", **measure, "filters": [*filters, one]},
                why="how its cost moved over the months",
            )
        ]
    named = next((r[0] for r in rows if r[0]), None)
    if named is None:
        return []
    within = {"filters": filters} if filters else {}
    return [
        NextStep(
            tool="resource_costs",
            arguments={**same, "resource_id": named, **within},
            why="what the dearest is made of",
        )
    ]
