"""How did this one charge come to its cost?"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, tool
from finops_mcp.answers import Cell, cents, exact

_MEASURES = (
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "x_unblended_cost",
    "x_net_unblended_cost",
    "x_amortized_cost",
    "x_net_amortized_cost",
)


class ChargeExplanation(Answer):
    """One row for each measure of cost: the amount, and the rule it came from."""

    charge: list[str] = Field(description="What the charge is: its columns that have a value.")


@tool("How did this one charge come to its cost?", listed=False)
def charge_explanation(
    costs: Costs,
    *,
    charge: Annotated[str, Field(description="The x_charge_id of a row of charges, as cost_sql shows it.")],
) -> ChargeExplanation:
    """Every amount of one charge with the rule behind it: what is billed, spread, covered or unused.

    The id names a row of one delivery: when AWS delivers the month again, its charges have new ids.
    """
    found = costs.charge(charge)
    told = {name: value for name, value in found.columns.items() if value not in (None, "", {})}
    kind = told.get("x_charge_type") or told.get("charge_category")
    day = f"{told['charge_period_start']:%Y-%m-%d}"
    amounts = f"billed {cents(told.get('billed_cost'))}, effective {cents(told.get('effective_cost'))}"
    rows: list[list[Cell]] = [[m, exact(told[m]), found.how(m)] for m in _MEASURES if m in told]
    resource = told.get("resource_id")
    return ChargeExplanation(
        summary=f"Charge {charge} of {day} is {found.rule.what} ({kind}):"
        f" {amounts} {told.get('billing_currency', '')}.",
        columns=["measure", "cost", "how"],
        rows=rows,
        totals={},
        total_rows=len(rows),
        truncated=False,
        charge=[
            f"export: {found.export} ({found.dialect})",
            *(f"{name}: {_as_text(value)}" for name, value in told.items() if not name.endswith("_cost")),
        ],
        next=[
            NextStep(
                tool="resource_costs",
                arguments={
                    "resource_id": resource,
                    "month": f"{told['billing_period_start']:%Y-%m}",
                },
                why="what its resource cost in the month",
            )
        ]
        if resource
        else [],
    )


def _as_text(value: object) -> str | None:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_as_text(part)}" for name, part in value.items())
    return exact(value) if isinstance(value, Decimal) else str(value)
