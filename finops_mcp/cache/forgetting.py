"""Forget an account or a month: everywhere in the home, at once and for good, and say what went."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.forgotten import Forgotten
from finops_mcp.cache.generation import build_generation
from finops_mcp.cache.home import Home, current_generation
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.published import publish
from finops_mcp.cache.room import told_when_full
from finops_mcp.errors import NothingToForget
from finops_mcp.exports.sealed import Broken
from finops_mcp.settings import KeyPlace

_ENGINES_OWN = {".duckdb", ".parquet", ".gz", ".zip"}


@dataclass
class Gone:
    """What was removed, and what the home still says."""

    charges: int = 0
    deliveries: list[str] = field(default_factory=list)
    generations: int = 0
    mirrored: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    still_named_in: list[str] = field(default_factory=list)
    source: str = ""


def forget(
    home: Home,
    limits: EngineLimits,
    *,
    account: str = "",
    month: str = "",
    mirror_key: KeyPlace = KeyPlace(),  # noqa: B008 - it is immutable
) -> Gone:
    """Remove an account's rows (what it used and, as a payer, is billed) or a month's, everywhere here.

    No refresh brings them back. Exports that lie outside the home are not touched.

    Raises NothingToForget, RefreshRunning, NoRoom, MirrorSealed, MirrorKeyUnusable.
    """
    with home.refreshing(), told_when_full(home):
        files = MirrorFiles.with_key_of(home, mirror_key, makes=False)
        files.check()
        before = Forgotten.read(home)
        forgotten = before.with_more(account, month)
        gone = Gone(source=home.remembered_source())
        segments, passed_over = _present(home)
        counts = {s: _count(forgotten, s) for s in segments}
        affected = {s for s in segments if any(forgotten.in_segment(s))}
        gone.charges = sum(counts.values())
        gone.deliveries = sorted(_delivery(s) for s in affected)
        # Before anything is removed: killed from here on, the next refresh goes on where this ended.
        forgotten.write(home)
        # The own rows of what is left are copied from the downloaded files before those go.
        left = [forgotten.taken_out(s, limits) for s in segments]
        gone.mirrored = [home.told(p) for p in forgotten.take_out_of_mirror(files)]
        if affected:
            gone.generations = len(list(home.generations.glob("cache-*.duckdb")))
            _publish(home, [s for s in left if _holds_any(s)], passed_over, limits, gone.source)
        gone.reports = _remove_reports(home, account)
        gone.still_named_in = _named_in(files, account)
        if not (affected or gone.mirrored or gone.reports):
            before.write(home)
            raise NothingToForget(account or month, valid=[])
        return gone


def _present(home: Home) -> tuple[list[Path], list[str]]:
    path = current_generation(home)
    if path is None:
        return [], []
    with duckdb.connect(str(path), read_only=True) as engine:
        segments = [home.place(told) for (told,) in engine.execute("select path from segments").fetchall()]
        ((passed_over,),) = engine.execute("select passed_over from generation").fetchall()
    return segments, passed_over


def _publish(
    home: Home, segments: list[Path], passed_over: list[str], limits: EngineLimits, source: str
) -> None:
    if segments:
        built = build_generation(
            home, segments, source=source, passed_over=passed_over, limits=limits, from_nothing=True
        )
        publish(home, built, keep=1, evict=True)
        return
    home.pointer.unlink()
    for path in home.generations.iterdir():
        path.unlink()
    for folder in home.segments.iterdir():
        shutil.rmtree(folder)


def _count(forgotten: Forgotten, segment: Path) -> int:
    accounts, months = forgotten.in_segment(segment)
    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        tables = engine.execute("select table_name from duckdb_tables()").fetchall()
        table, counted = (
            ("charges_daily", "x_charges") if ("charges_daily",) in tables else ("charges", "x_line_items")
        )
        ((count,),) = engine.execute(
            f"select coalesce(sum({counted}), 0)::bigint from {table}"
            " where list_contains($accounts, coalesce(sub_account_id, ''))"
            " or list_contains($accounts, coalesce(billing_account_id, ''))"
            " or list_contains($months, strftime(billing_period_start, '%Y-%m'))",
            {"accounts": accounts, "months": months},
        ).fetchall()
    return int(count)


def _delivery(segment: Path) -> str:
    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        return str(engine.execute("select x_delivery from delivery").fetchall()[0][0])


def _holds_any(segment: Path) -> bool:
    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        return bool(engine.execute("select 1 from delivery_periods limit 1").fetchall())


def _remove_reports(home: Home, account: str) -> list[str]:
    removed = []
    for path in sorted(home.reports.glob("*.yaml")) if account else ():
        if account in path.read_text():
            path.unlink()
            removed.append(path.stem)
    return removed


def _named_in(kept: MirrorFiles, account: str) -> list[str]:
    """List what else of the home has the account's number in it: a CSV of the user's own, say."""
    if not account:
        return []
    home = kept.home
    files = (p for p in sorted(home.path.rglob("*")) if p.is_file() and p.suffix not in _ENGINES_OWN)
    return [home.told(p) for p in files if account.encode() in _read(kept, p)]


def _read(kept: MirrorFiles, path: Path) -> bytes:
    try:
        return kept.read(path) if path.is_relative_to(kept.home.mirror) else path.read_bytes()
    except Broken:  # it names nobody to anybody
        return b""
