"""What pods and tasks took of their nodes: a table of its own in a generation."""

from collections.abc import Sequence

import duckdb

from finops_mcp.cache.segment import schema_sql

CONTAINERS = "container_usage"


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
