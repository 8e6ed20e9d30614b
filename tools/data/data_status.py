"""What data is there, how fresh, how complete?"""

from decimal import Decimal
from typing import Any

from pydantic import Field

from finops_mcp import Answer, Costs, NextStep, Refresher, tool
from finops_mcp.answers import exact, per_currency


class DataStatus(Answer):
    """One row for each billing month of a payer, newest first."""

    generation: int = Field(description="The generation that answers.")
    refreshed_at: str
    loaded_from: str
    freshness: list[str]
    drift: list[str] = Field(description="Columns that come and go between files.")
    tests: list[str] = Field(description="How the standing tests went; failures first.")
    restated: list[str] = Field(description="What changed in months that were closed before.")
    not_counted: list[str] = Field(description="What is kept out of the totals, and why.")
    spending: list[str]


_COLUMNS = [
    "month",
    "billing_account_id",
    "billing_currency",
    "export",
    "dialect",
    "charges",
    "billed_cost",
    "state",
    "complete",
    "last_charge",
    "execution_id",
]


@tool("What data is there, how fresh, how complete, and does it tie?")
def data_status(costs: Costs, refresher: Refresher) -> DataStatus:
    """Months in the cache by payer: export, charges, total, state (open, partial, closed), newest charge.

    Ask this first: it says which months can be asked about, what the exports lack and whether they tie.
    """
    opened = costs.opened
    status = costs.status
    about = status.about()
    periods = sorted(opened.periods, key=lambda p: (p.month, p.billing_account_id or ""), reverse=True)
    charges = sum(p.charges for p in periods)
    billed: dict[str, Decimal] = {}
    rows: list[list[Any]] = []
    for p in periods:
        billed[p.currency] = billed.get(p.currency, Decimal(0)) + (p.billed_cost or Decimal(0))
        rows.append(
            [
                f"{p.month:%Y-%m}",
                p.billing_account_id,
                p.currency,
                p.export,
                p.dialect,
                p.charges,
                exact(p.billed_cost),
                p.state,
                p.last_charge.date() >= p.last_day,
                p.last_charge.isoformat() + "Z",
                p.execution_id,
            ]
        )
    newest = periods[0]
    return DataStatus(
        summary=f"{charges:,} charges of {len({p.month for p in periods})} month(s),"
        f" {periods[-1].month:%Y-%m} to {newest.month:%Y-%m}, from {about.source};"
        f" the newest charge is of {costs.today}.",
        columns=_COLUMNS,
        rows=rows,
        totals={"charges": charges, "billed_cost": per_currency(billed)},
        total_rows=len(rows),
        truncated=False,
        caveats=[
            *costs.data_caveats(),
            *status.accounts(),
            *status.held_back(),
            *status.alerts_not_told(),
        ],
        next=[
            NextStep(
                tool="cost_by",
                arguments={"month": f"{newest.month:%Y-%m}", "compare": "previous_period"},
                why="what the newest month cost so far, by service",
            )
        ],
        generation=about.number,
        refreshed_at=about.created_at.isoformat() + "Z",
        loaded_from=about.source,
        freshness=costs.freshness.sentences(),
        drift=status.drift(),
        tests=status.tests_told(),
        restated=status.restatements(),
        not_counted=[
            *status.quarantined(),
            *status.standing_by(),
            *status.split_charges(),
            *status.beside_cost(),
            *status.rolled(),
            *about.passed_over,
        ],
        spending=refresher.spending().told(),
    )
