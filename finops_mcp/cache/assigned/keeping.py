"""From which month would rules hold, and which months that are closed would they tell otherwise?"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from finops_mcp.allocation import AllocationFile, Version
from finops_mcp.allocation.known import ALWAYS, in_force
from finops_mcp.allocation.reading import hash_of

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_CLOSED = ("closed", "restated")


def proposed(
    said: AllocationFile, versions: Sequence[Version], asked: date | None, running: date | None
) -> Version:
    """Make a version of what a file says: from the month asked for, the file's own, else the running one.

    The first version holds for everything before, too: there is nothing else that it could be told by.
    """
    start = asked or said.start or (running if versions and running else ALWAYS)
    number = max((v.number for v in versions), default=0) + 1
    return Version(number, hash_of(said), start, "", said)


def told_otherwise(costs: "Costs", versions: Sequence[Version], new: Version) -> list[date]:
    """List the closed months that another version holds for, and this one would."""
    closed = sorted({p.month for p in costs.opened.periods if p.state in _CLOSED})
    found = []
    for month in closed:
        before, after = in_force(versions, month), in_force([*versions, new], month)
        if before and after and before.hash != after.hash:
            found.append(month)
    return found
