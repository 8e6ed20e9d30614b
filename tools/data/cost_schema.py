"""Which columns and values can I ask about?"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, beside, tool
from finops_mcp.errors import InvalidArgument
from finops_mcp.vocabulary import METRICS, NAMED_DIMENSIONS, DimensionName

SQL = beside(__file__)
_EXAMPLES = 5
_MOST = 1_000


class CostSchema(Answer):
    """Dimensions with examples, the values of one dimension, or the columns of one table."""


@tool("Which columns and values can I ask about?")
def cost_schema(
    costs: Costs,
    *,
    dimension: Annotated[
        DimensionName | None, Field(description="List the values of this dimension instead.")
    ] = None,
    contains: Annotated[str | None, Field(description="Only values with this text in them.")] = None,
    table: Annotated[
        Literal[
            "charges",
            "charges_daily",
            "resources_monthly",
            "commitments",
            "recommendations",
            "emissions",
            "cur",
        ]
        | None,
        Field(description="Columns of this table of cost_sql."),
    ] = None,
) -> CostSchema:
    """Dimensions with their number of values and examples; or all values of one; or a table's columns.

    Use it to find the exact spelling of a service, account, tag key or value before filtering.
    """
    if dimension and table:
        raise InvalidArgument("Give either dimension or table, not both.")
    if contains and not dimension:
        raise InvalidArgument("contains narrows the values of a dimension; give dimension too.")
    if table:
        columns = costs.opened.table_columns(table)
        return _listed(f"{table} has {len(columns)} columns.", ["column", "type", "meaning"], columns)
    if dimension:
        values, count = _values(costs, dimension, contains=contains, top=_MOST)
        said = f"{dimension} has {count} value(s){f' with {contains!r} in them' if contains else ''}."
        return _listed(said, ["value"], [[v] for v in values], count=count)
    rows: list[list[Any]] = []
    for name in [*NAMED_DIMENSIONS, *costs.keyed_dimensions()]:
        values, count = _values(costs, name, top=_EXAMPLES)
        rows.append([name, count, ", ".join(v[:60] for v in values)])
    measures = [m for m in METRICS if m in costs.measures()]
    return _listed(
        f"{len(rows)} dimensions; measures: {', '.join(measures)}.",
        ["dimension", "values", "examples"],
        rows,
        steps=[
            NextStep(
                tool="cost_schema",
                arguments={"dimension": "service_name"},
                why="every value of one dimension",
            ),
            NextStep(
                tool="cost_schema",
                arguments={"table": "charges_daily"},
                why="the columns that cost_sql can read",
            ),
        ],
    )


def _values(costs: Costs, dimension: str, *, top: int, contains: str | None = None) -> tuple[list[str], int]:
    """List the first values of a dimension anywhere in the cache, and how many there are."""
    everything = costs.select(
        start=costs.first_month.isoformat(), metric="billed_cost", dimensions=[dimension]
    )
    rows = costs.ask(SQL, everything, dimension=dimension, contains=contains, top=top)
    return [str(value) for value, _ in rows], rows[0][1] if rows else 0


def _listed(
    summary: str,
    columns: list[str],
    rows: list[list[Any]],
    *,
    count: int | None = None,
    steps: Sequence[NextStep] = (),
) -> CostSchema:
    total = len(rows) if count is None else count
    return CostSchema(
        summary=summary,
        columns=columns,
        rows=rows,
        totals={},
        total_rows=total,
        truncated=total > len(rows),
        next=list(steps),
    )
