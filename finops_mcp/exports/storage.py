"""Where exports lie: a folder or a bucket, behind one interface."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Protocol

from finops_mcp.errors import SourceNotFound, SourcesNested
from finops_mcp.exports.patience import Patience
from finops_mcp.exports.sealed import Seal

SEPARATOR = "; "
"""Stands between the addresses of several places."""

Advance = Callable[[int], None]
"""Called with the number of bytes that have arrived since the last call."""


@dataclass(frozen=True)
class Stored:
    """One object of a storage: its key below the root, its size, what tells versions apart, and its time.

    Two versions of the same content are one version, written at different times.
    """

    key: str
    size: int
    version: str
    modified: str = ""


@dataclass(frozen=True)
class Arrived:
    """An object on this machine: where it lies, and what its store's own checksum it was held against."""

    path: Path
    held_against: str = ""


@dataclass
class Requests:
    """How much a storage was asked, for any number of threads: requests by kind, and bytes received."""

    lists: int = 0
    gets: int = 0
    heads: int = 0
    received: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def count(self, kind: str, number: int = 1) -> None:
        """Count what was asked or received."""
        with self._lock:
            setattr(self, kind, getattr(self, kind) + number)

    def told(self) -> dict[str, int]:
        """Give the counts by their names."""
        with self._lock:
            return {f.name: getattr(self, f.name) for f in fields(self) if f.init and f.name[0] != "_"}


class Shelf(Protocol):
    """Where deliveries are looked for. Keys are relative to its root, with forward slashes."""

    @property
    def address(self) -> str:
        """Where it is."""

    def list(self) -> list[Stored]:
        """List every object below the root, in the order of the keys."""

    def read(self, key: str) -> bytes:
        """Read one small object, such as a manifest."""


class Storage(Shelf, Protocol):
    """A place that exports are read from."""

    place: str
    """What is the same for every root in the same bucket, so that records of its objects are shared."""
    moves: bool
    """Whether objects have to be moved to this machine before they can be read."""
    requests: Requests

    def whole_key(self, key: str) -> str:
        """Give the key of an object in its place."""

    def lies_at(self, key: str, mirror: Path) -> Path:
        """Say where an object lies on this machine, or will lie once it is fetched."""

    def fetch(self, stored: Stored, mirror: Path, advance: Advance, seal: Seal | None = None) -> Arrived:
        """Bring one object onto this machine, whole and in the version that was listed, sealed if wanted.

        Raises SourceChanged where the store holds another version by now.
        """


def open_storages(
    addresses: str, *, endpoint: str = "", patience: Patience | None = None
) -> tuple[Storage, ...]:
    """Open one place, or several that semicolons separate. Raises SourceNotFound, SourcesNested."""
    if Path(addresses).expanduser().exists():
        return (open_storage(addresses),)
    named = dict.fromkeys(part.strip() for part in addresses.split(SEPARATOR.strip()) if part.strip())
    opened = tuple(open_storage(one, endpoint=endpoint, patience=patience) for one in named)
    for outer in opened:
        for inner in opened:
            if inner is not outer and f"{inner.address}/".startswith(f"{outer.address}/"):
                raise SourcesNested(outer.address, inner.address)
    return opened


def open_storage(address: str, *, endpoint: str = "", patience: Patience | None = None) -> Storage:
    """Open `s3://bucket/prefix` or a folder or file of this machine.

    Raises SourceNotFound where there is no such folder; a bucket is first asked when it is listed.
    """
    if address.startswith("s3://"):
        from finops_mcp.exports.bucket import Bucket

        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        if not bucket:
            raise SourceNotFound(f"{address!r} names no bucket; write s3://bucket/prefix.")
        return Bucket(bucket, prefix.strip("/"), endpoint, patience or Patience())
    path = Path(address).expanduser().absolute()
    if not path.exists():
        raise SourceNotFound(f"There is no file or folder at {path}.")
    return Folder(path)


class Folder:
    """Exports in a folder of this machine; they are read where they lie."""

    moves = False

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._root = path.parent if path.is_file() else path
        self._only = path if path.is_file() else None
        self.place = str(self._root)
        self.requests = Requests()

    def list(self) -> list[Stored]:
        """List the files below the folder; hidden ones are nobody's export."""
        found = [self._only] if self._only else sorted(p for p in self._root.rglob("*") if p.is_file())
        return [
            Stored(
                p.relative_to(self._root).as_posix(),
                s.st_size,
                f"{s.st_size}-{s.st_mtime_ns}",
                str(s.st_mtime_ns),
            )
            for p in found
            if not any(part.startswith(".") for part in p.relative_to(self._root).parts)
            for s in [p.stat()]
        ]

    def read(self, key: str) -> bytes:
        """Read one small file."""
        return (self._root / key).read_bytes()

    def whole_key(self, key: str) -> str:
        """Give the path below the folder."""
        return key

    def lies_at(self, key: str, mirror: Path) -> Path:  # noqa: ARG002 - nothing moves
        """Say where the file lies."""
        return self._root / key

    def fetch(
        self,
        stored: Stored,
        mirror: Path,
        advance: Advance,
        seal: Seal | None = None,  # noqa: ARG002 - nothing moves
    ) -> Arrived:
        """Say where the file lies."""
        advance(stored.size)
        return Arrived(self.lies_at(stored.key, mirror))
