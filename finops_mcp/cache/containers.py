"""What pods and tasks took of their nodes: a table of its own in a generation, and what does not tell it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from finops_mcp.cache.segment import schema_sql

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.periods import BilledPeriod

CONTAINERS = "container_usage"
_TOLD_BY = "split_line_item_split_cost"


def gather_containers(engine: duckdb.DuckDBPyConnection, aliases: Sequence[str]) -> None:
    """Make the table of containers from the attached segments: each month from the one that serves it."""
    engine.execute(schema_sql(CONTAINERS))
    for alias in aliases:
        engine.execute(
            f"insert into {CONTAINERS} select u.* from {alias}.{CONTAINERS} as u where exists"
            " (select 1 from serving as s where s.x_delivery = u.x_delivery"
            " and s.billing_period_start = u.billing_period_start"
            " and s.billing_account_id is not distinct from u.billing_account_id)"
        )


def telling_of_containers(costs: "Costs", periods: Sequence["BilledPeriod"]) -> list["BilledPeriod"]:
    """Keep the periods whose export has the columns of split cost allocation."""
    found = costs.opened.cursor().execute(
        "select distinct x_delivery from generation.own_columns where name = $column and present",
        {"column": _TOLD_BY},
    )
    telling = {identity for (identity,) in found.fetchall()}
    return [p for p in periods if p.delivery in telling]
