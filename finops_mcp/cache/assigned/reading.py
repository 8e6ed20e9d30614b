"""The charges of a selection, put where the rules of their months put them."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from finops_mcp.allocation import Condition, Version
from finops_mcp.allocation.known import by_version
from finops_mcp.cache.assigned import Assigned, Assignment
from finops_mcp.cache.assigned.compiling import compile_pools, compile_rules, condition_sql
from finops_mcp.cache.assigned.fields import Fields
from finops_mcp.cache.assigned.grouping import Grouped, grouped
from finops_mcp.cache.words import check_measure
from finops_mcp.errors import AllocationNotGiven, AllocationRefused

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.selection import Selection


def assignment_of(
    costs: "Costs",
    chosen: "Selection",
    versions: Sequence[Version],
    dimension: str | None,
    *,
    measures: Sequence[str] = (),
    only: Condition | None = None,
    quantities: bool = False,
) -> Assignment:
    """Put the charges of a selection where the version in force for each billing month puts them.

    Raises AllocationNotGiven, AllocationRefused, MeasureNotInExport, ChargesNotKept.
    """
    if not versions:
        raise AllocationNotGiven
    periods = costs.periods_in(chosen.span)
    asked = list(dict.fromkeys([chosen.metric, *measures]))
    for measure in asked:
        check_measure(measure, periods)
    name = dimension or max(versions, key=lambda v: v.number).file.first_dimension
    months = sorted({p.month for p in periods})
    held = by_version(versions, months)
    _covered(months, held)
    rows = []
    for number, (version, its_months) in enumerate(held.items()):
        rows += _of_version(
            costs, chosen, version, name, its_months, asked, only, quantities=quantities, prefix=f"v{number}"
        )
    in_force = {f"{month:%Y-%m}": version for version, its_months in held.items() for month in its_months}
    return Assignment(name, rows, in_force)


def _covered(months: Sequence[date], held: dict[Version, list[date]]) -> None:
    missing = sorted(set(months) - {m for its_months in held.values() for m in its_months})
    if missing:
        named = ", ".join(f"{month:%Y-%m}" for month in missing)
        raise AllocationRefused(
            f"No version of the rules holds for {named}: keep one from then on, with `finops-duck allocation"
            f" keep FILE --from {missing[0]:%Y-%m}`, or ask for later months."
        )


def _of_version(
    costs: "Costs",
    chosen: "Selection",
    version: Version,
    name: str,
    months: Sequence[date],
    measures: Sequence[str],
    only: Condition | None,
    *,
    quantities: bool,
    prefix: str,
) -> list[Assigned]:
    dimension = version.file.dimensions.get(name)
    if dimension is None:
        there = list(version.file.dimensions)
        raise AllocationRefused(
            f"The rules in force for {months[0]:%Y-%m} have no dimension {name!r}.", valid=there
        )
    pools = version.file.pools_of(name)
    looked_at = [field for rule in dimension.rules for field in rule.fields]
    conditions = [*(pool.match for pool in pools if pool.match), *([only] if only else [])]
    looked_at += [leaf.field for each in conditions for leaf in each.leaves() if leaf.field]
    part = grouped(costs, chosen, months, looked_at, dimension.rules, prefix)
    fields = Fields(version.file.ous)
    rules = compile_rules(dimension, fields, part.statement, name="in_rule", day=part.day)
    shared = compile_pools(version.file, pools, fields, part.statement, name="in_pool")
    kept = condition_sql(only, fields, part.statement) if only else "true"
    sql = part.sql(
        measures,
        quantities=quantities,
        numbers=[f"{rules.case} as in_rule", f"{shared.case} as in_pool"],
        told=[f"{rules.value} as assigned_to", f"{rules.id} as rule", f"{shared.id} as pool"],
        kept=kept,
    )
    return [_row(part, measures, row) for row in costs.ask(sql, **part.statement.parameters)]


def _row(part: Grouped, measures: Sequence[str], row: tuple[Any, ...]) -> Assigned:
    value, rule, pool, month, currency, group, *rest = row
    at = len(part.by)
    by, amounts, (unit, quantity) = rest[:at], rest[at : at + len(measures)], rest[at + len(measures) :]
    return Assigned(
        month=month,
        value=value,
        rule=rule,
        pool=pool,
        currency=currency,
        charge_group=group,
        by=tuple(by),
        amounts=dict(zip(measures, amounts, strict=True)),
        unit=unit,
        quantity=quantity,
    )
