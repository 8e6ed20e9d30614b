"""What AWS delivered, and which delivery of each billing period is the current one."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from finops_mcp.errors import FileMissing, ManifestUnreadable, NoExportsFound
from finops_mcp.exports.storage import Storage, Stored

DATA_FILE = re.compile(r"\.(parquet|csv|csv\.gz|csv\.zip|zip)$", re.IGNORECASE)
_MANIFEST = re.compile(r"(^|-)Manifest\.json$")
_LEGACY_RANGE = re.compile(r"^(\d{4})(\d\d)\d\d-\d{8}$")
_PERIOD_KEY = re.compile(r"^billing_period=(\d{4})-(\d\d)$", re.IGNORECASE)


@dataclass(frozen=True)
class Delivery:
    """The current files of one export for one billing period; for bare files, of every period in them."""

    export: str
    layout: str  # data_exports, legacy or bare
    billing_period: date | None
    execution_id: str
    manifest: str
    files: tuple[Stored, ...]


@dataclass(frozen=True)
class Found:
    """Everything below a root: what to load, and what was passed over and why."""

    deliveries: tuple[Delivery, ...]
    passed_over: tuple[str, ...]


def find_deliveries(storage: Storage) -> Found:
    """Find every cost export below the root of a storage by its manifests.

    Only what a partition-level manifest names is current: older executions and assemblies, left-over
    chunks and stray files are passed over. Without any manifest, data files that lie at the root itself
    (the path was given explicitly) are one bare delivery.

    Raises NoExportsFound, ManifestUnreadable, FileMissing.
    """
    stored = {s.key: s for s in storage.list()}
    deliveries: list[Delivery] = []
    notes: list[str] = []
    for key in sorted(stored):
        if not _MANIFEST.search(key):
            continue
        place = _place(key)
        if place is None:
            continue
        if place.period is None:
            notes.append(f"{key}: not a cost export (partition {place.partition}), not loaded")
            continue
        deliveries.append(_read(storage, stored, key, place))
    current = _one_per_period(deliveries)
    if current:
        named = {f.key for d in current for f in d.files}
        stray = sorted(k for k in stored if DATA_FILE.search(k) and k not in named)
        if stray:
            notes.append(f"{len(stray)} data file(s) that no current manifest names, such as {stray[0]}")
        return Found(tuple(current), tuple(notes))
    bare = tuple(s for k, s in sorted(stored.items()) if DATA_FILE.search(k) and "/" not in k and s.size)
    if not bare:
        seen = f"{len(stored)} file(s) seen, {sum(bool(DATA_FILE.search(k)) for k in stored)} of them data"
        raise NoExportsFound(storage.address, "; ".join([seen, *notes]))
    name = PurePosixPath(storage.address).name
    return Found((Delivery(name, "bare", None, "", "", bare),), tuple(notes))


@dataclass(frozen=True)
class _Place:
    """What the place of a manifest says: whose it is, and of which month."""

    layout: str
    root: PurePosixPath
    export: str
    partition: str
    period: date | None


def _place(key: str) -> _Place | None:
    """Read a manifest's place; nothing where it belongs to one execution only."""
    path = PurePosixPath(key)
    folders = path.parts[:-1]
    if "metadata" in folders:
        at = len(folders) - 1 - folders[::-1].index("metadata")
        partition = folders[at + 1 :]
        if not partition or not all("=" in p for p in partition):
            return None
        month = _PERIOD_KEY.match(partition[0]) if len(partition) == 1 else None
        period = date(int(month[1]), int(month[2]), 1) if month else None
        root = PurePosixPath(*folders[:at])
        return _Place("data_exports", root, root.name, "/".join(partition), period)
    month = _LEGACY_RANGE.match(folders[-1]) if folders else None
    if month is None:
        return None
    root = PurePosixPath(*folders[:-1])
    name = path.name.removesuffix("-Manifest.json")
    return _Place("legacy", root, name, folders[-1], date(int(month[1]), int(month[2]), 1))


def _read(storage: Storage, stored: dict[str, Stored], key: str, place: _Place) -> Delivery:
    try:
        manifest = json.loads(storage.read(key))
    except ValueError as error:
        raise ManifestUnreadable(key, str(error)) from error
    named = _named_files(manifest) if isinstance(manifest, dict) else None
    if named is None:
        raise ManifestUnreadable(key, "it has no list of data files (dataFiles or reportKeys)")
    files = tuple(_find(stored, name, place, key) for name in named)
    execution = manifest.get("executionId") or manifest.get("assemblyId")
    return Delivery(
        export="/".join(place.root.parts) or place.export,
        layout=place.layout,
        billing_period=place.period,
        execution_id=str(execution or stored[key].version),
        manifest=key,
        files=files,
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


def _one_per_period(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Keep one manifest for each export and period: AWS writes the same one under two names."""
    current: dict[tuple[str, str, date | None], Delivery] = {}
    for delivery in deliveries:
        at = (delivery.layout, delivery.export, delivery.billing_period)
        other = current.get(at)
        if other is None or _plain(other) <= _plain(delivery):
            current[at] = delivery
    return list(_named_apart(current.values()))


def _plain(delivery: Delivery) -> bool:
    return PurePosixPath(delivery.manifest).name != "Manifest.json"


def _named_apart(deliveries: Iterable[Delivery]) -> Iterator[Delivery]:
    """Call an export by its own name where that is enough, by its path where two share the name."""
    all_of_them = list(deliveries)
    paths = {d.export for d in all_of_them}
    for delivery in all_of_them:
        short = PurePosixPath(delivery.export).name
        alone = sum(PurePosixPath(p).name == short for p in paths) == 1
        yield Delivery(
            short if alone else delivery.export,
            delivery.layout,
            delivery.billing_period,
            delivery.execution_id,
            delivery.manifest,
            delivery.files,
        )
