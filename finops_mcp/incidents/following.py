"""What would be asked next about an incident?"""

from datetime import date, timedelta

from finops_mcp.answers import NextStep, same_question
from finops_mcp.cache.costs import Costs
from finops_mcp.errors import ChargesNotKept
from finops_mcp.incidents.finding import Found
from finops_mcp.incidents.reading import Asked
from finops_mcp.incidents.resources import RESOURCE
from finops_mcp.incidents.words import conditions, in_words

_AROUND = timedelta(days=14)
_WEEK = timedelta(days=7)


def following(costs: Costs, asked: Asked, found: Found) -> list[NextStep]:
    """Give the questions that lead on from an incident, ready to be asked."""
    start, last = found.incident.start, found.last
    of = {k: v for k, v in found.cause.of.items() if k not in {"pricing_category", RESOURCE}}
    same = same_question(
        metric=asked.metric, scope="bill" if of.get("charge_category") == "Credit" else "costs"
    )
    same_charges = [f.model_dump() for f in (*asked.filters, *conditions(of))]
    name = in_words(of)
    after = last + timedelta(days=1)
    steps = [
        NextStep(
            tool="cost_trend",
            arguments={
                **same,
                "granularity": "day",
                "start": max(start - _AROUND, costs.first_month).isoformat(),
                "end": min(after + _AROUND, costs.today + timedelta(days=1)).isoformat(),
                "filters": same_charges,
            },
            why=f"{name}, day by day",
        )
    ]
    span = {"start": start.isoformat(), "end": after.isoformat()}
    weeks = -(-(after - start) // _WEEK)
    if start - weeks * _WEEK >= costs.first_month and _keeps_charges(costs, start - weeks * _WEEK, after):
        steps.append(
            NextStep(
                tool="cost_changes",
                arguments={
                    **same,
                    **span,
                    "baseline_start": (start - weeks * _WEEK).isoformat(),
                    "baseline_end": (after - weeks * _WEEK).isoformat(),
                    "dimension": ["sku_meter"],
                    "filters": same_charges,
                },
                why="why it changed against the same weekdays before",
            )
        )
    if _tells_resources(costs, found):
        resource = found.cause.of.get(RESOURCE)
        steps.append(
            NextStep(
                tool="resource_costs",
                arguments={
                    **same,
                    **span,
                    **({RESOURCE: resource} if resource else {"filters": same_charges}),
                },
                why="what of the resource cost so" if resource else "which resources it was",
            )
        )
    return steps


def _tells_resources(costs: Costs, found: Found) -> bool:
    kept = _keeps_charges(costs, found.incident.start, found.last + timedelta(days=1))
    return kept and not any("resource_id" in p.lacks for p in costs.opened.periods)


def _keeps_charges(costs: Costs, start: date, end: date) -> bool:
    try:
        costs.require_charges(start, end)
    except ChargesNotKept:
        return False
    return True
