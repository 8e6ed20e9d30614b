"""Whose rows does a downloaded file hold?"""

from pathlib import Path

import duckdb

from finops_mcp.cache.engine import scan
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.exports.line_items import quoted
from finops_mcp.exports.manifests import DATA_FILE
from finops_mcp.exports.whose import month_of, owners_in_text, whose


def owners_in(path: Path, files: MirrorFiles) -> set[tuple[str, str]]:
    """List the accounts and months of the rows in a file; its path says the month where its rows do not.

    Raises MirrorSealed, Broken.
    """
    if not DATA_FILE.search(path.name):
        return set()
    of_path = month_of(path.relative_to(files.home.mirror)) or ""
    with files.plain(path) as plain:
        found = owners_in_parquet(plain) if path.name.endswith(".parquet") else owners_in_text(plain)
    return {(account, month or of_path) for account, month in found} | {("", of_path)}


def owners_in_parquet(path: Path) -> set[tuple[str, str]]:
    """List the accounts and months of the rows in a Parquet file."""
    with duckdb.connect() as engine:
        described = engine.execute(f"describe select * from {scan(path)}").fetchall()
        columns = whose([str(name) for name, *_ in described])
        months = [f"cast({quoted(name)} as varchar)[:7]" for name in columns.months] or ["''"]
        found: set[tuple[str, str]] = set()
        for name in columns.accounts:
            rows = engine.execute(
                f"select distinct coalesce(cast({quoted(name)} as varchar), ''), coalesce({months[0]}, '')"
                f" from {scan(path)}"
            )
            found.update((str(account), str(month)) for account, month in rows.fetchall())
    return found
