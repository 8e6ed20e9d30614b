"""Forget an account or a month: everywhere in the home, at once and for good, and say what went."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.forgetting_inputs import take_out_of_inputs
from finops_mcp.cache.forgetting_notes import LEFT_OVERS, Named, take_out_of_notes
from finops_mcp.cache.forgotten import Forgotten
from finops_mcp.cache.generation import build_generation
from finops_mcp.cache.gone import Gone, size_of
from finops_mcp.cache.home import Home, number_of, replace_text
from finops_mcp.cache.kept import forget_kept, kept_files
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.mirrored import take_out_of_mirror
from finops_mcp.cache.owned import counted, resources_of
from finops_mcp.cache.present import Present, Segment
from finops_mcp.cache.published import held, publish
from finops_mcp.cache.room import told_when_full
from finops_mcp.cache.searching import named_in
from finops_mcp.errors import NothingToForget
from finops_mcp.settings import KeyPlace


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

    Raises NothingToForget, RefreshRunning, NoRoom, CacheDamaged, MirrorSealed, MirrorKeyUnusable.
    """
    with home.refreshing(), told_when_full(home), told_when_damaged(home):
        files = MirrorFiles.with_key_of(home, mirror_key, makes=False)
        files.check()
        before = Forgotten.read(home)
        forgotten = before.with_more(account, month)
        # Before anything is removed: killed from here on, the next refresh goes on where this ended.
        forgotten.write(home)
        gone = _everywhere(files, limits, forgotten, Named(account, month))
        if not gone.kinds.keys() - {LEFT_OVERS}:
            before.write(home)
            raise NothingToForget(account or month, valid=[])
        forgotten.done().write(home)
        gone.source = home.remembered_source()
        gone.still_named_in = named_in(files, account) if account else []
        return gone


def go_on_forgetting(files: MirrorFiles, limits: EngineLimits) -> None:
    """Do what is left of a forgetting that was killed; the caller holds the right to write."""
    forgotten = Forgotten.read(files.home)
    if forgotten.under_way:
        _everywhere(files, limits, forgotten, Named(*forgotten.under_way))
        forgotten.done().write(files.home)


def _everywhere(files: MirrorFiles, limits: EngineLimits, forgotten: Forgotten, named: Named) -> Gone:
    home, gone = files.home, Gone()
    _sweep(home, gone)
    present = Present.of(home)
    segments, passed_over = present.segments, present.passed_over
    others = sorted(p for p in home.segments.iterdir() if p not in segments)
    holding = [s for s in [*segments, *others] if _holds_any(forgotten, s / "charges.duckdb")]
    generations = sorted(home.generations.glob("cache-*.duckdb"))
    told = [p for p in passed_over if named.is_in(p)]
    is_built_anew = bool(holding or told) or any(_holds_any(forgotten, g) for g in generations)
    # Before any charge goes: only charges tell whose resources metrics are about.
    resources = {r for s in holding for r in resources_of(s, forgotten.in_segment(s))}
    take_out_of_inputs(home, named, resources, gone)
    for segment in holding:
        if segment in segments:
            for kind, count in counted(segment, forgotten.in_segment(segment)).items():
                gone.add(kind, count=count)
        gone.add("loaded deliveries", Segment.at(segment).delivery, size=size_of(segment))
    # The own rows of what is left are copied from the downloaded files before those go.
    left = [forgotten.taken_out(s, limits) for s in segments]
    take_out_of_mirror(files, forgotten, gone)
    if is_built_anew:
        for generation in generations:
            gone.add("generations", generation.stem, size=size_of(generation))
        _remove_kept(home, gone)
        wanted = [s for s in left if Segment.at(s).of_month not in forgotten.months]
        _publish(home, wanted, [p for p in passed_over if p not in told], limits)
    take_out_of_notes(home, named, gone)
    if gone.kinds.keys() - {LEFT_OVERS}:
        _remove_kept(home, gone)
    return gone


def _remove_kept(home: Home, gone: Gone) -> None:
    """Remove the findings that are kept: they may be about what is forgotten, and are found anew."""
    for path in kept_files(home):
        gone.add("kept findings", path.name, size=size_of(path))
    forget_kept(home)


def _sweep(home: Home, gone: Gone) -> None:
    """Remove what killed processes were building: who holds the right to write is the only one who builds."""
    for path in sorted([*home.segments.glob(".*"), *home.generations.glob(".*")]):
        gone.add(LEFT_OVERS, home.told(path), size=size_of(path))
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _holds_any(forgotten: Forgotten, path: Path) -> bool:
    rows = forgotten.in_cache(path)
    return bool(rows.accounts or rows.months)


def _publish(home: Home, segments: Sequence[Path], passed_over: Sequence[str], limits: EngineLimits) -> None:
    """Put what is left in force, and leave nothing of what was before."""
    if any(Segment.at(s).months for s in segments):
        source = home.remembered_source()
        built = build_generation(
            home, segments, source=source, passed_over=passed_over, limits=limits, from_nothing=True
        )
        publish(home, built, keep=1, evict=True)
        if since := held(home).partition(" ")[2]:
            replace_text(home.held_note, f"{number_of(built)} {since}")
        return
    for note in (home.pointer, home.held_note):
        note.unlink(missing_ok=True)
    for path in home.generations.iterdir():
        path.unlink()
    for folder in home.segments.iterdir():
        shutil.rmtree(folder)
