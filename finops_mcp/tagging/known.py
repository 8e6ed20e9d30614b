"""Does the cache know what a tag policy names?"""

from collections.abc import Iterable, Iterator

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.dimensions import near
from finops_mcp.tag_policy import TagPolicy
from finops_mcp.tag_policy.terms import Where
from finops_mcp.tagging.asking import spelt


def not_known(policy: TagPolicy, costs: Costs) -> Iterator[str]:
    """Say which keys and places no charge has, and what is near: a word misspelt would judge nothing."""
    keys = costs.label_keys("tags")
    for asked in policy.keys:
        word = spelt(asked.key)
        if word not in keys:
            yield f"No charge carries {asked.key}{_near(word, keys)}: where it is asked for, it is missing."
    wheres = [*(r.where for r in policy.keys if r.where), *(e.where for e in policy.exemptions)]
    yield from dict.fromkeys(said for where in wheres for said in _of_place(where, costs))


def _of_place(where: Where, costs: Costs) -> Iterator[str]:
    for names, dimensions in (
        (where.accounts, ("sub_account_id", "sub_account_name")),
        (where.services, ("service_code", "service_name")),
        (where.regions, ("region_id",)),
    ):
        there = {value for name in dimensions for value in costs.values(name)} if names else set()
        for name in names:
            if name not in there:
                yield f"No charge has {' or '.join(dimensions)} = {name}{_near(name, there)}."


def _near(word: str, known: Iterable[str]) -> str:
    found = near(word, known)
    return f" (near: {', '.join(found)})" if found else ""
