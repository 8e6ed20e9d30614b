"""One delivery, loaded: its charges in an immutable file of their own, which generations share."""

import csv
import gzip
import shutil
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits, connect, scan
from finops_mcp.errors import ExportDamaged, FileUnreadable, ValueUnreadable
from finops_mcp.exports.dialects import Dialect, recognise
from finops_mcp.exports.line_items import (
    FileColumns,
    absent_columns,
    exact_rows,
    own_columns,
    own_rows,
    quoted,
    unknown_columns,
)
from finops_mcp.exports.manifests import Delivery

_MAPS = ("resource_tags", "tags", "cost_category", "Tags", "x_CostCategories")
MEASURES = (
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "x_unblended_cost",
    "x_net_unblended_cost",
    "x_amortized_cost",
    "x_net_amortized_cost",
)


@dataclass(frozen=True)
class DataFile:
    """A delivered file on this machine: the key it was delivered under, and where it can be read."""

    key: str
    path: Path


@dataclass(frozen=True)
class _Readable:
    key: str
    path: Path
    columns: FileColumns


def schema_sql() -> str:
    """Give the statement that makes the canonical table."""
    return files(__package__).joinpath("schema.sql").read_text()


def build_segment(
    delivery: Delivery,
    delivered: Sequence[DataFile],
    *,
    identity: str,
    folder: Path,
    limits: EngineLimits,
    loaded: Callable[[str], None] = lambda _: None,
) -> None:
    """Load one delivery into `folder`/charges.duckdb, beside the rows that the view `cur` reads.

    Raises FileUnreadable, ColumnMissing, ValueUnreadable; the folder is then to be thrown away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with connect(limits, folder / "charges.duckdb") as engine:
        readable = []
        for file in delivered:
            try:
                readable.append(_readable(engine, file, folder))
            except (duckdb.Error, OSError, EOFError, zipfile.BadZipFile, UnicodeDecodeError) as error:
                raise FileUnreadable(file.key, _first_line(error)) from error
            loaded(file.key)
        dialect = _dialect(delivery, readable)
        engine.execute(schema_sql())
        if readable:
            _load(engine, dialect, readable, identity)
        _describe(engine, delivery, dialect, readable, identity)
        engine.execute("checkpoint")


def _readable(engine: duckdb.DuckDBPyConnection, file: DataFile, folder: Path) -> _Readable:
    """Make a file readable by column: Parquet as it lies, text verified, unpacked and kept as Parquet."""
    path = file.path
    if not path.name.lower().endswith(".parquet"):
        path = _kept_text(engine, file, folder)
    types = {
        str(name): str(kind)
        for name, kind, *_ in engine.execute(f"describe select * from {scan(path)}").fetchall()
    }
    keys = {}
    for name in _MAPS:
        if name in types:
            as_map = f"cast(nullif({name}, '') as json)" if types[name] == "VARCHAR" else name
            found = engine.execute(
                f"select distinct unnest(map_keys(cast({as_map} as map(varchar, varchar)))) as key"
                f" from {scan(path)} order by key"
            ).fetchall()
            keys[name] = [str(key) for (key,) in found]
    return _Readable(file.key, path, FileColumns(types, keys))


def _kept_text(engine: duckdb.DuckDBPyConnection, file: DataFile, folder: Path) -> Path:
    """Keep a text file as Parquet, every column as text; the archive is read to its end and checked."""
    plain = folder / "unpacked.csv"
    name = file.path.name.lower()
    with plain.open("wb") as unpacked:
        if name.endswith(".gz"):
            with gzip.open(file.path) as packed:
                shutil.copyfileobj(packed, unpacked, 1 << 20)
        elif name.endswith(".zip"):
            with zipfile.ZipFile(file.path) as archive:
                for member in archive.namelist():
                    with archive.open(member) as packed:
                        shutil.copyfileobj(packed, unpacked, 1 << 20)
        else:
            with file.path.open("rb") as packed:
                shutil.copyfileobj(packed, unpacked, 1 << 20)
    with plain.open(newline="", encoding="utf-8-sig") as text:
        header = next(csv.reader(text), [])
    kept = folder / f"{len(list(folder.glob('text-*.parquet'))):05d}.parquet"
    kept = kept.with_name(f"text-{kept.name}")
    engine.execute(
        f"copy (select * from {scan(plain, text=True, columns=header)}) to '{kept}' (compression zstd)"
    )
    plain.unlink()
    return kept


def _dialect(delivery: Delivery, readable: Sequence[_Readable]) -> Dialect:
    dialects = [recognise(f.key, list(f.columns.types), delivery.layout) for f in readable]
    for file, dialect in zip(readable, dialects, strict=True):
        if dialect.shape != dialects[0].shape:
            raise FileUnreadable(
                file.key, f"it is {dialect.name} while {readable[0].key} is {dialects[0].name}; load them apart"
            )
    if not dialects:
        raise FileUnreadable(delivery.manifest, "it names no data file")
    return dialects[0]


def _load(
    engine: duckdb.DuckDBPyConnection, dialect: Dialect, readable: Sequence[_Readable], identity: str
) -> None:
    rows = " union all ".join(exact_rows(dialect, f.columns, scan(f.path)) for f in readable)
    engine.execute(f"create temp view line_items as {rows}")
    try:
        engine.execute(
            f"insert into charges by name select *, $identity as x_delivery from ({dialect.sql})",
            {"identity": identity},
        )
    except duckdb.Error as error:
        raise _named_culprit(engine, dialect, readable) or FileUnreadable(
            readable[0].key, _first_line(error)
        ) from error


def _named_culprit(
    engine: duckdb.DuckDBPyConnection, dialect: Dialect, readable: Sequence[_Readable]
) -> ExportDamaged | None:
    """Find the column whose values would not be read, since the engine names neither file nor column."""
    for file in readable:
        here = file.columns.named(dialect.shape)
        for name, kind in dialect.columns.items():
            if name not in here or kind not in {"double", "timestamp"}:
                continue
            column = quoted(here[name])
            wanted = "decimal(38, 12)" if kind == "double" else kind
            with suppress(duckdb.Error):
                count, example = engine.execute(
                    f"select count(*), any_value(cast({column} as varchar)) from {scan(file.path)}"
                    f" where nullif(cast({column} as varchar), '') is not null"
                    f" and try_cast({column} as {wanted}) is null"
                ).fetchall()[0]
                if count:
                    return ValueUnreadable(file.key, name, count, str(example))
    return None


def _describe(
    engine: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    dialect: Dialect,
    readable: Sequence[_Readable],
    identity: str,
) -> None:
    """Write down what the delivery holds, what it lacks, and where its files drift apart."""
    present = sorted({name for f in readable for name in f.columns.named(dialect.shape)})
    engine.execute(
        "create table delivery (x_delivery varchar, export varchar, dialect varchar, execution_id varchar,"
        " layout varchar, lacks map(varchar, varchar[]), no_net boolean)"
    )
    engine.execute(
        "insert into delivery values ($id, $export, $dialect, $execution, $layout, $lacks, $no_net)",
        {
            "id": identity,
            "export": delivery.export,
            "dialect": dialect.name,
            "execution": delivery.execution_id,
            "layout": delivery.layout,
            "lacks": dialect.lacks(present),
            "no_net": dialect.shape == "cur" and "line_item_net_unblended_cost" not in present,
        },
    )
    engine.execute("create table drift (x_delivery varchar, file varchar, kind varchar, columns varchar[])")
    for file in readable:
        absent = [c for c in absent_columns(dialect, file.columns) if c in present]
        for kind, columns in (("absent", absent), ("unknown", unknown_columns(dialect, file.columns))):
            if columns:
                engine.execute("insert into drift values (?, ?, ?, ?)", [identity, file.key, kind, columns])
    columns = own_columns(dialect, [f.columns for f in readable])
    engine.execute("create table own_rows (x_delivery varchar, path varchar, size bigint, changed bigint, rows_sql varchar)")
    engine.execute("create table own_columns (position integer, name varchar, kind varchar, present boolean)")
    engine.executemany(
        "insert into own_columns values (?, ?, ?, ?)",
        [[i, n, k, n in present] for i, (n, k) in enumerate(columns.items())],
    )
    for file in readable:
        stat = file.path.stat()
        engine.execute(
            "insert into own_rows values (?, ?, ?, ?, ?)",
            [
                identity,
                str(file.path),
                stat.st_size,
                stat.st_mtime_ns,
                own_rows(dialect, file.columns, scan(file.path), columns),
            ],
        )
    sums = ", ".join(f"sum({m}) as {m}" for m in MEASURES)
    nulls = ", ".join(f"'{m}': count(*) filter (where {m} is null)" for m in MEASURES)
    engine.execute(
        "create table delivery_periods as select x_delivery, billing_period_start, billing_account_id,"
        f" billing_currency, count(*) as charges, {sums}, map {{{nulls}}} as unknown_amounts,"
        " min(charge_period_start) as first_charge, max(charge_period_start) as last_charge,"
        " count(*) filter (where invoice_id is null and coalesce(x_billing_entity, 'AWS') = 'AWS') as uninvoiced,"
        " count(invoice_id) as invoiced,"
        " count(resource_id) as with_resource"
        " from charges group by all"
    )
    engine.execute(
        "create table unknown_types as select x_delivery, billing_period_start, x_charge_type,"
        " count(*) as charges, sum(billed_cost) as billed_cost from charges"
        " where x_charge_group = 'unknown' group by all"
    )
    engine.execute("create table split_charges (x_delivery varchar, charges bigint, unblended_cost decimal(38, 12))")
    if readable:
        lines, charges = (
            engine.execute(f"select count(*) from {table}").fetchall()[0][0] for table in ("line_items", "charges")
        )
        if lines != charges:
            total = engine.execute(
                "select sum(line_item_unblended_cost) from line_items"
                " where line_item_operation in ('EKSPod-EC2', 'ECSTask-EC2')"
            ).fetchall()[0][0]
            engine.execute("insert into split_charges values (?, ?, ?)", [identity, lines - charges, total])


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
