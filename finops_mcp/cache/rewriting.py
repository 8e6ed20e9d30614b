"""A segment with less in it: without the charges that are to be forgotten, or without line items at all.

A segment never changes. What is left of it is a new one beside it, under its name and a number, which every
later generation takes in its place; the old one goes with the last generation that has it.
"""

import shutil
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits, connect, scan
from finops_mcp.cache.home import home_of
from finops_mcp.cache.own_files import OwnFile
from finops_mcp.cache.owned import Rows, owned_tables
from finops_mcp.cache.segment import schema_sql
from finops_mcp.cache.segment_notes import ITS_PLACE, MEASURES, NOTES, count_charges, rows_at
from finops_mcp.exports.dialects import BESIDE_COST
from finops_mcp.exports.line_items import literal, quoted
from finops_mcp.exports.whose import whose

ROLLUPS = ("charges_daily", "resources_monthly")
_NOTED_ANEW = {"delivery", "data_tests", "own_rows", "unknown_types", "delivery_periods"}


def in_use(folder: Path) -> Path:
    """Give the folder that stands for a delivery: the last that was rewritten, or the one first loaded."""
    found = [p for p in folder.parent.glob(f"{folder.name}-*") if p.name.rpartition("-")[2].isdigit()]
    return max(found, key=lambda p: int(p.name.rpartition("-")[2]), default=folder)


def loaded_as(segment: str) -> str:
    """Give the name under which a delivery was first loaded, however often its segment was rewritten."""
    return segment.partition("-")[0]


def rewrite(
    segment: Path,
    limits: EngineLimits,
    *,
    without_accounts: Sequence[str] = (),
    without_months: Sequence[str] = (),
    only_rollups: bool = False,
) -> Path:
    """Write what is left of a segment into a new one, and say where it is."""
    base = loaded_as(segment.name)
    number = int(segment.name.partition("-")[2] or 0) + 1
    settled = segment.with_name(f"{base}-{number}")
    part = segment.with_name(f".{settled.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    gone = Rows(list(without_accounts), list(without_months))
    try:
        _write(segment, part, settled, limits, gone, roll=only_rollups)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    shutil.rmtree(settled, ignore_errors=True)  # made by a process that was killed before it was published
    return part.replace(settled)


def is_rolled(engine: duckdb.DuckDBPyConnection, alias: str) -> bool:
    """Tell whether an attached segment holds rollups in place of its charges."""
    return bool(
        engine.execute(
            "select 1 from duckdb_tables() where database_name = $alias and table_name = $rollup",
            {"alias": alias, "rollup": ROLLUPS[0]},
        ).fetchall()
    )


def _write(segment: Path, part: Path, settled: Path, limits: EngineLimits, gone: Rows, *, roll: bool) -> None:
    rows = f"not ({gone.holds(['sub_account_id', 'billing_account_id'], ['billing_period_start'])})"
    bound = gone.bound(rows)
    with connect(limits, part / "charges.duckdb") as engine:
        engine.execute(f"attach {literal(str(segment / 'charges.duckdb'))} as old (read_only)")
        rolled = is_rolled(engine, "old")
        engine.execute(schema_sql())
        if rolled:
            for rollup in ROLLUPS:
                engine.execute(f"create table {rollup} as select * from old.{rollup} where {rows}", bound)
        elif roll:
            # Charges that were once in a file stay readable in it, so that they are never put there.
            engine.execute(f"create temp table kept as select * from old.charges where {rows}", bound)
            _rolled_up(engine)
        else:
            engine.execute(f"insert into charges select * from old.charges where {rows}", bound)
            count_charges(engine)
        for table in ("commitment_terms", "container_usage"):
            engine.execute(f"create table {table} as select * from old.{table} where {rows}", bound)
        for note in NOTES:
            if note not in _NOTED_ANEW:
                engine.execute(f"create table {note} as select * from old.{note}")
        tested = f"not ({gone.holds(['billing_account_id'], ['billing_period_start'])})"
        engine.execute(
            f"create table data_tests as select * from old.data_tests where {tested}", gone.bound(tested)
        )
        _keep_beside_cost(engine, gone)
        if rolled or roll:
            _recounted(engine)
        engine.execute("create table own_rows as select * from old.own_rows limit 0")
        if not roll:
            _keep_own_rows(engine, segment, part, settled, gone)
        engine.execute("detach old")
        engine.execute("checkpoint")


def _keep_beside_cost(engine: duckdb.DuckDBPyConnection, gone: Rows) -> None:
    """Keep what is left of recommendations or emissions, and how many there were of what is left."""
    ((tells, month),) = engine.execute(
        "select tells, strftime(billing_period, '%Y-%m') from old.delivery"
    ).fetchall()
    if tells not in BESIDE_COST:
        engine.execute("create table delivery as select * from old.delivery")
        return
    engine.execute(schema_sql(tells))
    held = next(t for t in owned_tables(engine, "charges") if t.name == tells).holds(gone)
    rows = "false" if month in gone.months else f"not ({held})"
    engine.execute(f"insert into {tells} select * from old.{tells} where {rows}", gone.bound(rows))
    engine.execute(
        f"create table delivery as select * replace ((select count(*) from {tells}) as told)"
        " from old.delivery"
    )


def _rolled_up(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("alter table charges rename to no_charges")
    engine.execute("create temp view charges as select * from kept")
    engine.execute(files(__package__).joinpath("rollups.sql").read_text())
    engine.execute("drop view temp.charges")
    engine.execute("alter table no_charges rename to charges")


def _recounted(engine: duckdb.DuckDBPyConnection) -> None:
    """Keep the notes of the months that are left, with the amounts that are left."""
    same = (
        "d.billing_period_start = p.billing_period_start"
        " and d.billing_account_id is not distinct from p.billing_account_id"
        " and d.billing_currency is not distinct from p.billing_currency"
    )
    sums = ", ".join(f"d.{m} as {m}" for m in MEASURES)
    added = ", ".join(f"sum({m}) as {m}" for m in MEASURES)
    engine.execute(
        f"create table delivery_periods as select p.* replace (d.charges as charges, {sums})"
        " from old.delivery_periods as p join (select billing_period_start, billing_account_id,"
        f" billing_currency, sum(x_charges) as charges, {added} from charges_daily group by 1, 2, 3) as d"
        f" on {same}"
    )
    engine.execute(
        "create table unknown_types as select * from old.unknown_types"
        " where billing_period_start in (select billing_period_start from delivery_periods)"
    )


def _keep_own_rows(
    engine: duckdb.DuckDBPyConnection, segment: Path, part: Path, settled: Path, gone: Rows
) -> None:
    """Keep what is left of the export's own rows, in files of the segment's own."""
    home = home_of(segment)
    noted = engine.execute("select x_delivery, path, rows_sql from old.own_rows order by path").fetchall()
    names = [name for (name,) in engine.execute("select distinct name from old.own_columns").fetchall()]
    owners = whose(names)
    rows = f"not ({gone.holds(map(quoted, owners.accounts), map(quoted, owners.months))})"
    for number, (identity, told, rows_sql) in enumerate(noted):
        if not home.place(told).exists():
            continue
        kept = part / f"kept-{number:05d}.parquet"
        own = engine.execute(
            f"create or replace temp table own as select * from ({rows_at(rows_sql, home.place(told))})"
            f" where {rows}",
            gone.bound(rows),
        )
        own.execute(f"copy own to {literal(str(kept))} (compression zstd)")
        own_file = OwnFile.at(kept)
        engine.execute(
            "insert into own_rows values (?, ?, ?, ?, ?, ?)",
            [
                identity,
                home.told(settled / kept.name),
                own_file.size,
                own_file.changed,
                own_file.crc,
                f"select * from {scan(ITS_PLACE)}",
            ],
        )
