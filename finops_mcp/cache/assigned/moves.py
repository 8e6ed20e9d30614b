"""What would other rules move? Each amount that would lie elsewhere: from where to where, by which rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from finops_mcp.allocation import Version
from finops_mcp.allocation.known import by_version
from finops_mcp.cache.assigned.compiling import days_that_part
from finops_mcp.cache.assigned.grouping import grouped
from finops_mcp.cache.assigned.reading import compiled_of, looked_at, rules_of

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.selection import Selection


class Place(NamedTuple):
    """Where an amount lies: its value, the rule that put it there, and the shared cost it is in."""

    value: str | None
    """Nothing where no rules are kept for the month."""
    rule: str | None
    pool: str | None


@dataclass(frozen=True)
class Move:
    """An amount of one currency and month that would lie elsewhere."""

    month: str
    currency: str
    before: Place
    after: Place
    amount: Decimal | None


def moves_of(
    costs: "Costs", chosen: "Selection", versions: Sequence[Version], new: Version, name: str
) -> tuple[list[Move], list[Move]]:
    """Tell what of a selection other rules would move, and what would stay where it is.

    The new version is held against the one in force for each month, whichever month it would begin with.
    """
    months = sorted({p.month for p in costs.periods_in(chosen.span)})
    held: list[tuple[Version | None, list[date]]] = list(by_version(versions, months).items())
    known = {month for _, its_months in held for month in its_months}
    if left := [month for month in months if month not in known]:
        held.append((None, left))
    found = [
        move
        for number, (old, its_months) in enumerate(held)
        for move in _of_months(costs, chosen, (old, new), name, its_months, f"v{number}")
    ]
    moved = [m for m in found if (m.before.value, m.before.pool) != (m.after.value, m.after.pool)]
    return moved, [m for m in found if m not in moved]


def _of_months(
    costs: "Costs",
    chosen: "Selection",
    sides: Sequence[Version | None],
    name: str,
    months: Sequence[date],
    prefix: str,
) -> list[Move]:
    there = [version for version in sides if version]
    fields = [field for version in there for field in looked_at(version, name)]
    days = sorted({day for version in there for day in days_that_part(rules_of(version, name).rules)})
    found = []
    for part in grouped(costs, chosen, months, fields, days, prefix=prefix):
        numbers, told = [], []
        for side, version in enumerate(sides):
            if version is None:
                told += ["cast(null as varchar)"] * len(Place._fields)
                continue
            both = compiled_of(part, version, name, f"_{side}")
            numbers += [f"{each.case} as {each.name}" for each in both]
            told += [both[0].value, both[0].id, both[1].id]
        named = ", ".join(f"{expression} as told_{n}" for n, expression in enumerate(told))
        sql = (
            f"select month, currency, {named}, sum(measure_0) as amount"
            f" from ({part.numbered([chosen.metric], numbers)}) group by all order by all"
        )
        found += [
            Move(month, currency, Place(*where[:3]), Place(*where[3:]), amount)
            for month, currency, *where, amount in costs.ask(sql, **part.statement.parameters)
        ]
    return found
