"""One way to open the engine: the same settings everywhere, so that the same question has one answer."""

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

_NUMBER = itertools.count()
_CORRUPT = (
    "Corrupt database file",
    "not a valid DuckDB database file",
    "Could not read enough bytes",
    "Could not read all bytes",
    "Cannot open file",
    "Cannot open database",
)
_SIZE = re.compile(r"([0-9.]+)\s*([A-Za-z]+)")
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}


@dataclass(frozen=True)
class EngineLimits:
    """How much of the machine the engine may use, and where it may spill."""

    memory_limit: str = "4GB"
    threads: int = 2
    spill: Path | None = None

    @property
    def memory_bytes(self) -> int | None:
        """How much memory that is; nothing where it is said in another way, such as in percent."""
        size = _SIZE.fullmatch(self.memory_limit.strip())
        unit = _UNITS.get(size[2].upper()) if size else None
        return int(float(size[1]) * unit) if size and unit else None

    def share(self, of: int) -> "EngineLimits":
        """Give one of several engines that work at once its part."""
        if of == 1:
            return self
        size = _SIZE.fullmatch(self.memory_limit.strip())
        return EngineLimits(
            memory_limit=f"{float(size[1]) / of:.3f}{size[2]}" if size else self.memory_limit,
            threads=max(self.threads // of, 1),
            spill=self.spill,
        )


@dataclass(frozen=True)
class SqlLimits:
    """How long, how large and how much: what one statement of a caller's own may take."""

    seconds: float = 20
    memory_mb: int = 1024
    rows: int = 1000
    threads: int = 2


def connect(limits: EngineLimits, path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory engine, or the file at `path` for writing.

    Times are UTC whatever the machine's zone; nothing is ever printed (stdout belongs to the protocol);
    Python objects are never scanned.
    """
    connection = duckdb.connect(
        str(path or ":memory:"),
        config={
            "threads": limits.threads,
            "memory_limit": limits.memory_limit,
            "temp_directory": str(_own_spill(limits.spill)) if limits.spill else "",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        },
    )
    connection.execute("set global TimeZone = 'UTC'")  # refused at opening: ICU comes later
    return prepared(connection)


def _own_spill(spill: Path) -> Path:
    """Name a place of its own, so that what a killed process left is told from what the living use."""
    return spill / f"{os.getpid()}-{next(_NUMBER)}"


def prepared(cursor: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Set what cannot be set for a whole engine; a cursor is a connection of its own."""
    cursor.execute("set enable_progress_bar = false")
    return cursor


def is_corrupt(said: str) -> bool:
    """Tell whether an error of the engine says that a file of the cache is not as it was written.

    Every block has a checksum, and so have the headers; they are compared whenever a block is read.
    """
    return any(sign in said for sign in _CORRUPT)


def scan(*paths: Path) -> str:
    """Write the table function that reads Parquet files of the same columns.

    Only the files speak: a folder named as Hive does (BILLING_PERIOD=2026-01) adds no column of its own.
    """
    return f"read_parquet([{', '.join(_text(str(p)) for p in paths)}], hive_partitioning = false)"


def scan_text(path: Path, columns: Sequence[str], absent: Sequence[str], *, longest: int = 16 << 20) -> str:
    """Write the table function that reads a file of comma-separated values, every column as text.

    `absent` are the texts that stand for no value; `longest` is the size of a line in bytes, of which the
    engine holds many.
    """
    names = ", ".join(f"{_text(c)}: 'VARCHAR'" for c in columns)
    nothing = ", ".join(_text(a) for a in absent)
    return (
        f"read_csv({_text(str(path))}, columns = {{{names}}}, header = true, auto_detect = false,"
        f" delim = ',', quote = '\"', escape = '\"', nullstr = [{nothing}], max_line_size = {longest},"
        " hive_partitioning = false)"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
