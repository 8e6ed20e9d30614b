"""Charges grouped by what rules look at, over the smallest table that has it: then rules see few rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from finops_mcp.cache.assigned.fields import DAY_OF, tables_of
from finops_mcp.cache.assigned.statement import Statement
from finops_mcp.cache.dimensions import CHARGES, MONTHLY
from finops_mcp.cache.selection import filter_condition, measure_column, time_condition
from finops_mcp.errors import ChargesNotKept

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.periods import BilledPeriod
    from finops_mcp.cache.selection import Selection


@dataclass(frozen=True)
class Grouped:
    """The inner part of a statement: which table, whose charges of which months, and by what."""

    statement: Statement
    where: str
    by: Sequence[str]
    counted: bool = False
    """Whether quantities are counted, which add up only within one unit."""

    @property
    def day(self) -> str:
        """The expression of a charge's day over the table."""
        return DAY_OF[self.statement.table]

    def numbered(self, measures: Sequence[str], numbers: Sequence[str], kept: str = "true") -> str:
        """Write the charges of it as groups, each with the numbers of what takes it.

        Its columns are month, currency, charge_group, by_0 and on for the dimensions, measure_0 and on for
        the measures, unit, quantity, and those of `numbers`.
        """
        keys = [
            "strftime(billing_period_start, '%Y-%m') as month",
            "billing_currency as currency",
            "x_charge_group as charge_group",
            *(f"{over} as by_{n}" for n, over in enumerate(self.by)),
            f"{'pricing_unit' if self.counted else 'cast(null as varchar)'} as unit",
            *self.statement.columns,
        ]
        sums = [f"sum({measure_column(measure)}) as measure_{n}" for n, measure in enumerate(measures)]
        sums.append(f"{'sum(pricing_quantity)' if self.counted else 'null'} as quantity")
        inner = (
            f"select {', '.join([*keys, *sums])} from {self.statement.table} where {self.where} group by all"
        )
        return f"select *, {', '.join(numbers)} from ({inner}) where {kept}"


def grouped(
    costs: "Costs",
    chosen: "Selection",
    months: Sequence[date],
    looked_at: Sequence[str],
    days: Sequence[date],
    *,
    prefix: str,
    counted: bool = False,
) -> Iterator[Grouped]:
    """Group the charges of each month over the smallest table that has what rules look at.

    Months that have charges on both sides of a day on which a rule begins or ends are apart: there, a row of
    a whole month would not do. Raises ChargesNotKept where only line items would, and are kept no longer.
    """
    periods = costs.periods_in(chosen.span)
    parted = {
        p.month for p in periods if any(p.first_charge.date() < d <= p.last_charge.date() for d in days)
    }
    for name, part in (("whole", set(months) - parted), ("parted", set(months) & parted)):
        if part:
            by_day = name == "parted" or chosen.span.by == "charge_period" or bool(chosen.span.until)
            its = [p for p in periods if p.month in part]
            yield _grouped(costs, chosen, its, looked_at, f"{prefix}_{name}", by_day=by_day, counted=counted)


def _grouped(
    costs: "Costs",
    chosen: "Selection",
    periods: Sequence["BilledPeriod"],
    looked_at: Sequence[str],
    prefix: str,
    *,
    by_day: bool,
    counted: bool,
) -> Grouped:
    dimensions = [*chosen.dimensions, *chosen.filtered]
    tables = [t for t in tables_of(looked_at) if all(d.over(t) for d in dimensions)]
    table = next(t for t in tables if not (by_day and t == MONTHLY))
    gone = {p.month for p in periods if p.delivery in costs.opened.rolled}
    if table == CHARGES and gone:
        raise ChargesNotKept([f"{month:%Y-%m}" for month in sorted(gone)])
    statement = Statement(table, prefix)
    months = sorted({p.month for p in periods})
    conditions = [f"cast(billing_period_start as date) in {statement.bind(months)}"]
    conditions.append(time_condition(chosen.span, table, f"{prefix}_span", statement.parameters))
    if chosen.scope == "costs":
        conditions.append("charge_category not in ('Tax', 'Credit')")
    for number, (which, condition) in enumerate(zip(chosen.filtered, chosen.filters, strict=True)):
        over, named = which.over(table) or "", f"{prefix}_filter_{number}"
        conditions.append(filter_condition(over, condition, named, statement.parameters))
    by = [d.over(table) or "" for d in chosen.dimensions]
    for each in dimensions:
        statement.parameters.update(each.bound(table))
    return Grouped(statement, " and ".join(conditions), by, counted)


def parted_months(periods: Sequence["BilledPeriod"], days: Sequence[date]) -> set[date]:
    """List the months that have charges of before one of the days and of after it."""
    held = [(p.month, p.first_charge.date(), p.last_charge.date()) for p in periods]
    return {month for month, first, last in held if any(first < day <= last for day in days)}
