"""One way to open the engine: the same settings everywhere, so that the same question has one answer."""

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class EngineLimits:
    """How much of the machine the engine may use, and where it may spill."""

    memory_limit: str = "4GB"
    threads: int = 2
    spill: Path | None = None


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
            "temp_directory": str(limits.spill) if limits.spill else "",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    return prepared(connection)


def prepared(cursor: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Set what belongs to a connection and not to the engine; a cursor is a connection of its own."""
    cursor.execute("set TimeZone = 'UTC'")
    cursor.execute("set enable_progress_bar = false")
    cursor.execute("set python_enable_replacements = false")
    return cursor


def scan(path: Path, *, text: bool = False, columns: list[str] | None = None) -> str:
    """Write the table function that reads one data file; a text file is read as text, column by column."""
    where = "'" + str(path).replace("'", "''") + "'"
    if not text:
        return f"read_parquet({where})"
    names = ", ".join(f"'{c.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for c in columns or ())
    return (
        f"read_csv({where}, columns = {{{names}}}, header = true, auto_detect = false, delim = ',',"
        " quote = '\"', escape = '\"', nullstr = ['', 'NULL'], max_line_size = 16777216)"
    )
