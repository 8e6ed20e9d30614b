"""Is every file of the cache as it was written? What is not is never answered from, and is loaded anew."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import is_corrupt
from finops_mcp.cache.home import Home
from finops_mcp.cache.own_files import OwnFile
from finops_mcp.errors import CacheDamaged


@contextmanager
def told_when_damaged(home: Home) -> Iterator[None]:
    """Say in our own words that a file of the cache is damaged, and have the next refresh look for it."""
    try:
        yield
    except duckdb.Error as error:
        if not is_corrupt(str(error)):
            raise
        with suppress(OSError):
            home.suspect_note.touch(mode=0o600)
        raise CacheDamaged(str(error).partition("\n")[0]) from error


def damaged_files(home: Home) -> dict[Path, str]:
    """Read every file of the cache whole, and say of each that is not as it was written what is wrong."""
    files = [*home.generations.glob("cache-*.duckdb"), *home.segments.glob("[!.]*/charges.duckdb")]
    return {path: wrong for path in sorted(files) if (wrong := _wrong_with(path, home))}


def remove_damaged(home: Home) -> list[Path]:
    """Remove what is damaged, where anybody met damage since the last time; a refresh loads it anew."""
    if not home.suspect_note.exists():
        return []
    found = list(damaged_files(home))
    for path in found:
        if path.parent == home.generations:
            path.unlink()
        else:
            shutil.rmtree(path.parent)
    home.suspect_note.unlink()
    return found


def _wrong_with(path: Path, home: Home) -> str:
    """Read every row of a file: each block's checksum is compared as it is read.

    The exported rows that a segment reads are part of it, wherever they lie.
    """
    try:
        with duckdb.connect(str(path), read_only=True) as engine:
            engine.execute("set enable_progress_bar = false")
            tables = engine.execute("select table_name from duckdb_tables() where not temporary").fetchall()
            for (table,) in tables:
                engine.execute(f'select bit_xor(hash(t)) from "{table}" as t').fetchall()
            noted = (
                engine.execute("select path, size, changed, crc from own_rows order by path").fetchall()
                if path.parent != home.generations and ("own_rows",) in tables
                else []
            )
            for told, *was in noted:
                if OwnFile(str(home.place(told)), *was).has_turned():
                    return f"{told} has not the bytes that were loaded"
    except duckdb.Error as error:
        return str(error).partition("\n")[0]
    return ""
