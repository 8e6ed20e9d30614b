"""Which generations there are, which one is in force, who still reads an old one, and the way back to one."""

import contextlib
import fcntl
import os
import shutil
import weakref
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from finops_mcp.cache.generation import FORMAT
from finops_mcp.cache.home import Home, current_generation, number_of, replace_text
from finops_mcp.cache.kept import forget_kept
from finops_mcp.errors import RefreshHeld, UnknownGeneration


@dataclass(frozen=True)
class Published:
    """One generation on this disk."""

    number: int
    path: Path
    in_force: bool
    format: int | None
    created_at: datetime | None
    source: str
    months: int
    wanting: int
    """How many of its segments are no longer there."""

    @property
    def whole(self) -> bool:
        """Whether it can be put in force: readable by this version, with every charge that it counts."""
        return self.format == FORMAT and not self.wanting


def publish(home: Home, generation: Path, *, keep: int, evict: bool = False) -> None:
    """Put a generation in force and let go of those before the last `keep`, but not of one that is read.

    With `evict`, of that too: who reads it finishes on what the process has open.
    """
    _settle(generation)
    for folder in (generation.parent, home.segments):
        _settle(folder)
    replace_text(home.pointer, generation.name)
    _settle(home.pointer.parent)
    found = sorted(home.generations.glob("cache-*.duckdb"))
    kept = found[-max(keep, 1) :]
    kept += [old for old in found if not evict and old not in kept and is_read(old)]
    used: set[str] = set()
    for path in found:
        segments = _segments(path) if path in kept else None
        if segments is None:
            path.unlink()
        else:
            used |= segments
    forget_kept(home, orphans=True)
    for folder in home.segments.iterdir():
        if home.told(folder) not in used:
            shutil.rmtree(folder)


def read_on(generation: Path, reader: object) -> None:
    """Hold a generation for as long as its reader lives: neither it nor its segments are removed meanwhile.

    Raises FileNotFoundError where it was removed before it could be held.
    """
    held = os.open(generation, os.O_RDONLY | os.O_CLOEXEC)
    weakref.finalize(reader, os.close, held)
    fcntl.flock(held, fcntl.LOCK_SH)
    if not os.fstat(held).st_nlink:
        raise FileNotFoundError(generation)


def is_read(generation: Path) -> bool:
    """Tell whether anybody on this machine reads a generation."""
    with generation.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def generations(home: Home) -> list[Published]:
    """List the generations on this disk, oldest first."""
    current = current_generation(home)
    return [_looked_at(home, p, current) for p in sorted(home.generations.glob("cache-*.duckdb"))]


def roll_back(home: Home, to: int | None = None) -> None:
    """Put an older generation in force, by default the one before; no refresh replaces it until released.

    Putting the newest one in force again releases it. Raises UnknownGeneration, RefreshRunning.
    """
    with home.refreshing():
        found = generations(home)
        older = [p.number for p in found if p.whole and not _is_newer_than_force(p, found)]
        number = max(older, default=None) if to is None else to
        chosen = next((p for p in found if p.number == number), None)
        if chosen is None or not chosen.whole:
            raise UnknownGeneration(to, valid=[str(p.number) for p in found if p.whole])
        if chosen.path == found[-1].path:
            replace_text(home.pointer, chosen.path.name)
            release(home)
            return
        # Held before it is in force: killed in between, this leaves a refresh refused, not a rollback undone.
        replace_text(home.held_note, f"{number} since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
        replace_text(home.pointer, chosen.path.name)


def release(home: Home) -> None:
    """Let refreshes publish again after a rollback."""
    home.held_note.unlink(missing_ok=True)


def held(home: Home) -> str:
    """Say which generation a rollback holds in force, and since when; nothing where none does."""
    with contextlib.suppress(FileNotFoundError):
        return home.held_note.read_text().strip()
    return ""


def refuse_when_held(home: Home) -> None:
    """Raise RefreshHeld where a rollback is in force that a refresh would undo."""
    said = held(home)
    if said:
        raise RefreshHeld(said)


def _is_newer_than_force(one: Published, found: list[Published]) -> bool:
    in_force = next((p.number for p in found if p.in_force), 0)
    return one.number >= in_force


def _looked_at(home: Home, path: Path, current: Path | None) -> Published:
    try:
        with duckdb.connect(str(path), read_only=True) as engine:
            ((made_by, created, source),) = engine.execute(
                "select format, created_at, source from generation"
            ).fetchall()
            ((months,),) = engine.execute(
                "select count(distinct billing_period_start) from serving"
            ).fetchall()
            folders = [home.place(told) for (told,) in engine.execute("select path from segments").fetchall()]
    except duckdb.Error:
        return Published(number_of(path), path, path == current, None, None, "", 0, 0)
    wanting = sum(not (folder / "charges.duckdb").exists() for folder in folders)
    return Published(number_of(path), path, path == current, made_by, created, source, months, wanting)


def _segments(generation: Path) -> set[str] | None:
    """Name the segments of a generation; nothing where it cannot be read any more."""
    try:
        with duckdb.connect(str(generation), read_only=True) as engine:
            return {name for (name,) in engine.execute("select path from segments").fetchall()}
    except duckdb.Error:
        return None


def _settle(path: Path) -> None:
    """Have the disk keep what was written, so that the pointer never outlives what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
