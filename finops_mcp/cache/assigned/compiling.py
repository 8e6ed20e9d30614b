"""Rules as SQL: one CASE that gives the number of the rule which takes a charge, from 1; 0 where none does.

Every condition is true or false and never unknown, so that `not` of it is what people mean: a charge without
a tag is not one whose tag is x.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from finops_mcp.allocation import DEFAULT_RULE, AllocationFile, Condition, DimensionRules, Rule, SharedPool
from finops_mcp.cache.assigned.fields import Fields
from finops_mcp.cache.assigned.statement import Statement

_TESTS = {
    "prefix": "starts_with({0}, {1})",
    "suffix": "ends_with({0}, {1})",
    "contains": "contains(lower({0}), lower({1}))",
    "regex": "regexp_matches({0}, {1})",
}
_GROUPS = {"unused": "commitment_unused", "tax": "tax", "credits": "credit"}


@dataclass(frozen=True)
class Compiled:
    """What takes a charge: the CASE, and what its number stands for, read from the column `name`."""

    name: str
    case: str
    value: str
    id: str


def days_that_part(rules: Sequence[Rule]) -> list[date]:
    """List the days on which rules begin or end, in order."""
    return sorted({day for rule in rules for day in (rule.start, rule.end) if day})


def compile_rules(
    dimension: DimensionRules, fields: Fields, statement: Statement, *, name: str, day: str
) -> Compiled:
    """Compile the rules of one dimension; `day` is the expression of a charge's day over the table."""
    numbered = list(enumerate(_tests(dimension, fields, statement, day), start=1))
    branches = " ".join(f"when {test} then {number}" for number, (test, _) in numbered)
    taken = " ".join(f"when {number} then {source}" for number, (_, source) in numbered if source)
    literals = [dimension.default, *(rule.set.value for rule in dimension.rules)]
    value = f"({statement.bind(literals)})[{name} + 1]"
    if taken:
        value = f"case {name} {taken} else {value} end"
    ids = statement.bind([DEFAULT_RULE, *(rule.id for rule in dimension.rules)])
    return Compiled(name, f"case {branches} else 0 end", value, f"({ids})[{name} + 1]")


def compile_value(dimension: DimensionRules, fields: Fields, statement: Statement, *, day: str) -> str:
    """Compile the rules of one dimension to the value itself, for statements that take no numbers."""
    tests = zip(dimension.rules, _tests(dimension, fields, statement, day), strict=True)
    branches = (f"when {test} then {source or statement.bind(r.set.value)}" for r, (test, source) in tests)
    return f"case {' '.join(branches)} else {statement.bind(dimension.default)} end"


def _tests(
    dimension: DimensionRules, fields: Fields, statement: Statement, day: str
) -> Iterator[tuple[str, str | None]]:
    """Give the test of each rule, and what it takes from a field of the charge, where it does."""
    parted = days_that_part(dimension.rules)
    begun = [f"cast({day} >= {statement.bind(each)} as integer)" for each in parted]
    stretch = statement.column(f"({' + '.join(begun)})") if parted else ""
    for rule in dimension.rules:
        tests = [condition_sql(rule.when, fields, statement)] if rule.when else []
        tests += _time(rule, parted, stretch)
        source = None
        if rule.set.source:
            source, known = _taken(rule, fields, statement)
            tests.append(known)
        yield " and ".join(tests) or "true", source


def compile_pools(
    file: AllocationFile, pools: Sequence[SharedPool], fields: Fields, statement: Statement, *, name: str
) -> Compiled:
    """Compile which shared cost a charge is in: the first that fits, else what is decided of its kind."""
    ids = [pool.id for pool in pools]
    tests = [(pool.id, condition_sql(pool.match, fields, statement)) for pool in pools if pool.match]
    group = statement.column("x_charge_group")
    for choice, pool in file.policies.pools().items():
        if pool in ids:
            tests.append((pool, f"{group} = {statement.bind(_GROUPS[choice])}"))
    branches = " ".join(f"when {test} then {ids.index(pool) + 1}" for pool, test in tests)
    id_ = f"({statement.bind(ids)})[{name}]" if tests else "cast(null as varchar)"
    return Compiled(name, f"case {branches} else 0 end" if tests else "0", id_, id_)


def _time(rule: Rule, parted: Sequence[date], stretch: str) -> list[str]:
    """Write that a charge's day is the rule's: how many of the days that part rules lie behind it."""
    tests = []
    if rule.start:
        tests.append(f"{stretch} > {bisect_left(parted, rule.start)}")
    if rule.end:
        tests.append(f"{stretch} <= {bisect_left(parted, rule.end)}")
    return tests


def _taken(rule: Rule, fields: Fields, statement: Statement) -> tuple[str, str]:
    """Write the value that a rule takes from a field, and the test that there is one."""
    columns = fields.over(rule.set.source or "", statement)
    source = f"coalesce({', '.join(columns)})" if len(columns) > 1 else columns[0]
    if not rule.set.map:
        return source, f"{source} is not null"
    keys, values = statement.bind(list(rule.set.map)), statement.bind(list(rule.set.map.values()))
    return f"({values})[list_position({keys}, {source})]", f"coalesce({source} in {keys}, false)"


def condition_sql(condition: Condition, fields: Fields, statement: Statement) -> str:
    """Write a condition over the columns of a statement."""
    if condition.field:
        return _leaf(condition, fields.over(condition.field, statement), statement)
    every, some, none = (
        [condition_sql(part, fields, statement) for part in parts]
        for parts in (condition.every, condition.some, condition.none)
    )
    tests = [*every, *([f"({' or '.join(some)})"] if some else []), *(f"not {test}" for test in none)]
    return f"({' and '.join(tests)})"


def _leaf(condition: Condition, columns: Sequence[str], statement: Statement) -> str:
    if condition.op in {"exists", "absent"}:
        there = " or ".join(f"{column} is not null" for column in columns)
        return f"({there})" if condition.op == "exists" else f"not ({there})"
    if condition.op in {"eq", "in"}:
        given = condition.values
        one = len(given) == 1
        bound = statement.bind(given[0] if one else list(given))
        tests = [f"{column} {'=' if one else 'in'} {bound}" for column in columns]
    else:
        test = _TESTS[condition.op]
        bounds = [statement.bind(value) for value in condition.values]
        tests = [test.format(column, bound) for column in columns for bound in bounds]
    return f"({' or '.join(f'coalesce({test}, false)' for test in tests)})"
