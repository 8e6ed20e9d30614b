"""What is known of each commitment, day by day: a table of its own in a generation."""

from collections.abc import Sequence
from importlib.resources import files

import duckdb

from finops_mcp.cache.dimensions import COMMITMENTS
from finops_mcp.cache.segment import schema_sql


def gather_commitments(engine: duckdb.DuckDBPyConnection, aliases: Sequence[str]) -> None:
    """Make the table of commitments from the rollup by day and the terms of the attached segments."""
    engine.execute(schema_sql(COMMITMENTS))
    terms = " union all by name ".join(f"select * from {alias}.commitment_terms" for alias in aliases)
    engine.execute(f"create temp view terms as {terms}")
    engine.execute(files(__package__).joinpath(f"{COMMITMENTS}.gather.sql").read_text())
    engine.execute("drop view terms")
