"""In which order are pools shared out? Those that feed others first (domain E.2)."""

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter


class PoolsInACycle(Exception):
    """Pools feed each other, so that none of them can be shared out first."""

    def __init__(self, cycle: list[str]) -> None:
        super().__init__(" -> ".join(cycle))
        self.cycle = cycle


def in_order(targets: Mapping[str, Collection[str]]) -> list[str]:
    """Put pools so that each comes after those that feed it, by id where either could.

    Targets that are no pool's id are cost centres. Raises PoolsInACycle, which names the pools of one.
    """
    feeds: dict[str, set[str]] = {pool: set() for pool in sorted(targets)}
    for pool, to in targets.items():
        for target in to:
            if target in feeds:
                feeds[target].add(pool)
    waiting = TopologicalSorter({pool: sorted(by) for pool, by in feeds.items()})
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


def _from_the_first(cycle: list[str]) -> list[str]:
    """Turn a cycle so that it begins, and ends, with the first of its ids."""
    ring = cycle[:-1]
    at = ring.index(min(ring))
    return [*ring[at:], *ring[:at], ring[at]]
