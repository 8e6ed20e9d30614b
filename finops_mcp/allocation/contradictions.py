"""What does a file of allocation say that cannot be, each part of it being well written?"""

from collections.abc import Iterable, Iterator

from finops_mcp.allocation.places import Place
from finops_mcp.allocation.shared import LEAVE_OUT
from finops_mcp.allocation.terms import AllocationFile
from finops_mcp.analytics.allocation.order import Flow, PoolsInACycle, in_order


def contradictions(said: AllocationFile) -> Iterator[tuple[Place, str]]:
    """Give the place and the words of whatever contradicts another part of the file."""
    for name, dimension in said.dimensions.items():
        if ":" in name or not name.strip():
            yield ("dimensions", name), "the name of a dimension has no colon, and is not empty"
        yield from _twice(("dimensions", name, "rules"), [rule.id for rule in dimension.rules])
        for number, rule in enumerate(dimension.rules[:-1]):
            if not (rule.when or rule.start or rule.end or rule.set.source):
                here = "dimensions", name, "rules", number, "id"
                yield here, f"{rule.id} takes every charge, so that no rule after it takes any"
    yield from _of_pools(said)
    for name in said.dimensions:
        yield from _passed_on(said, name)
    yield from _of_accounts(said)


def _of_pools(said: AllocationFile) -> Iterator[tuple[Place, str]]:
    yield from _twice(("shared",), [pool.id for pool in said.shared])
    named = said.policies.pools()
    known = {pool.id for pool in said.shared}
    for name, pool in named.items():
        if pool not in known:
            yield ("policies", name), f"{pool!r} is no id of `shared`: there is {', '.join(sorted(known))}"
    if said.policies.unused == LEAVE_OUT:
        yield ("policies", "unused"), "what went unused was paid: it is of its owner, or of a shared cost"
    for number, each in enumerate(said.shared):
        if each.dimension and each.dimension not in said.dimensions:
            there = ", ".join(said.dimensions)
            yield ("shared", number, "dimension"), f"there is no {each.dimension!r}; there is {there}"
        if not (each.match or each.of or each.id in named.values()):
            yield ("shared", number, "id"), f"nothing is in {each.id}: it needs match or of"


def _passed_on(said: AllocationFile, dimension: str) -> Iterator[tuple[Place, str]]:
    """Find what hands on a value that another does too, or hands in a circle."""
    pools = said.pools_of(dimension)
    seen: dict[str, str] = {}
    for each in pools:
        if each.of and each.of in seen:
            where: Place = ("shared", said.shared.index(each), "of")
            yield where, f"all that {each.of} carries goes to {seen[each.of]} already"
        seen.setdefault(each.of or "", each.id)
    to = {each.id: each.weights or (each.targets if each.targets != "all" else ()) for each in pools}
    try:
        in_order({each.id: Flow(frozenset(to[each.id]), each.of) for each in pools})
    except PoolsInACycle as error:
        first = next(each for each in pools if each.id == error.cycle[0])
        yield ("shared", said.shared.index(first), "id"), f"shared costs hand on in a circle: {error}"


def _of_accounts(said: AllocationFile) -> Iterator[tuple[Place, str]]:
    seen: dict[str, str] = {}
    for name, accounts in said.ous.items():
        for number, account in enumerate(accounts):
            if account in seen:
                here = "organizational_units", name, number
                yield here, f"account {account} is in {seen[account]} already"
            seen.setdefault(account, name)


def _twice(where: Place, ids: Iterable[str]) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for number, each in enumerate(ids):
        if each in seen:
            yield (*where, number, "id"), f"{each} is the id of another already"
        seen.add(each)
