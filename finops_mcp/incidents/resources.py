"""Which resources are behind incidents, where line items are kept to tell?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from finops_mcp.analytics.anomalies import Incident, explained
from finops_mcp.analytics.daily import DailyCosts
from finops_mcp.cache.by_day import Days
from finops_mcp.cache.costs import Costs
from finops_mcp.errors import ChargesNotKept
from finops_mcp.incidents.finding import Found
from finops_mcp.incidents.reading import DIMENSIONS, SCOPE, Asked, without_tax
from finops_mcp.vocabulary import Filter

RESOURCE = "resource_id"
_BEFORE = timedelta(days=42)
"""Six weeks of a resource tell what it usually costs."""
_NARROWING = ("sub_account_id", "service_name", "sku_meter")
"""What a cause must name for its resources to be looked for: else they are all there are."""
_OF_RESOURCES = {"Usage", None}


def with_resources(costs: Costs, asked: Asked, found: Sequence[Found]) -> tuple[list[Found], list[str]]:
    """Look at the resources of what caused incidents; give them anew, and what to know about it."""
    narrow = [f for f in found if _names_resources(f)]
    if not narrow:
        return list(found), []
    try:
        resources = {c: _read(costs, asked, c, narrow) for c in {f.currency for f in narrow}}
    except ChargesNotKept as error:
        return list(found), [f"Causes are told without their resources: {error}"]
    second = {f.id: replace(f, incident=_explained(f, resources[f.currency], asked)) for f in narrow}
    return [second.get(f.id, f) for f in found], []


def _explained(found: Found, resources: DailyCosts, asked: Asked) -> Incident:
    """Look again; charges that belong to no resource are named by what they are of."""
    again = explained(found.incident, _of(found, resources), asked.day)
    nameless = any(cause.of.get(RESOURCE, "") is None for cause in again.causes)
    return found.incident if nameless else again


def _names_resources(found: Found) -> bool:
    of = [cause.of for cause in found.incident.causes]
    return all(
        all(each.get(name) for name in _NARROWING) and each.get("charge_category") in _OF_RESOURCES
        for each in of
    )


def _read(costs: Costs, asked: Asked, currency: str, found: Sequence[Found]) -> DailyCosts:
    """Read the resources of the causes of all incidents of a currency at once."""
    mine = [f for f in found if f.currency == currency]
    of = [cause.of for f in mine for cause in f.incident.causes]
    filters = [
        Filter(dimension=name, op="in", values=sorted({str(each[name]) for each in of}))
        for name in _NARROWING
    ]
    start = max(min(f.incident.start for f in mine) - _BEFORE, costs.first_month)
    days = Days(
        start,
        asked.after,
        currency,
        asked.metric,
        SCOPE,
        [*without_tax(costs, asked.filters), *filters],
    )
    return costs.by_day(days, [*DIMENSIONS, RESOURCE])


def _of(found: Found, resources: DailyCosts) -> DailyCosts:
    """Keep the resources of what caused one incident."""
    causes = [cause.of for cause in found.incident.causes]
    kept = [
        at
        for at, key in enumerate(resources.keys)
        if any(
            all(key[resources.dimensions.index(name)] == value for name, value in of.items()) for of in causes
        )
    ]
    return resources.of(kept)
