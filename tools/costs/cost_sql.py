"""What does a SELECT of my own say?"""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.answers import Source


class CostSql(Answer):
    """What a statement answered."""

    dialect: str = Field(description="Dialect the statement was read in.")
    relations: list[str] = Field(description="Relations it read.")
    types: list[str] = Field(description="Types of the columns, in their order.")
    translated: str | None = Field(default=None, description="The statement as it ran, where translated.")
    measure: str = Field(
        default="as queried", description="Which charges are in is the statement's business."
    )
    period: dict[str, str] = Field(description="Billing months that the cache holds, end exclusive.")
    source: list[Source] = Field(description="The deliveries that the cache was read from.")

    def with_rows(self, most: int) -> Self:
        """Keep the first rows only, and say so in the summary too."""
        short = super().with_rows(most)
        return short.model_copy(update={"summary": _summary(self.columns, short.rows, self.total_rows)})


@tool("What does a SELECT of my own say?")
def cost_sql(
    costs: Costs,
    *,
    sql: Annotated[
        str,
        Field(
            description="One SELECT over the tables of cost_schema, or cur (CUR's own columns, with"
            " billing_period, year, month)."
        ),
    ],
    dialect: Annotated[
        Literal["duckdb", "athena"],
        Field(description="SQL dialect; athena runs published CUR queries over cur."),
    ] = "duckdb",
    top: Annotated[
        int, Field(description="Most rows to return; total_rows counts all.", ge=1, le=1000)
    ] = 100,
) -> CostSql:
    """Run one read-only SELECT over the cached charges, within time and memory limits.

    For what no other tool answers. Credits, tax and every other charge are in unless the statement leaves
    them out. current_date is the day of the newest charge.
    """
    found = costs.free_sql(sql, dialect, top=top)
    periods = costs.opened.periods
    shown, total = len(found.rows), found.total_rows
    after = max(p.last_day for p in periods) + timedelta(days=1)
    return CostSql(
        summary=_summary(found.columns, found.rows, total),
        columns=found.columns,
        rows=found.rows,
        totals={"rows": total},
        total_rows=total,
        truncated=shown < total,
        caveats=[
            *found.caveats,
            *([] if found.names_currency or not found.relations else _adding(costs.currencies)),
            *costs.data_caveats(),
        ],
        next=_next(shown, total),
        dialect=dialect,
        relations=found.relations,
        types=found.types,
        translated=found.sql if dialect != "duckdb" else None,
        period={"start": f"{costs.first_month:%Y-%m}", "end_exclusive": f"{after:%Y-%m}"},
        source=costs.sources(periods) if found.relations else [],
    )


def _adding(currencies: list[str]) -> list[str]:
    """Warn where a statement may add what must not be added."""
    if len(currencies) == 1:
        return []
    held = ", ".join(currencies)
    return [f"The statement does not name billing_currency, and the cache holds {held}: a sum may add them."]


def _summary(columns: list[str], rows: list[list[Any]], total: int) -> str:
    if not total:
        return "The statement selects no row."
    if total == 1 and len(columns) == 1:
        return f"{columns[0]} is {'null' if rows[0][0] is None else rows[0][0]}."
    kept = "" if len(rows) == total else f", of which the first {len(rows):,} are shown"
    return f"{total:,} row{'s' if total != 1 else ''} of {', '.join(columns[:6])}{kept}."


def _next(shown: int, total: int) -> list[NextStep]:
    if shown == total:
        return []
    return [
        NextStep(
            tool="cost_schema",
            arguments={},
            why="the columns and values to group or narrow by, so that every row fits",
        )
    ]
