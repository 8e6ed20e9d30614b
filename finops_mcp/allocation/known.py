"""Which version of the rules is in force for a billing month?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from finops_mcp.allocation.terms import AllocationFile

ALWAYS = date.min
"""The first month of a version that holds for everything before another does."""


@dataclass(frozen=True)
class Version:
    """One version of the rules: since which billing month it holds, and when it was kept (UTC)."""

    number: int
    hash: str
    start: date
    kept_at: str
    file: AllocationFile = field(compare=False)

    @property
    def since(self) -> str:
        """The first billing month it holds for, in words."""
        return "always" if self.start == ALWAYS else f"{self.start:%Y-%m}"


def in_force(versions: Iterable[Version], month: date) -> Version | None:
    """Give the version that a month is allocated by: the one that began last; of two, the one kept last."""
    begun = [v for v in versions if v.start <= month]
    return max(begun, key=lambda v: (v.start, v.number), default=None)


def by_version(versions: Iterable[Version], months: Iterable[date]) -> dict[Version, list[date]]:
    """Group months by the version in force for them; months before the first version are left out."""
    found: dict[Version, list[date]] = {}
    for month in sorted(months):
        version = in_force(versions, month)
        if version:
            found.setdefault(version, []).append(month)
    return found
