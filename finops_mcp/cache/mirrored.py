"""Whose are the files that were downloaded, and which of them go?"""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import scan
from finops_mcp.cache.forgotten import Forgotten
from finops_mcp.cache.gone import Gone
from finops_mcp.cache.home import Home
from finops_mcp.cache.mirror_files import MirrorFiles, mirrored
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.cache.records import Records
from finops_mcp.exports.line_items import quoted
from finops_mcp.exports.manifests import DATA_FILE
from finops_mcp.exports.sealed import Broken
from finops_mcp.exports.whose import month_of, owners_in_text, whose

_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_DAMAGED = (duckdb.Error, OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error, zipfile.BadZipFile)


def take_out_of_mirror(files: MirrorFiles, forgotten: Forgotten, gone: Gone, *, reading: bool = True) -> None:
    """Remove every downloaded file that holds any of it: the segments have what else was in them.

    What cannot be read goes too, since nobody can tell whose it is: it can be fetched again. Without
    `reading`, only what paths and manifests say is looked at. Raises MirrorSealed.
    """
    home = files.home
    if not forgotten.accounts and not forgotten.months:
        return
    quarantined = {path_in_mirror(home, q.source, q.key) for q in Quarantine(home).held()}
    going = [
        path
        for path in mirrored(home)
        if _is_told(path, files, forgotten) or (reading and _holds(path, files, forgotten, quarantined))
    ]
    remove_from_mirror(home, going, gone)


def remove_from_mirror(home: Home, paths: Iterable[Path], gone: Gone) -> None:
    """Remove files from the mirror and from the records of what was fetched, and note them as gone."""
    removed = set(paths)
    if not removed:
        return
    note_files(home, removed, gone)
    for path in removed:
        path.unlink()
    with Records(home) as records:
        recorded = [
            (f.place, f.key) for f in records.files() if path_in_mirror(home, f.place, f.key) in removed
        ]
        if recorded:
            records.forget_files(recorded)


def note_files(home: Home, paths: Iterable[Path], gone: Gone) -> None:
    """Note that downloaded files go."""
    for path in sorted(paths):
        kind = "downloads cut or set aside" if path.name.startswith(".") else "downloaded files"
        gone.add(kind, home.told(path), size=path.stat().st_size)


def path_in_mirror(home: Home, address: str, key: str) -> Path | None:
    """Say where an object of a store is mirrored; a file of a folder is read where it lies."""
    if not address.startswith("s3://"):
        return None
    whole = f"{address.removeprefix('s3://')}/{key}"
    return home.mirror.joinpath(*(part for part in whole.split("/") if part not in {"", "."}))


def _is_told(path: Path, files: MirrorFiles, forgotten: Forgotten) -> bool:
    """Tell by its path, or by what a manifest says, that a file is to go."""
    place = path.relative_to(files.home.mirror)
    said = place.as_posix()
    if not DATA_FILE.search(path.name) and not path.name.startswith("."):
        with suppress(Broken):  # what does not open names nobody to anybody
            said += files.read(path).decode(errors="replace")
    return (month_of(place) or "") in forgotten.months or any(map(forgotten.has, _ACCOUNT.findall(said)))


def _holds(path: Path, files: MirrorFiles, forgotten: Forgotten, quarantined: set[Path | None]) -> bool:
    """Tell by its rows that a file is to go."""
    month = month_of(path.relative_to(files.home.mirror))
    if path.name.startswith(".") or path in quarantined:
        return bool(forgotten.accounts) or month is None
    if not DATA_FILE.search(path.name):
        return False
    try:
        with files.plain(path) as plain:
            return any(forgotten.has(account, of or month or "") for account, of in _owners_in(plain))
    except (*_DAMAGED, Broken):
        return True


def _owners_in(path: Path) -> Iterator[tuple[str, str]]:
    """List the accounts and months of the rows in a file."""
    if not path.name.lower().endswith(".parquet"):
        yield from owners_in_text(path)
        return
    with duckdb.connect() as engine:
        described = engine.execute(f"describe select * from {scan(path)}").fetchall()
        columns = whose([str(name) for name, *_ in described])
        month = f"cast({quoted(columns.months[0])} as varchar)[:7]" if columns.months else "''"
        for name in columns.accounts:
            rows = engine.execute(
                f"select distinct coalesce(cast({quoted(name)} as varchar), ''), coalesce({month}, '')"
                f" from {scan(path)}"
            )
            yield from ((str(account), str(of)) for account, of in rows.fetchall())
