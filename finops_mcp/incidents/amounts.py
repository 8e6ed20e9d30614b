"""What was spent, exactly, on the days of incidents: of each in all, and of each part that explains it?"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from finops_mcp.cache.costs import Costs
from finops_mcp.incidents.finding import Found
from finops_mcp.incidents.reading import DIMENSIONS, Asked, select
from finops_mcp.incidents.resources import RESOURCE
from finops_mcp.vocabulary import Filter

WHOLE = -1
"""The place of an incident as a whole, beside those of its causes."""
Spent = Mapping[tuple[str, int], Decimal]


def spent(costs: Costs, sql: str, asked: Asked, found: Sequence[Found]) -> Spent:
    """Add up what was spent, by the id of the incident and the place of the cause."""
    parts = [(f, WHOLE, f.incident.scope) for f in found]
    parts += [(f, at, cause.of) for f in found for at, cause in enumerate(f.incident.causes)]
    sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    plain = [(f, at, of) for f, at, of in parts if RESOURCE not in of]
    for _, number, cost in _ask(costs, sql, asked, plain, "day", []):
        sums[_place(plain[number])] += cost
    named = [(f, at, of) for f, at, of in parts if RESOURCE in of]
    ids = sorted({str(of[RESOURCE]) for _, _, of in named if of[RESOURCE]})
    only = [Filter(dimension=RESOURCE, op="in", values=ids)] if ids else []
    for resource, number, cost in _ask(costs, sql, asked, named, RESOURCE, only):
        if resource == named[number][2][RESOURCE]:
            sums[_place(named[number])] += cost
    return sums


Part = tuple[Found, int, Mapping[str, str | None]]


def _place(part: Part) -> tuple[str, int]:
    return part[0].id, part[1]


def _ask(
    costs: Costs, sql: str, asked: Asked, parts: Sequence[Part], by: str, filters: Sequence[Filter]
) -> list[tuple[Any, int, Decimal]]:
    if not parts:
        return []
    chosen = select(costs, asked, min(f.incident.start for f, _, _ in parts), ["day", by], filters)
    wanted = [
        {
            "number": number,
            "currency": found.currency,
            "first_day": found.incident.start.isoformat(),
            "last_day": found.last(asked.day).isoformat(),
            "told": [name for name in DIMENSIONS if name in of],
            **{f"its_{name}": of.get(name) for name in DIMENSIONS},
        }
        for number, (found, _, of) in enumerate(parts)
    ]
    return costs.ask(sql, chosen, wanted=wanted, dimension=[by])
