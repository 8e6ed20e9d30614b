"""Is this installation well, and if not, what is to be done?"""

import os
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from finops_mcp.cache.history import last_attempt
from finops_mcp.errors import FinopsError, NoDataYet
from finops_mcp.surfaces.parts import Parts

_ROOM = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    said: str


def examined(app: Parts, *, files: bool = False) -> list[Finding]:
    """Look at everything an installation needs; with `files`, add up every file that was loaded, too."""
    return [
        _interpreter(),
        _engine(),
        _home(app),
        _privacy(app),
        _encryption(app),
        _room(app),
        _tools(app),
        _source(app),
        _cache(app),
        _freshness(app),
        _alerts(app),
        _rollback(app),
        _quarantine(app),
        _integrity(app),
        _files(app, thoroughly=files),
    ]


def _interpreter() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")


def _engine() -> Finding:
    from importlib.metadata import version

    return Finding("packages", True, ", ".join(f"{p} {version(p)}" for p in ("duckdb", "mcp", "polars")))


def _home(app: Parts) -> Finding:
    home = app.settings.home
    if not home.exists():
        return Finding("home", True, f"{home} does not exist yet; the first refresh makes it")
    if not os.access(home, os.W_OK):
        return Finding("home", False, f"{home} cannot be written to; choose another with --home")
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        return Finding("home", False, f"{home} can be read by others (mode {mode:o}); run chmod 700 on it")
    return Finding("home", True, f"{home}, readable by its owner alone")


def _privacy(app: Parts) -> Finding:
    home = app.settings.home
    mirror, cache = home / "mirror", home / "cache"
    kept = [p for place in (mirror, cache) for p in (place, *place.rglob("*"))] + list(home.glob("*"))
    open_to_others = sorted(
        {p for p in kept if p.exists() and p.stat().st_mode & 0o077 and not p.is_symlink()}
    )
    if open_to_others:
        return Finding(
            "privacy",
            False,
            f"{len(open_to_others)} files or folders can be read by others, such as {open_to_others[0]};"
            f" run chmod -R go-rwx {home}",
        )
    return Finding("privacy", True, "every file of the home is its owner's alone")


def _encryption(app: Parts) -> Finding:
    from finops_mcp.cache.mirror_files import Lying, MirrorFiles

    home, key = app.refresher.home, app.settings.mirror_key
    try:
        MirrorFiles.with_key_of(home, key, makes=False).check()
    except FinopsError as error:
        return Finding("encryption", False, str(error))
    lying = Lying.of(home)
    if key and lying.plain:
        plain = f"{lying.plain} downloaded files are not encrypted, though there is a key ({key})"
        return Finding("encryption", False, f"{plain}: refresh, which encrypts them where they lie")
    mirror = (
        f"downloaded files are encrypted with AES-256-GCM ({lying.sealed} of them, key {key}); the cache,"
        " which has copies of them, and what the engine spills are not encrypted by this program"
        if key
        else "downloaded files, cache and what the engine spills are not encrypted by this program"
    )
    return Finding("encryption", True, f"{mirror}; {_volume(app.settings.home)}")


def _volume(home: Path) -> str:
    """Say whether the volume under a home is encrypted, as far as that can be told."""
    place = _standing(home)
    device = place.stat().st_dev
    mapped = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/dm/uuid")
    if mapped.exists() and mapped.read_text().startswith("CRYPT-"):
        return f"{place} lies on a volume that dm-crypt encrypts"
    return (
        f"whether the volume under {place} is cannot be told from here. Keep the home on one that you encrypt"
        " (LUKS, FileVault, BitLocker, EBS)"
    )


def _standing(place: Path) -> Path:
    """Give the nearest folder above a place that is there already."""
    while not place.exists():
        place = place.parent
    return place


def _integrity(app: Parts) -> Finding:
    from finops_mcp.cache.damage import damaged_files

    damaged = damaged_files(app.refresher.home)
    if not damaged:
        return Finding("integrity", True, "every file of the cache is as it was written")
    path, wrong = next(iter(damaged.items()))
    return Finding(
        "integrity",
        False,
        f"{len(damaged)} damaged: {path} ({wrong}). Remove its folder (a generation: the file) and refresh:"
        " it is loaded anew",
    )


def _files(app: Parts, *, thoroughly: bool) -> Finding:
    from finops_mcp.cache.fetching import damaged_files
    from finops_mcp.cache.mirror_files import MirrorFiles

    home = app.refresher.home
    try:
        opening = MirrorFiles.with_key_of(home, app.settings.mirror_key, makes=False)
        damaged = damaged_files(home, thoroughly=thoroughly, files=opening)
    except FinopsError as error:
        return Finding("files", False, str(error))
    if damaged:
        return Finding(
            "files",
            False,
            f"{len(damaged)} not as loaded: {'; '.join(damaged)}. What was loaded from them is sound."
            f" Remove those below {app.refresher.home.mirror}: they are fetched anew when they are needed; in"
            " place of your own, put a good copy",
        )
    how = "add up as" if thoroughly else "have the size and time they had"
    more = "" if thoroughly else "; `finops-duck doctor --files` adds them up"
    return Finding("files", True, f"the files that were loaded {how} when they came{more}")


def _quarantine(app: Parts) -> Finding:
    from finops_mcp.cache.quarantine import Quarantine

    held = Quarantine(app.refresher.home).told()
    if not held:
        return Finding("quarantine", True, "no file brought down its reader")
    return Finding(
        "quarantine",
        False,
        f"{'; '.join(held)}. Read again when it has changed, or by `finops-duck refresh --retry-quarantined`",
    )


def _alerts(app: Parts) -> Finding:
    from finops_mcp.alerts.standing import standing

    try:
        return Finding("alerts", *standing(app.alerts))
    except (ValueError, ImportError, SyntaxError):
        return Finding("alerts", False, "not looked at, since the tools do not load")


def _rollback(app: Parts) -> Finding:
    from finops_mcp.cache.published import held

    said = held(app.refresher.home)
    if not said:
        return Finding("rollback", True, "none; refreshes publish what is new")
    return Finding(
        "rollback",
        True,
        f"holds generation {said} in force: nothing is refreshed until `finops-duck rollback --release`",
    )


def _room(app: Parts) -> Finding:
    free = shutil.disk_usage(_standing(app.settings.home)).free
    return Finding("disk", free > _ROOM, f"{free / _ROOM:.1f} GiB free (1 GiB is the least to work with)")


def _tools(app: Parts) -> Finding:
    try:
        return Finding("tools", True, f"{len(app.toolbox.tools)} loaded")
    except (ValueError, ImportError, SyntaxError) as error:
        return Finding("tools", False, str(error))


def _source(app: Parts) -> Finding:
    address = app.refresher.home.remembered_source() or app.settings.source
    if not address:
        return Finding("source", True, "none yet; give one with `finops-duck refresh --from PATH_OR_S3`")
    try:
        found = app.refresher.look(address)
    except FinopsError as error:
        return Finding("source", False, str(error))
    return Finding("source", True, f"{address}: {found} current deliveries")


def _freshness(app: Parts) -> Finding:
    try:
        fresh = app.toolbox.cache.freshness()
    except NoDataYet:
        last = last_attempt(app.refresher.home)
        failed = last.error if last else ""
        return Finding("freshness", not failed, f"no data yet; {failed or 'no refresh was tried'}")
    except (ValueError, ImportError, SyntaxError):
        return Finding("freshness", False, "not looked at, since the tools do not load")
    failed = fresh.last.error if fresh.last else ""
    return Finding("freshness", not (fresh.is_stale or failed), "; ".join(fresh.sentences()))


def _cache(app: Parts) -> Finding:
    try:
        status = app.toolbox.call("data_status", {})
    except (ValueError, ImportError, SyntaxError):
        return Finding("cache", False, "not looked at, since the tools do not load")
    except FinopsError as error:
        return Finding("cache", app.refresher.home.remembered_source() == "", str(error))
    return Finding("cache", True, status.summary)
