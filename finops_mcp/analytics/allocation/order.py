"""In which order are pools shared out? Those that feed others first (domain E.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter


class PoolsInACycle(Exception):
    """Pools feed each other, so that none of them can be shared out first."""

    def __init__(self, cycle: list[str]) -> None:
        super().__init__(" -> ".join(cycle))
        self.cycle = cycle


@dataclass(frozen=True)
class Flow:
    """Whom a pool gives to, and which cost centre it passes on, if it does one."""

    to: frozenset[str]
    of: str | None = None


def in_order(pools: Mapping[str, Flow]) -> list[str]:
    """Put pools, by id, so that each comes after those that feed it; by id where either could come first.

    One feeds another by giving to the cost centre that the other passes on. Raises PoolsInACycle, which names
    the pools of one.
    """
    by_id = sorted(pools)
    waiting = TopologicalSorter(
        {pool: [other for other in by_id if pools[pool].of in pools[other].to] for pool in by_id}
    )
    try:
        waiting.prepare()
    except CycleError as error:
        raise PoolsInACycle(_from_the_first(error.args[1])) from None
    found: list[str] = []
    ready: list[str] = []
    while waiting.is_active():
        ready = sorted([*ready, *waiting.get_ready()])
        found.append(ready.pop(0))
        waiting.done(found[-1])
    return found


def _from_the_first(cycle: Iterable[str]) -> list[str]:
    """Turn a cycle so that it begins, and ends, with the first of its ids."""
    ring = list(cycle)[:-1]
    at = ring.index(min(ring))
    return [*ring[at:], *ring[:at], ring[at]]
