"""Which files of a home name something? Looked for in their bytes and in what their readers make of them."""

import gzip
import zipfile
import zlib
from contextlib import nullcontext, suppress
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import scan
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.exports.line_items import literal
from finops_mcp.exports.sealed import Broken


def named_in(files: MirrorFiles, text: str) -> list[str]:
    """List the files that hold a text, in order, with the tables and columns that hold it.

    A file that its reader cannot read is told by its bytes alone; a sealed one that does not open tells
    nothing to anybody. Raises MirrorSealed.
    """
    found = []
    home = files.home
    for path in sorted(p for p in home.path.rglob("*") if p.is_file()):
        is_mirrored = path.is_relative_to(home.mirror)
        with suppress(Broken), files.plain(path) if is_mirrored else nullcontext(path) as plain:
            where = _where(plain, text)
            if where:
                found.append(f"{home.told(path)} ({', '.join(where)})")
            elif text.encode() in plain.read_bytes():
                found.append(home.told(path))
    return found


def _where(path: Path, text: str) -> list[str]:
    try:
        return _read(path, text)
    except (duckdb.Error, OSError, EOFError, zlib.error, zipfile.BadZipFile):
        return []


def _read(path: Path, text: str) -> list[str]:
    name = path.name.lower()
    if name.endswith((".duckdb", ".parquet")):
        return _columns(path, text)
    if name.endswith(".gz"):
        with gzip.open(path) as packed:
            return ["packed"] if text.encode() in packed.read() else []
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            return [each for each in archive.namelist() if text.encode() in archive.read(each)]
    return []


def _columns(path: Path, text: str) -> list[str]:
    with duckdb.connect() as engine:
        if path.suffix == ".parquet":
            tables = {"": scan(path)}
        else:
            engine.execute(f"attach {literal(str(path))} as looked (read_only)")
            listed = engine.execute(
                "select table_name from duckdb_tables() where database_name = 'looked' order by 1"
            ).fetchall()
            tables = {f"{table}.": f"looked.{table}" for (table,) in listed}
        found = []
        for prefix, table in tables.items():
            held = engine.execute(
                f"select coalesce(bool_or(contains(columns(*)::varchar, $text)), false) from {table}",
                {"text": text},
            )
            names = [column for column, *_ in held.description or ()]
            (each,) = held.fetchall()
            found += [f"{prefix}{column}" for column, holds in zip(names, each, strict=True) if holds]
        return found
