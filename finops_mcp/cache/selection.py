"""The charges a question is about, as one SELECT that the tool's own SQL reads by the name `selection`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finops_mcp.cache.dimensions import (
    CHARGES,
    COMMITMENTS,
    DAILY,
    MONTHLY,
    Dimension,
    Resolve,
    dimension,
    of_commitments,
)
from finops_mcp.cache.spans import Span
from finops_mcp.errors import InvalidArgument
from finops_mcp.vocabulary import FOCUS_METRICS, METRICS, Filter

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\w+)")
_HELD = re.compile(r"\bfrom held\b")
_DETAILS = (
    "charge_category as in_category",
    "charge_frequency as in_frequency",
    "service_name as in_service",
    "sub_account_id as in_account",
    "region_id as in_region",
    "sku_meter as in_meter",
    "pricing_unit as in_unit",
    "pricing_quantity as in_quantity",
    "commitment_discount_id as in_commitment",
    "commitment_discount_status as in_status",
    "commitment_discount_type as in_commitment_type",
    "x_commitment_pool as in_pool",
    "pricing_category as in_pricing",
    "x_normalized_quantity as in_units",
)
"""What a statement may read of a charge beside the dimensions asked for, under names of its own."""


@dataclass(frozen=True)
class Selection:
    """What a question selects: its measure, time, scope and conditions, over the smallest table that can."""

    metric: str
    scope: str
    span: Span
    previous: Span | None
    dimensions: tuple[Dimension, ...]
    filters: tuple[Filter, ...]
    filtered: tuple[Dimension, ...]
    """The dimension of each filter."""
    table: str
    sql: str
    parameters: Mapping[str, Any]
    held: str | None
    """The commitments of the same time, under the same conditions; nothing where they lack a dimension."""


def select(
    *,
    metric: str,
    scope: str,
    span: Span,
    previous: Span | None,
    dimensions: Sequence[str],
    filters: Sequence[Filter],
    of_charges: Sequence[str] = (),
    read: Resolve = dimension,
) -> Selection:
    """Write the selection of a question; `of_charges` are columns that only line items have.

    `read` reads the names of dimensions.

    Raises UnknownDimension, InvalidArgument.
    """
    grouped = tuple(read(name) for name in dict.fromkeys(dimensions))
    filtered = [(read(f.dimension), f) for f in filters]
    dimensioned = [*grouped, *(d for d, _ in filtered)]
    table = CHARGES if of_charges else _smallest_table(dimensioned, span, previous)
    parameters: dict[str, Any] = {}
    inside, in_period = time_condition(span, table, "span", parameters), "true"
    if previous:
        in_period = inside
        inside = f"({inside} or {time_condition(previous, table, 'previous', parameters)})"
    conditions = [inside]
    for number, (which, condition) in enumerate(filtered):
        conditions.append(
            filter_condition(which.over(table) or "", condition, f"filter_{number}", parameters)
        )
    for each in dimensioned:
        parameters.update(each.bound(table))
    columns = _named(grouped, table)
    columns += [f"{measure_column(m)} as {m}" for m in METRICS]
    columns += ["billing_currency", "x_charge_group", *_DETAILS, *of_charges]
    columns += [
        f"{in_period} as in_period",
        "x_line_items as charges" if table == CHARGES else "x_charges as charges",
    ]
    return Selection(
        metric=metric,
        scope=scope,
        span=span,
        previous=previous,
        dimensions=grouped,
        filters=tuple(filters),
        filtered=tuple(d for d, _ in filtered),
        table=table,
        sql=f"select {', '.join(columns)} from {table} where {' and '.join(conditions)}",
        parameters=parameters,
        held=_held(grouped, filtered, span),
    )


def _named(dimensions: Sequence[Dimension], table: str) -> list[str]:
    return [f'{d.over(table)} as "{d.name.replace(chr(34), chr(34) * 2)}"' for d in dimensions]


def _held(
    grouped: Sequence[Dimension], filtered: Sequence[tuple[Dimension, Filter]], span: Span
) -> str | None:
    if not all(d.over(COMMITMENTS) for d in (*grouped, *(d for d, _ in filtered))):
        return None
    conditions = [time_condition(span, COMMITMENTS, "span", {})]
    for number, (which, condition) in enumerate(filtered):
        conditions.append(filter_condition(which.over(COMMITMENTS) or "", condition, f"filter_{number}", {}))
    kept = ", ".join(("*", *(n for n in _named(grouped, COMMITMENTS) if not _itself(n))))
    return f"select {kept} from {COMMITMENTS} where {' and '.join(conditions)}"


def _itself(named: str) -> bool:
    expression, _, name = named.partition(" as ")
    return name == f'"{expression}"'


def measure_column(metric: str) -> str:
    """Give the canonical column of a measure."""
    return metric if metric in FOCUS_METRICS else f"x_{metric}"


def over_selection(selection: Selection, sql: str) -> str:
    """Put the selection before a tool's own statement, and the commitments `held` where it reads them.

    Raises InvalidArgument where commitments lack a dimension.
    """
    plain = _COMMENT.sub("", sql).strip()
    with_clause = f"with selection as ({selection.sql})"
    if _HELD.search(plain):
        if selection.held is None:
            raise InvalidArgument(
                "Commitments have not all of the dimensions asked for, in dimension or filters.",
                valid=of_commitments(),
            )
        with_clause += f", held as ({selection.held})"
    if re.match(r"with\b", plain, re.IGNORECASE):
        return f"{with_clause}, {plain[4:].lstrip()}"
    return f"{with_clause} {plain}"


def parameters_of(sql: str) -> set[str]:
    """List the $parameters of a statement."""
    return set(_PARAMETER.findall(_COMMENT.sub("", sql)))


def _smallest_table(dimensions: Sequence[Dimension], span: Span, previous: Span | None) -> str:
    whole_months = all(s.by == "billing_period" and s.until is None for s in (span, previous) if s)
    for table in (DAILY, MONTHLY):
        if table == MONTHLY and not whole_months:
            continue
        if all(d.over(table) for d in dimensions):
            return table
    return CHARGES


def time_condition(span: Span, table: str, name: str, parameters: dict[str, Any]) -> str:
    """Write the condition that a charge is of a span, and put its days into the parameters."""
    parameters[f"{name}_start"], parameters[f"{name}_end"] = span.start, span.end
    day = "charge_date" if table in {DAILY, COMMITMENTS} else "charge_period_start"
    column = "billing_period_start" if span.by == "billing_period" else day
    condition = f"({column} >= ${name}_start and {column} < ${name}_end"
    if span.until:
        parameters[f"{name}_until"] = span.until
        condition += f" and {day} < ${name}_until"
    return f"{condition})"


def filter_condition(expression: str, condition: Filter, name: str, parameters: dict[str, Any]) -> str:
    """Write the condition that a filter makes of an expression, and put its values into the parameters.

    Raises InvalidArgument.
    """
    values = condition.values
    if condition.op == "absent":
        if values:
            raise InvalidArgument(f"The filter on {condition.dimension} with op absent takes no values.")
        return f"{expression} is null"
    if not values:
        raise InvalidArgument(
            f"The filter on {condition.dimension} with op {condition.op} needs values, such as"
            f' {{"dimension": "{condition.dimension}", "op": "{condition.op}", "values": ["…"]}}.'
        )
    if condition.op == "eq" and len(values) > 1:
        raise InvalidArgument(f"The filter on {condition.dimension} with op eq takes one value; use in.")
    parameters[name] = list(values)
    if condition.op in {"eq", "in"}:
        return f"{expression} in ${name}"
    if condition.op == "not_in":
        return f"({expression} is null or {expression} not in ${name})"
    test = (
        f"starts_with({expression}, v)"
        if condition.op == "prefix"
        else f"contains(lower({expression}), lower(v))"
    )
    return f"len(list_filter(${name}, lambda v: {test})) > 0"
