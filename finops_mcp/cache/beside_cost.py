"""What is told beside cost: recommendations and emissions, each a table of its own in a generation."""

from collections.abc import Sequence
from importlib.resources import files

import duckdb

from finops_mcp.cache.segment import schema_sql
from finops_mcp.exports.dialects import BESIDE_COST


def gather_beside_cost(
    engine: duckdb.DuckDBPyConnection, aliases: Sequence[str], *, has_previous: bool
) -> None:
    """Make the tables of what is told beside cost from the attached segments.

    Where several exports tell the same, one speaks: nothing is there twice.
    """
    for table in BESIDE_COST:
        engine.execute(schema_sql(table))
        telling = [
            alias
            for alias in aliases
            if engine.execute(f"select tells from {alias}.delivery").fetchall() == [(table,)]
        ]
        if not telling:
            continue
        delivered = " union all by name ".join(f"select * from {alias}.{table}" for alias in telling)
        gathered = files(__package__).joinpath(f"{table}.gather.sql").read_text()
        engine.execute(f"create temp view delivered as {delivered}")
        engine.execute(f"insert into {table} by name {gathered}")
        engine.execute("drop view delivered")
    if has_previous:
        _remember_first_seen(engine)


def _remember_first_seen(engine: duckdb.DuckDBPyConnection) -> None:
    """Take over from the previous generation since when a recommendation has been known."""
    engine.execute(
        "update recommendations as r set first_seen = least(r.first_seen, p.first_seen)"
        " from previous.recommendations as p where p.recommendation_id = r.recommendation_id"
        " and p.sub_account_id is not distinct from r.sub_account_id"
    )


def beside_cost_told(engine: duckdb.DuckDBPyConnection) -> list[str]:
    """Say what exports beside those of cost the open generation holds: a sentence for each."""
    recommendations = engine.execute(
        "select d.export, d.billing_period, d.told, count(r.x_delivery), count(*) filter (where r.counts),"
        " max(r.recommended_at) from generation.delivery as d left join generation.recommendations as r"
        " using (x_delivery) where d.tells = 'recommendations' group by 1, 2, 3 order by 1"
    ).fetchall()
    emissions = engine.execute(
        "select d.export, count(e.x_delivery), strftime(min(e.period_start), '%Y-%m'),"
        " strftime(max(e.period_start), '%Y-%m'), max(e.estimated_at),"
        " string_agg(distinct e.model_version, ', ' order by e.model_version)"
        " filter (where e.model_in_force),"
        " string_agg(distinct e.model_version, ', ' order by e.model_version)"
        " filter (where not e.model_in_force) from generation.delivery as d"
        " left join generation.emissions as e using (x_delivery)"
        " where d.tells = 'emissions' group by 1 order by 1"
    ).fetchall()
    standing_by = "another export tells the same, and speaks"
    said = []
    for export, day, told, rows, counting, as_of in recommendations:
        held = f"{rows:,} recommendations, {counting:,} of them to be added up"
        held = held if rows else standing_by if told else "nothing is recommended"
        said.append(f"{export} (recommendations): snapshot of {day}, {held}{_as_of(as_of)}")
    for export, rows, first, last, as_of, in_force, others in emissions:
        held = f"{rows:,} rows, {first} to {last}, model {in_force} in force" if rows else standing_by
        told_too = f", {others} told too" if others else ""
        said.append(f"{export} (emissions): {held}{told_too}{_as_of(as_of)}")
    return said


def _as_of(when: object) -> str:
    return f", as of {when} UTC" if when else ""
