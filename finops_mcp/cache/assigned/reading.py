"""The charges of a selection, put where the rules of their months put them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from finops_mcp.allocation import Condition, DimensionRules, Version
from finops_mcp.allocation.known import by_version
from finops_mcp.cache.assigned import Assigned, Assignment
from finops_mcp.cache.assigned.compiling import (
    Compiled,
    compile_pools,
    compile_rules,
    condition_sql,
    days_that_part,
)
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
    periods = costs.periods_in(chosen.span)
    asked = list(dict.fromkeys([chosen.metric, *measures]))
    for measure in asked:
        check_measure(measure, periods)
    if not versions:
        raise AllocationNotGiven
    name = dimension or max(versions, key=lambda v: v.number).file.first_dimension
    months = sorted({p.month for p in periods})
    held = by_version(versions, months)
    covered(versions, months, held)
    rows: list[Assigned] = []
    for number, (version, its_months) in enumerate(held.items()):
        rows += _of_version(
            costs, chosen, version, name, its_months, asked, only, quantities=quantities, prefix=f"v{number}"
        )
    in_force = {f"{month:%Y-%m}": version for version, its_months in held.items() for month in its_months}
    return Assignment(name, rows, in_force)


def covered(versions: Sequence[Version], months: Sequence[date], held: Mapping[Version, list[date]]) -> None:
    """Raise AllocationNotGiven or AllocationRefused where no version holds for a month."""
    if not versions:
        raise AllocationNotGiven
    missing = sorted(set(months) - {m for its_months in held.values() for m in its_months})
    if missing:
        named = ", ".join(f"{month:%Y-%m}" for month in missing)
        raise AllocationRefused(
            f"No version of the rules holds for {named}: keep one from then on, with `finops-duck allocation"
            f" keep FILE --from {missing[0]:%Y-%m}`, or ask for later months."
        )


def rules_of(version: Version, name: str) -> DimensionRules:
    """Give the rules of a dimension. Raises AllocationRefused where a version has none of that name."""
    found = version.file.dimensions.get(name)
    if found is None:
        said = f"The rules {version.hash}, in force since {version.since}, have no dimension {name!r}."
        raise AllocationRefused(said, valid=list(version.file.dimensions))
    return found


def looked_at(version: Version, name: str) -> list[str]:
    """List the fields that the rules and shared costs of a dimension look at."""
    pools = [pool.match for pool in version.file.pools_of(name) if pool.match]
    leaves = [leaf.field for match in pools for leaf in match.leaves()]
    return [
        *(field for rule in rules_of(version, name).rules for field in rule.fields),
        *filter(None, leaves),
    ]


def compiled_of(part: Grouped, version: Version, name: str, side: str = "") -> tuple[Compiled, Compiled]:
    """Compile the rules and the shared costs of a version over the groups of charges."""
    fields = Fields(version.file.ous)
    rules = compile_rules(
        rules_of(version, name), fields, part.statement, name=f"in_rule{side}", day=part.day
    )
    pools = version.file.pools_of(name)
    return rules, compile_pools(version.file, pools, fields, part.statement, name=f"in_pool{side}")


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
) -> Iterator[Assigned]:
    fields = [*looked_at(version, name), *(leaf.field or "" for leaf in (only.leaves() if only else ()))]
    days = days_that_part(rules_of(version, name).rules)
    for part in grouped(costs, chosen, months, fields, days, prefix=prefix, counted=quantities):
        rules, pools = compiled_of(part, version, name)
        kept = condition_sql(only, Fields(version.file.ous), part.statement) if only else "true"
        by = [f"by_{n}" for n in range(len(part.by))]
        amounts = [f"sum(measure_{n})" for n in range(len(measures))]
        told = ", ".join(["month", "currency", "charge_group", *by, *amounts, "unit", "sum(quantity)"])
        numbered = part.numbered(measures, [f"{each.case} as {each.name}" for each in (rules, pools)], kept)
        sql = (
            f"select {rules.value} as assigned_to, {rules.id} as rule, {pools.id} as pool, {told}"
            f" from ({numbered}) group by all"
        )
        yield from (_row(row, measures) for row in costs.ask(sql, **part.statement.parameters))


def _row(row: tuple[Any, ...], measures: Sequence[str]) -> Assigned:
    value, rule, pool, month, currency, group, *rest, unit, quantity = row
    by, amounts = rest[: -len(measures)], rest[-len(measures) :]
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
