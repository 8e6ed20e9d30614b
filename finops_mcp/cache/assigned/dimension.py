"""What the rules of allocation say, as one more dimension to group and filter by: `allocation:<name>`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from finops_mcp.allocation import Version
from finops_mcp.allocation.known import by_version
from finops_mcp.cache.assigned.compiling import compile_value, days_that_part
from finops_mcp.cache.assigned.fields import DAY_OF, Fields, tables_of
from finops_mcp.cache.assigned.grouping import parted_months
from finops_mcp.cache.assigned.reading import covered, rules_of
from finops_mcp.cache.assigned.statement import Inline
from finops_mcp.cache.dimensions import MONTHLY, Dimension, near
from finops_mcp.errors import UnknownValue

if TYPE_CHECKING:
    from finops_mcp.cache.periods import BilledPeriod


@dataclass(frozen=True, eq=False)
class AllocationDimension(Dimension):
    """The values that the versions in force put charges on, each for its own months."""

    versions: Mapping[Version, Sequence[date]]
    by_day: bool
    """Whether a month has charges on both sides of a day on which a rule begins or ends."""
    number: int
    """Which dimension of a statement it is."""
    written: dict[str, tuple[str, Inline]] = field(default_factory=dict)

    def over(self, table: str) -> str | None:
        """Write the CASE of the rules over a table; nothing where the table lacks what they look at."""
        rules = [rule for version in self.versions for rule in rules_of(version, self.key).rules]
        tables = tables_of([name for rule in rules for name in rule.fields])
        if table not in tables or (table == MONTHLY and self.by_day):
            return None
        return self._over(table)[0]

    def bound(self, table: str) -> Mapping[str, Any]:
        """Give the values that the rules compare with."""
        return self._over(table)[1].parameters

    def _over(self, table: str) -> tuple[str, Inline]:
        if table not in self.written:
            statement = Inline(table, f"allocation_{self.number}_{table}")
            values = [
                f"when cast(billing_period_start as date) in {statement.bind(list(months))} then "
                + compile_value(
                    rules_of(version, self.key), Fields(version.file.ous), statement, day=DAY_OF[table]
                )
                for version, months in self.versions.items()
            ]
            self.written[table] = f"case {' '.join(values)} end", statement
        return self.written[table]


def allocation_dimension(
    name: str, versions: Sequence[Version], periods: Sequence["BilledPeriod"], number: int, *, every: bool
) -> AllocationDimension:
    """Make the dimension for the months of some periods; unless `every`, for those that have its rules.

    Raises AllocationNotGiven, AllocationRefused, UnknownValue.
    """
    key = name.partition(":")[2]
    known = {each for version in versions for each in version.file.dimensions}
    if versions and key not in known:
        raise UnknownValue("allocation key", key, valid=sorted(known), near=near(key, known))
    months = sorted({p.month for p in periods})
    held = by_version(versions, months)
    if every:
        covered(versions, months, held)
    else:
        held = {version: its for version, its in held.items() if key in version.file.dimensions}
    days = [day for version in held for day in days_that_part(rules_of(version, key).rules)]
    return AllocationDimension(name, held, bool(parted_months(periods, days)), number)
