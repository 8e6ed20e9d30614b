"""What AWS delivered, and which delivery of each billing period is the current one."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from finops_mcp.errors import FileMissing, ManifestUnreadable, NoExportsFound
from finops_mcp.exports.storage import Shelf, Stored

DATA_FILE = re.compile(r"\.(parquet|csv|csv\.gz|csv\.zip|zip)$", re.IGNORECASE)
_MANIFEST = re.compile(r"(^|[-/])Manifest\.json$")
_LEGACY_RANGE = re.compile(r"^([12]\d{3})(0[1-9]|1[0-2])\d\d-\d{8}$")
_DAY_KEY = re.compile(r"^date=([12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))$")
_MODEL_KEY = re.compile(r"^(?:carbon_)?model_version=([\w.-]+)$")
_MODEL_MONTH_KEY = re.compile(r"^usage_period=([12]\d{3})-(0[1-9]|1[0-2])$")
_PERIOD_KEY = re.compile(r"^billing_period=([12]\d{3})-(0[1-9]|1[0-2])$", re.IGNORECASE)


@dataclass(frozen=True)
class Delivery:
    """The current files of one export for one billing period; for bare files, of every period in them.

    Of an export beside those of cost, the period is the day of a snapshot or the month that is told.
    """

    export: str
    layout: str  # data_exports, legacy or bare
    billing_period: date | None
    execution_id: str
    manifest: str
    files: tuple[Stored, ...]
    tells: str = "charges"  # or recommendations, emissions
    part: str = ""  # which part of an export beside those of cost it is


@dataclass(frozen=True)
class Found:
    """Everything below a root: what to load, and what was passed over and why."""

    deliveries: tuple[Delivery, ...]
    passed_over: tuple[str, ...]


def find_deliveries(storage: Shelf) -> Found:
    """Find every cost export below the root of a storage by its manifests, and what is beside them.

    Recommendations are told anew every day: only the newest snapshot counts. Only what a partition-level
    manifest names is current: older executions and assemblies, left-over chunks and stray files are passed
    over. Without any manifest, data files that lie at the root itself (the path was given explicitly) are
    one bare delivery.

    Raises NoExportsFound, ManifestUnreadable, FileMissing.
    """
    stored = {_plain(s.key): s for s in storage.list()}
    manifests, others = _manifests(stored)
    notes = [
        f"{root}: not a cost export, {len(partitions)} partition(s) such as {partitions[0]} not loaded"
        for root, partitions in others.items()
    ]
    of_cost = [(key, place) for key, place in manifests if place.tells == "charges"]
    beside = [(key, place) for key, place in manifests if place.tells != "charges"]
    deliveries = [_read(storage, stored, key, place) for key, place in of_cost]
    for key, place in _newest(beside):
        try:
            deliveries.append(_read(storage, stored, key, place))
        except (ManifestUnreadable, FileMissing) as error:
            notes.append(f"{place.root.as_posix()}: {place.partition} not loaded: {error}")
    current = list(_named_apart(deliveries, PurePosixPath(storage.address).name))
    if of_cost:
        named = {f.key for d in current for f in d.files}
        apart = {*others, *(place.root.as_posix() for _, place in beside)}
        stray = sorted(
            s.key
            for k, s in stored.items()
            if DATA_FILE.search(k) and s.key not in named and not any(k.startswith(f"{r}/") for r in apart)
        )
        if stray:
            notes.append(f"{len(stray)} data file(s) that no current manifest names, such as {stray[0]}")
        return Found(tuple(current), tuple(notes))
    bare = tuple(s for k, s in sorted(stored.items()) if DATA_FILE.search(k) and "/" not in k and s.size)
    if not bare:
        seen = f"{len(stored)} file(s) seen, {sum(bool(DATA_FILE.search(k)) for k in stored)} of them data"
        notes += [f"{d.export} tells {d.tells}, which are loaded beside cost" for d in current[:1]]
        raise NoExportsFound(storage.address, "; ".join([seen, *notes]))
    name = PurePosixPath(storage.address).name
    return Found((Delivery(name, "bare", None, "", "", bare),), tuple(notes))


def _plain(key: str) -> str:
    """Write a key without the empty parts that a prefix with a slash of its own leaves in it."""
    return "/".join(part for part in key.split("/") if part)


@dataclass(frozen=True)
class _Place:
    """What the place of a manifest says: whose it is, and of which month."""

    layout: str
    root: PurePosixPath
    partition: str
    period: date | None
    tells: str = "charges"
    part: str = ""


def _newest(found: Iterable[tuple[str, _Place]]) -> list[tuple[str, _Place]]:
    """Keep the newest snapshot of each export of recommendations, and every month of emissions."""
    kept: dict[tuple[PurePosixPath, str], tuple[str, _Place]] = {}
    for key, place in found:
        part = "" if place.tells == "recommendations" else place.partition.lower()
        before = kept.get((place.root, part))
        if before is None or str(before[1].period) < str(place.period):
            kept[place.root, part] = (key, place)
    return sorted(kept.values(), key=lambda each: each[0])


def _manifests(stored: Iterable[str]) -> tuple[list[tuple[str, _Place]], dict[str, list[str]]]:
    """Find one manifest for each export and month, and the partitions of exports that tell no cost."""
    others: dict[str, list[str]] = {}
    places: dict[tuple[str, PurePosixPath, str], tuple[str, _Place]] = {}
    for key in sorted(stored, key=lambda k: (not k.endswith("-Manifest.json"), k)):
        place = _place(key) if _MANIFEST.search(key) else None
        if place is None:
            continue
        if place.period is None:
            partitions = others.setdefault(place.root.as_posix(), [])
            partitions += [] if place.partition in partitions else [place.partition]
            continue
        # AWS writes the same manifest under two names; the one that names its export comes first.
        places.setdefault((place.layout, place.root, place.partition.lower()), (key, place))
    return sorted(places.values(), key=lambda found: found[0]), others


def _place(key: str) -> _Place | None:
    """Read a manifest's place; nothing where it belongs to one execution only."""
    path = PurePosixPath(key)
    folders = path.parts[:-1]
    if "metadata" in folders:
        at = len(folders) - 1 - folders[::-1].index("metadata")
        partition = folders[at + 1 :]
        if not partition or not all("=" in p for p in partition):
            return None
        return _place_of_partition(PurePosixPath(*folders[:at]), partition)
    month = _LEGACY_RANGE.match(folders[-1]) if folders else None
    if month is None:
        return None
    return _Place("legacy", PurePosixPath(*folders[:-1]), folders[-1], date(int(month[1]), int(month[2]), 1))


def _place_of_partition(root: PurePosixPath, partition: Sequence[str]) -> _Place:
    whole = "/".join(partition)
    month = _PERIOD_KEY.match(whole)
    if month:
        return _Place("data_exports", root, whole, date(int(month[1]), int(month[2]), 1))
    day = _DAY_KEY.match(whole)
    with suppress(ValueError):  # the thirty-first of a shorter month
        if day:
            return _Place("data_exports", root, whole, date.fromisoformat(day[1]), "recommendations", day[1])
    model, month = _MODEL_KEY.match(partition[0]), _MODEL_MONTH_KEY.match(partition[-1])
    if model and month and len(partition) == len(("model", "month")):
        first = date(int(month[1]), int(month[2]), 1)
        return _Place("data_exports", root, whole, first, "emissions", f"{first:%Y-%m} {model[1]}")
    return _Place("data_exports", root, whole, None)


def _read(storage: Shelf, stored: dict[str, Stored], key: str, place: _Place) -> Delivery:
    try:
        manifest = json.loads(storage.read(stored[key].key))
    except (ValueError, RecursionError) as error:
        raise ManifestUnreadable(key, str(error)) from error
    named = _named_files(manifest) if isinstance(manifest, dict) else None
    if named is None:
        raise ManifestUnreadable(key, "it has no list of data files (dataFiles or reportKeys)")
    files = tuple(_find(stored, name, place, key) for name in named)
    execution = manifest.get("executionId") or manifest.get("assemblyId")
    return Delivery(
        export="/".join(place.root.parts),
        layout=place.layout,
        billing_period=place.period,
        execution_id=str(execution or stored[key].version),
        manifest=key,
        files=files,
        tells=place.tells,
        part=place.part,
    )


def _named_files(manifest: dict[str, Any]) -> list[str] | None:
    entries = manifest.get("dataFiles", manifest.get("reportKeys"))
    if not isinstance(entries, list):
        return None
    names: list[str] = []
    for entry in entries:
        name = entry
        if isinstance(entry, dict):
            name = next((entry[k] for k in ("s3Uri", "path", "key", "name") if k in entry), None)
        if not isinstance(name, str):
            return None
        names.append(re.sub(r"^s3://[^/]+/", "", name))
    return names


def _find(stored: dict[str, Stored], name: str, place: _Place, manifest: str) -> Stored:
    """Find a named file below the root, however much of the bucket's prefix the root has cut off."""
    parts = PurePosixPath(name).parts
    parents = [place.root, *place.root.parents]
    for start in range(len(parts) - 1):  # a bare name could be anybody's file
        for parent in parents:
            found = stored.get((parent / PurePosixPath(*parts[start:])).as_posix())
            if found:
                return found
    raise FileMissing(name, manifest)


def _named_apart(deliveries: Iterable[Delivery], root: str) -> Iterator[Delivery]:
    """Call an export by its own name where that is enough, by its path where two share the name.

    An export that lies at the root itself has the root's name.
    """
    all_of_them = list(deliveries)
    paths = {d.export for d in all_of_them}
    for delivery in all_of_them:
        short = PurePosixPath(delivery.export).name
        alone = sum(PurePosixPath(p).name == short for p in paths) == 1
        yield replace(delivery, export=(short if alone else delivery.export) or root)
