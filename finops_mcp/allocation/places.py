"""Where in a file of allocation does each condition stand, and each field that is looked at?"""

from collections.abc import Iterator

from finops_mcp.allocation.conditions import Condition
from finops_mcp.allocation.terms import AllocationFile

Place = tuple[str | int, ...]
"""Keys and numbers from 0, as the file has them."""


def conditions_of(said: AllocationFile) -> Iterator[tuple[Place, Condition]]:
    """Give each single condition of the rules and shared costs with its place."""
    for name, dimension in said.dimensions.items():
        for number, rule in enumerate(dimension.rules):
            if rule.when:
                yield from _inside(rule.when, ("dimensions", name, "rules", number, "when"))
    for number, pool in enumerate(said.shared):
        if pool.match:
            yield from _inside(pool.match, ("shared", number, "match"))
        if pool.driver and pool.driver.usage:
            yield from _inside(pool.driver.usage, ("shared", number, "driver", "usage"))


def fields_of(said: AllocationFile) -> Iterator[tuple[Place, str]]:
    """Give each field that is looked at with its place."""
    for place, condition in conditions_of(said):
        yield (*place, "field"), condition.field or ""
    for name, dimension in said.dimensions.items():
        for number, rule in enumerate(dimension.rules):
            if rule.set.source:
                yield ("dimensions", name, "rules", number, "set", "from"), rule.set.source


def _inside(condition: Condition, place: Place) -> Iterator[tuple[Place, Condition]]:
    if condition.field:
        yield place, condition
    for key, parts in (("all", condition.every), ("any", condition.some), ("not", condition.none)):
        for number, part in enumerate(parts):
            yield from _inside(part, (*place, key, number))
