"""One delivery, loaded: its charges in an immutable file of their own, which generations share."""

import csv
import gzip
import shutil
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits, connect, scan, scan_text
from finops_mcp.cache.segment_notes import Readable, write_notes
from finops_mcp.errors import ExportDamaged, FileUnreadable, ValueUnreadable
from finops_mcp.exports.dialects import (
    BESIDE_COST,
    POOLS_SQL,
    PREFERENCE,
    Dialect,
    recognise,
    recognised_beside_cost,
    texts_of_nothing,
)
from finops_mcp.exports.line_items import MAP_COLUMNS, MONEY, FileColumns, exact_rows, literal, quoted
from finops_mcp.exports.manifests import Delivery
from finops_mcp.exports.sealed import Broken, FileKey, unseal

_UNREADABLE = (
    duckdb.Error,
    Broken,
    OSError,
    EOFError,
    UnicodeDecodeError,
    csv.Error,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,  # zip: a compression nobody here knows, or a password
)
_MAPS = {name.lower() for name in MAP_COLUMNS}


@dataclass(frozen=True)
class DataFile:
    """A delivered file on this machine: the key it was delivered under, and where it can be read."""

    key: str
    path: Path
    opens: FileKey | None = None
    """What opens it where it lies sealed."""


def schema_sql(tells: str = "charges") -> str:
    """Give the statement that makes a table: of charges, of commitments, of what is told beside."""
    name = "schema.sql" if tells == "charges" else f"{tells}.sql"
    return files(__package__).joinpath(name).read_text()


def build_segment(
    delivery: Delivery,
    delivered: Sequence[DataFile],
    *,
    identity: str,
    folder: Path,
    settled: Path,
    limits: EngineLimits,
    loaded: Callable[[str], None] = lambda _: None,
) -> None:
    """Load one delivery into `folder`/charges.duckdb, beside the rows that the view `cur` reads.

    The folder is renamed to `settled` when it is whole.

    Raises FileUnreadable, ColumnMissing, ValueUnreadable; the folder is then to be thrown away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with connect(limits, folder / "charges.duckdb") as engine:
        readable = []
        for file in delivered:
            try:
                readable.append(_readable(engine, file, folder))
            except _UNREADABLE as error:
                raise FileUnreadable(file.key, _first_line(error)) from error
            loaded(file.key)
        dialect = _dialect(delivery, readable)
        engine.execute(schema_sql())
        engine.execute(schema_sql("commitment_terms"))
        engine.execute(schema_sql("container_usage"))
        if delivery.tells != "charges":
            engine.execute(schema_sql(delivery.tells))
        if readable:
            _load(engine, dialect, readable, identity, delivery.tells)
            _check_times(engine, dialect, readable)
        write_notes(engine, delivery, dialect, readable, identity, building=folder, settled=settled)
        engine.execute("checkpoint")


def _readable(engine: duckdb.DuckDBPyConnection, file: DataFile, folder: Path) -> Readable:
    """Make a file readable by column: Parquet as it lies, text verified, unpacked and kept as Parquet."""
    path = _plain(file, folder)
    if not path.name.lower().endswith(".parquet"):
        delivered, path = path, _kept_text(engine, path, folder)
        if delivered.parent == folder:
            delivered.unlink()
    types = {
        str(name): str(kind)
        for name, kind, *_ in engine.execute(f"describe select * from {scan(path)}").fetchall()
    }
    keys = {}
    for name, kind in types.items():
        if name.lower() in _MAPS:
            as_map = f"cast(nullif({quoted(name)}, '') as json)" if kind == "VARCHAR" else quoted(name)
            found = engine.execute(
                f"select distinct unnest(map_keys(cast({as_map} as map(varchar, varchar)))) as key"
                f" from {scan(path)} order by key"
            ).fetchall()
            keys[name] = [str(key) for (key,) in found]
    return Readable(file.key, path, FileColumns(types, keys))


def _plain(file: DataFile, folder: Path) -> Path:
    """Give a file that the engine can read; of a sealed one, a copy, which the view `cur` reads later."""
    if file.opens is None:
        return file.path
    number = len(list(folder.glob("unsealed-*")))
    return unseal(file.path, file.opens, folder / f"unsealed-{number:05d}{file.path.suffix}")


def _kept_text(engine: duckdb.DuckDBPyConnection, packed_file: Path, folder: Path) -> Path:
    """Keep a text file as Parquet, every column as text; the archive is read to its end and checked."""
    plain = folder / "unpacked.csv"
    name = packed_file.name.lower()
    with plain.open("wb") as unpacked:
        if name.endswith(".gz"):
            with gzip.open(packed_file) as packed:
                shutil.copyfileobj(packed, unpacked, 1 << 20)
        elif name.endswith(".zip"):
            with zipfile.ZipFile(packed_file) as archive:
                for member in archive.namelist():
                    with archive.open(member) as packed:
                        shutil.copyfileobj(packed, unpacked, 1 << 20)
        else:
            with packed_file.open("rb") as packed:
                shutil.copyfileobj(packed, unpacked, 1 << 20)
    with plain.open(newline="", encoding="utf-8-sig") as text:
        header = _apart(next(csv.reader(text), []))
    kept = folder / f"{len(list(folder.glob('text-*.parquet'))):05d}.parquet"
    kept = kept.with_name(f"text-{kept.name}")
    rows = scan_text(plain, header, texts_of_nothing(header))
    engine.execute(f"copy (select * from {rows}) to {literal(str(kept))} (compression zstd)")
    plain.unlink()
    return kept


def _apart(header: Sequence[str]) -> list[str]:
    """Tell columns apart that only case does, as two tags may; the sign added is lost again when spelled."""
    found: list[str] = []
    seen: set[str] = set()
    for name in header:
        other = name
        while other.lower() in seen:
            other += "_"
        seen.add(other.lower())
        found.append(other)
    return found


def _dialect(delivery: Delivery, readable: Sequence[Readable]) -> Dialect:
    if delivery.tells != "charges":
        for file in readable:
            recognised_beside_cost(file.key, list(file.columns.types), delivery.tells)
        return BESIDE_COST[delivery.tells]
    dialects = [recognise(f.key, list(f.columns.types), delivery.layout) for f in readable]
    for file, dialect in zip(readable, dialects, strict=True):
        if dialect.shape != dialects[0].shape:
            raise FileUnreadable(
                file.key,
                f"it is {dialect.name} while {readable[0].key} is {dialects[0].name}; load them apart",
            )
    if not dialects:
        raise FileUnreadable(delivery.manifest, "it names no data file")
    return min(dialects, key=PREFERENCE.index)


def _load(
    engine: duckdb.DuckDBPyConnection,
    dialect: Dialect,
    readable: Sequence[Readable],
    identity: str,
    tells: str,
) -> None:
    rows = " union all ".join(
        exact_rows(dialect, columns, scan(*paths)) for columns, paths in _alike(readable)
    )
    try:
        engine.execute(f"create temp view line_items as {rows}")
        rows = f"with delivered as ({dialect.sql}) {POOLS_SQL}" if tells == "charges" else dialect.sql
        _insert(engine, tells, rows, identity)
        if tells != "charges":
            return
        if dialect.commitments_sql:
            _insert(engine, "commitment_terms", dialect.commitments_sql, identity)
        if dialect.containers_sql:
            _insert(engine, "container_usage", dialect.containers_sql, identity)
        unused = files(__package__).joinpath("unused.sql").read_text()
        engine.execute(f"insert into charges by name {unused}")
    except duckdb.Error as error:
        raise _culprit(engine, dialect, readable) or FileUnreadable(
            readable[0].key, _first_line(error)
        ) from error


def _insert(engine: duckdb.DuckDBPyConnection, table: str, rows: str, identity: str) -> None:
    engine.execute(
        f"insert into {table} by name select *, $identity as x_delivery from ({rows})",
        {"identity": identity},
    )


def _alike(readable: Sequence[Readable]) -> list[tuple[FileColumns, list[Path]]]:
    """Put files of the same columns together: the engine reads many files faster than it joins many reads."""
    groups: dict[tuple[tuple[str, str], ...], list[Readable]] = {}
    for file in readable:
        groups.setdefault(tuple(file.columns.types.items()), []).append(file)
    return [(_joined(files), [f.path for f in files]) for files in groups.values()]


def _joined(files: Sequence[Readable]) -> FileColumns:
    keys: dict[str, set[str]] = {}
    for file in files:
        for name, found in file.columns.map_keys.items():
            keys.setdefault(name, set()).update(found)
    return FileColumns(files[0].columns.types, {name: sorted(found) for name, found in keys.items()})


def _culprit(
    engine: duckdb.DuckDBPyConnection, dialect: Dialect, readable: Sequence[Readable]
) -> ExportDamaged | None:
    """Find the column whose values would not be read, since the engine names neither file nor column."""
    # Parquet's statistics leave NaN out, and the engine, believing them, would find none.
    engine.execute("set disabled_optimizers = 'statistics_propagation'")
    for file in readable:
        here = file.columns.named(dialect.shape)
        for name, kind in dialect.columns.items():
            if name not in here or kind not in {"double", "timestamp"}:
                continue
            column = quoted(here[name])
            wanted = MONEY if kind == "double" else kind
            with suppress(duckdb.Error):
                count, example = engine.execute(
                    f"select count(*), any_value(cast({column} as varchar)) from {scan(file.path)}"
                    f" where nullif(cast({column} as varchar), '') is not null"
                    f" and try_cast({column} as {wanted}) is null"
                ).fetchall()[0]
                if count:
                    return ValueUnreadable(file.key, name, count, str(example))
    return None


def _check_times(engine: duckdb.DuckDBPyConnection, dialect: Dialect, readable: Sequence[Readable]) -> None:
    """Refuse charges of no month or day: no question could ever find them."""
    lost = "billing_period_start is null or charge_period_start is null"
    if engine.execute(f"select count(*) from charges where {lost}").fetchall() == [(0,)]:
        return
    for file in readable:
        here = file.columns.named(dialect.shape)
        for name in dialect.required:
            if dialect.columns[name] == "timestamp":
                text = f"nullif(cast({quoted(here[name])} as varchar), '')"
                count = engine.execute(
                    f"select count(*) from {scan(file.path)} where {text} is null"
                ).fetchall()[0][0]
                if count:
                    raise ValueUnreadable(file.key, name, count, "")
    raise FileUnreadable(readable[0].key, "some of its charges have no month or no day")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
