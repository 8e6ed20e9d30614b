"""Where does data transfer money go?"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.analytics.network_paths import LEVERS, PATHS
from finops_mcp.answers import cents, exact, in_words, per_currency, same_question, share
from finops_mcp.errors import MeasureNotInExport
from finops_mcp.vocabulary import BillingMonth, Dimensions, End, Filters, Start, Top

if TYPE_CHECKING:
    from finops_mcp.cache.selection import Selection

SQL = beside(__file__)
_METRIC = "effective_cost"
_MEASURES = [_METRIC, "share", "data_cost", "gigabytes"]
_SMALL = Decimal("0.01")
_UNMETERED = """
select
    coalesce(billing_currency, '') as currency,
    count(in_meter) as metered,
    sum(columns([$metric])) filter (where in_meter is null) as unmetered
from selection
where x_charge_group = 'usage'
group by all
"""


class NetworkCosts(Answer):
    """Network cost by path, the largest first."""

    levers: dict[str, str] = Field(description="What would change each path.")


@tool("Where does data transfer money go (NAT, cross-AZ, regions, egress, endpoints)?")
def network_costs(
    costs: Costs,
    *,
    month: BillingMonth = None,
    start: Start = None,
    end: End = None,
    dimension: Dimensions = [],  # noqa: B006 - never changed
    filters: Filters = [],  # noqa: B006 - never changed
    top: Top = 20,
) -> NetworkCosts:
    """Exact network cost by path, what is metered by the GB apart, and what would change it.

    Every network meter is on one path, or other.
    """
    chosen = costs.select(
        month=month, start=start, end=end, metric=_METRIC, dimensions=dimension, filters=filters
    )
    untold = _untold(costs, chosen)
    rows = costs.ask(
        SQL,
        chosen,
        dimension=[d.name for d in chosen.dimensions],
        patterns=[p.pattern for p in PATHS],
        paths=[p.name for p in PATHS],
        top=top,
    )
    width = len(chosen.dimensions)
    mixed = len({row[width + 1] for row in rows}) > 1
    shown: list[list[Any]] = []
    totals: dict[str, Decimal] = {}
    for *parts, path, currency, cost, data_cost, gigabytes, whole, _ in rows:
        totals[currency or ""] = total = whole or Decimal(0)
        shown.append([path, *parts, *([currency] if mixed else []), exact(cost), share(cost, total)])
        shown[-1] += [exact(data_cost), None if gigabytes is None else exact(gigabytes.quantize(_SMALL))]
    total_rows = rows[0][-1] if rows else 0
    names = [d.name for d in chosen.dimensions]
    return NetworkCosts(
        summary=_summary(chosen.span.name, rows, width, totals),
        columns=["path", *names, *(["billing_currency"] if mixed else []), *_MEASURES],
        rows=shown,
        totals={_METRIC: per_currency(totals)},
        total_rows=total_rows,
        truncated=total_rows > len(rows),
        basis=costs.basis(chosen),
        caveats=[*costs.caveats(chosen), *untold],
        next=_next(rows, names, same_question(month=month, start=start, end=end), filters),
        levers={path: LEVERS[path] for path in dict.fromkeys(row[width] for row in rows)},
    )


def _untold(costs: Costs, chosen: "Selection") -> list[str]:
    """Say what of the use names no meter. Raises MeasureNotInExport where all of it does not."""
    found = costs.ask(_UNMETERED, chosen)
    if found and not any(metered for _, metered, _ in found):
        export = costs.periods_in(chosen.span)[0].export
        raise MeasureNotInExport("The path of network cost", export, missing=["SkuMeter"], valid=())
    amounts = {currency: amount for currency, _, amount in found if amount}
    if not amounts:
        return []
    return [f"{in_words(amounts)} of use names no meter: whether it is of the network is not known."]


def _summary(period: str, rows: list[tuple[Any, ...]], width: int, totals: dict[str, Decimal]) -> str:
    if not rows:
        return f"No network charge in {period} meets the conditions."
    first = rows[0]
    where = ", ".join("(none)" if v is None else str(v) for v in first[:width])
    of = f" of {where}" if where else ""
    return (
        f"{period}: the network cost {in_words(totals)}; the largest part is {first[width]}{of} with"
        f" {cents(first[width + 2])}."
    )


def _next(
    rows: list[tuple[Any, ...]], names: list[str], same: dict[str, str], filters: Filters
) -> list[NextStep]:
    if not rows:
        return []
    within = {"filters": [f.model_dump() for f in filters]} if filters else {}
    saved = NextStep(tool="savings_findings", arguments={"kind": "network"}, why="what of it can be saved")
    whose = NextStep(
        tool="network_costs",
        arguments={**same, "dimension": ["resource_id"], **within},
        why="whose traffic it is",
    )
    return [saved, whose] if "resource_id" not in names else [saved]
