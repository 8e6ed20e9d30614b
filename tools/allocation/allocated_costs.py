"""What does each cost centre carry, shared costs included?"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from finops_mcp import Answer, Costs, beside, tool
from finops_mcp.answers import Table
from finops_mcp.cache.selection import Selection
from finops_mcp.chargeback.answering import check_value, told
from finops_mcp.chargeback.carried import carrying_of
from finops_mcp.chargeback.charges import asked_of
from finops_mcp.chargeback.views import COLUMNS, Show, rows_of
from finops_mcp.vocabulary import BillingMonth, End, Metric, Start, Top

SQL = beside(__file__)


class AllocatedCosts(Answer):
    """Rows add up to the total, with what nobody carries; what went out is negative."""

    dimension: str = Field(description="Whose cost centres they are: of the rules, or of charges.")
    periods: Table = Field(description="Each month's state, draft until closed, and the rules it went by.")
    corrections: Table | None = Field(
        default=None, description="What changed since a month was charged; before it was, since it closed."
    )


@tool("What does each cost centre carry, shared costs included?")
def allocated_costs(
    costs: Costs,
    *,
    month: Annotated[BillingMonth, Field(description="Billing month, YYYY-MM.")] = None,
    start: Start = None,
    end: End = None,
    dimension: Annotated[str | None, Field(description="Of the rules, or of charges: tag:<key>.")] = None,
    value: Annotated[str | None, Field(description="Only this cost centre.")] = None,
    show: Annotated[Show, Field(description="rules and unallocated tell why.")] = "cost_centers",
    metric: Metric = "effective_cost",
    top: Top = 50,
) -> AllocatedCosts:
    """Showback and chargeback by kept rules: direct, shared in and out, total.

    Whole months. All rows and UNALLOCATED add up to the basis.
    """

    def ask(chosen: Selection, dimensions: Sequence[str]) -> list[tuple[Any, ...]]:
        return costs.ask(SQL, chosen, dimension=list(dimensions))

    asked = asked_of(costs, dimension, month=month, start=start, end=end, metric=metric)
    carried = carrying_of(costs, ask, asked)
    check_value(value, carried)
    rows = rows_of(carried, show, asked, value)
    return AllocatedCosts(
        dimension=asked.dimension,
        columns=list(COLUMNS[show]),
        rows=rows[:top],
        total_rows=len(rows),
        truncated=len(rows) > top,
        **told(costs, asked, carried, value, show),
    )
