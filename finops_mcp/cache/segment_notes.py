"""What a loaded delivery says of itself: what it holds, what it lacks, where its files drift apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import scan
from finops_mcp.cache.home import home_of
from finops_mcp.cache.own_files import OwnFile
from finops_mcp.exports.dialects import Dialect
from finops_mcp.exports.line_items import FileColumns, absent_columns, own_columns, own_rows, unknown_columns
from finops_mcp.exports.manifests import Delivery

MEASURES = (
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "x_unblended_cost",
    "x_net_unblended_cost",
    "x_amortized_cost",
    "x_net_amortized_cost",
    "x_public_on_demand_cost",
    "x_blended_cost",
)
NOTES = (
    "delivery",
    "delivery_periods",
    "drift",
    "unknown_types",
    "split_charges",
    "own_rows",
    "own_columns",
    "data_tests",
)
"""The tables of notes, each with the delivery in x_delivery, so that a generation can gather them."""

ITS_PLACE = Path("\x1a")
"""Stands for the file in a note, so that a home may be moved: no name or tag holds this character."""

_TABLES = """
create table delivery (
    x_delivery varchar, export varchar, dialect varchar, execution_id varchar, layout varchar,
    lacks map(varchar, varchar[]), no_net boolean, tells varchar, billing_period date, told bigint
);
create table drift (x_delivery varchar, file varchar, kind varchar, columns varchar[]);
create table own_rows (
    x_delivery varchar, path varchar, size bigint, changed bigint, crc varchar, rows_sql varchar
);
create table own_columns (x_delivery varchar, position integer, name varchar, kind varchar, present boolean);
create table split_charges (x_delivery varchar, charges bigint, unblended_cost decimal(38, 12));
create table data_tests (
    x_delivery varchar, name varchar, billing_period_start timestamp, billing_account_id varchar,
    off_by decimal(38, 12), tolerance decimal(38, 12)
);
"""
_UNKNOWN_TYPES = """
create table unknown_types as
select
    x_delivery, billing_period_start, x_charge_type, count(*) as charges, sum(billed_cost) as billed_cost
from charges
where x_charge_group = 'unknown'
group by all
"""


@dataclass(frozen=True)
class Readable:
    """A delivered file that can be read by column: as it was delivered, or unpacked and kept."""

    key: str
    path: Path
    columns: FileColumns

    def settled(self, building: Path, settled: Path) -> Path:
        """Say where it will lie once the folder that is being built has its final name."""
        return settled / self.path.name if self.path.parent == building else self.path


def write_notes(
    engine: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    dialect: Dialect,
    readable: Sequence[Readable],
    identity: str,
    *,
    building: Path,
    settled: Path,
) -> None:
    """Write the notes of a delivery beside its charges, as they will be true in the settled folder."""
    present = sorted({name for f in readable for name in f.columns.named(dialect.shape)})
    engine.execute(_TABLES)
    count_charges(engine)
    kinds = [kind for (kind,) in engine.execute("select distinct x_charge_type from charges").fetchall()]
    engine.execute(
        "insert into delivery values ($id, $export, $dialect, $execution, $layout, $lacks, $no_net,"
        f" $tells, $period, (select count(*) from {delivery.tells}))",
        {
            "id": identity,
            "export": delivery.export,
            "dialect": dialect.name,
            "execution": delivery.execution_id,
            "layout": delivery.layout,
            "lacks": dialect.lacks(present, kinds),
            "no_net": bool(readable) and not _shows_net(engine, dialect),
            "tells": delivery.tells,
            "period": delivery.billing_period,
        },
    )
    _note_drift(engine, dialect, readable, present, identity)
    if delivery.tells != "charges":
        if readable:
            _test(engine, identity, dialect.checks_sql)
        return
    home = home_of(settled)
    places = {f.key: home.told(f.settled(building, settled)) for f in readable}
    _note_own_rows(engine, dialect, readable, present, identity, places)
    if readable:
        for checks in (dialect.checks_sql, files(__package__).joinpath("checks.sql").read_text()):
            _test(engine, identity, checks)
    if dialect.kept_apart_sql and readable:
        engine.execute(
            f"insert into split_charges select $id, * from ({dialect.kept_apart_sql}) where charges > 0",
            {"id": identity},
        )


def _test(engine: duckdb.DuckDBPyConnection, identity: str, checks: str) -> None:
    engine.execute(
        "insert into data_tests select $id, name, billing_period_start, billing_account_id,"
        f" off_by, tolerance from ({checks})",
        {"id": identity},
    )


def _shows_net(engine: duckdb.DuckDBPyConnection, dialect: Dialect) -> bool:
    """Tell whether private discounts are visible: AWS fills its net columns only where there are some."""
    if dialect.net_column is None:
        return True
    ((filled,),) = engine.execute(f"select count({dialect.net_column}) from line_items").fetchall()
    return bool(filled)


def count_charges(engine: duckdb.DuckDBPyConnection) -> None:
    """Write the notes that only the charges say."""
    engine.execute(_UNKNOWN_TYPES)
    sums = ", ".join(f"sum({m}) as {m}" for m in MEASURES)
    nulls = ", ".join(f"'{m}': count(*) filter (where {m} is null)" for m in MEASURES)
    engine.execute(
        "create table delivery_periods as select x_delivery, billing_period_start, billing_account_id,"
        f" billing_currency, sum(x_line_items) as charges, {sums}, map {{{nulls}}} as unknown_amounts,"
        " min(charge_period_start) as first_charge, max(charge_period_start) as last_charge,"
        " count(*) filter (where invoice_id is null and coalesce(x_billing_entity, 'AWS') = 'AWS')"
        " as uninvoiced,"
        " count(invoice_id) as invoiced, count(resource_id) as with_resource,"
        " count(distinct invoice_id) as invoices,"
        " count(*) filter (where x_charge_group = 'discount') as discounts"
        " from charges group by all"
    )


def _note_drift(
    engine: duckdb.DuckDBPyConnection,
    dialect: Dialect,
    readable: Sequence[Readable],
    present: Sequence[str],
    identity: str,
) -> None:
    for file in readable:
        absent = [c for c in absent_columns(dialect, file.columns) if c in present]
        for kind, columns in (("absent", absent), ("unknown", unknown_columns(dialect, file.columns))):
            if columns:
                engine.execute("insert into drift values (?, ?, ?, ?)", [identity, file.key, kind, columns])


def _note_own_rows(
    engine: duckdb.DuckDBPyConnection,
    dialect: Dialect,
    readable: Sequence[Readable],
    present: Sequence[str],
    identity: str,
    places: Mapping[str, str],
) -> None:
    """Note how each file is read under the export's own names, and how it looked when it was loaded."""
    columns = own_columns(dialect, [f.columns for f in readable])
    engine.execute(
        "insert into own_columns select $id, unnest(range(len($names))), unnest($names), unnest($kinds),"
        " list_contains($present, unnest($names))",
        {
            "id": identity,
            "names": list(columns),
            "kinds": list(columns.values()),
            "present": list(present),
        },
    )
    for file in readable:
        own = OwnFile.at(file.path)
        rows = own_rows(dialect, file.columns, scan(ITS_PLACE), columns)
        engine.execute(
            "insert into own_rows values (?, ?, ?, ?, ?, ?)",
            [identity, places[file.key], own.size, own.changed, own.crc, rows],
        )


def rows_at(rows_sql: str, place: Path) -> str:
    """Write a note of own rows as the SELECT that reads them from where the file lies now."""
    return rows_sql.replace(scan(ITS_PLACE), scan(place))
