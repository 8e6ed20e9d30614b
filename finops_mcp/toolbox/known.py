"""Which known values complete what somebody has begun to write."""

from collections.abc import Iterable

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.toolbox.library import Library
from finops_mcp.toolbox.toolbox import Toolbox
from finops_mcp.vocabulary import KEYED_DIMENSIONS, METRICS, NAMED_DIMENSIONS


def known_values(toolbox: Toolbox, library: Library, kind: str) -> list[str]:
    """List the values of one kind: measures, reports, months, tag keys, dimensions, or those of one of them.

    Nothing for a kind that has no known values. Raises NoDataYet where the cache would have to tell.
    """
    if kind == "report":
        return library.reports.names()
    if kind == "metric":
        return list(METRICS)
    return _in_the_cache(toolbox.cache.costs(), kind)


def _in_the_cache(costs: Costs, kind: str) -> list[str]:
    match kind.partition(":"):
        case ("month", "", ""):
            return costs.months[::-1]
        case ("tag_key", "", ""):
            return costs.label_keys("tags")
        case ("dimension", "", ""):
            return [*NAMED_DIMENSIONS, *costs.keyed_dimensions()]
        case (name, _, key) if name in (KEYED_DIMENSIONS if key else NAMED_DIMENSIONS):
            return costs.values(kind)
        case _:
            return []


def completing(begun: str, known: Iterable[str]) -> list[str]:
    """List the values that complete what was begun: those that start so, that hold it, that are near it."""
    values = list(known)
    small = begun.casefold()
    start = [v for v in values if v.casefold().startswith(small)]
    hold = [v for v in values if small in v.casefold() and v not in set(start)]
    return [*start, *hold] or near(begun, values)
