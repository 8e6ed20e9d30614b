"""From the store onto this machine: what is here stays, what is new is fetched, all of it is verified."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from finops_mcp.cache.home import Home
from finops_mcp.cache.mirror_files import MirrorFiles
from finops_mcp.cache.records import FileRecord, Records
from finops_mcp.cache.segment import DataFile
from finops_mcp.errors import FileDamaged, SourceChanged
from finops_mcp.exports.sealed import Broken, Seal, header_of, sealed_size, sha256
from finops_mcp.exports.storage import Advance, Storage, Stored


@dataclass
class Mirror:
    """What a storage holds, as seen and kept by one home.

    It stands in for the storage where deliveries are looked for: a manifest of which this very version is
    on this machine is not asked for again.
    """

    storage: Storage
    home: Home
    records: Records
    writes: bool = True
    seal: Seal | None = None
    """What seals the files that are fetched, if anything does."""
    _listed: dict[str, Stored] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        """Where the exports lie."""
        return self.storage.address

    @property
    def is_sealed(self) -> bool:
        """Whether what is fetched lies encrypted; what does not move is read where it lies."""
        return self.storage.moves and self.seal is not None

    @property
    def files(self) -> MirrorFiles:
        """What reads the files that were fetched."""
        return MirrorFiles(self.home, self.seal)

    def list(self) -> list[Stored]:
        """List every object below the root, and remember what was seen."""
        found = self.storage.list()
        self._listed = {s.key: s for s in found}
        return found

    def read(self, key: str) -> bytes:
        """Read a manifest: the copy on this machine where it is of the version that was listed."""
        self._read.add(key)
        stored = self._listed[key]
        if not self.storage.moves:
            return self.storage.read(key)
        path = self.storage.lies_at(key, self.home.mirror)
        record = self._record(stored)
        if record and path.exists():
            with suppress(Broken):
                kept = self.files.read(path)
                if hashlib.sha256(kept).hexdigest() == record.sha256:
                    return kept
        if not self.writes:
            return self.storage.read(key)
        self._fetch(stored, lambda _: None)
        return self.files.read(path)

    def missing(self, stored: Stored) -> int:
        """Count the bytes of an object that are not on this machine."""
        if not self.storage.moves:
            return 0
        here = self._record(stored) and self.storage.lies_at(stored.key, self.home.mirror).exists()
        return 0 if here else stored.size

    def bring(self, stored: Stored, advance: Advance, manifest: str = "") -> Path:
        """Bring an object onto this machine, or hold what is here against its record, byte for byte.

        AWS writes a manifest anew after every change of the files it names. A file that was loaded under a
        manifest and is another under the same one is damaged, or part of a delivery that is under way.

        Raises FileDamaged, SourceChanged and its kin.
        """
        path = self.storage.lies_at(stored.key, self.home.mirror)
        before = self.records.file(self.storage.place, self.storage.whole_key(stored.key))
        if before and before.version != stored.version and before.named_by == self._named_by(manifest) != "":
            self._refuse_change(path, stored, before)
        if self.missing(stored):
            self._fetch(stored, advance)
            return path
        advance(stored.size)
        if before and before.version == stored.version and self._sha256(path) != before.sha256:
            if not self.storage.moves:
                raise FileDamaged(
                    str(path),
                    "its bytes are not those that were loaded before, though its size and time are",
                    "Put a good copy in its place and refresh.",
                )
            path.replace(path.with_name(f".{path.name}.damaged"))
            raise FileDamaged(
                str(path),
                f"it no longer has the SHA-256 that it had when it was fetched ({before.recorded_at})",
                "It was set aside; refresh again, and it is fetched anew.",
            )
        return path

    def loaded(self, files: Iterable[Stored], manifest: str = "") -> None:
        """Record under which manifest files were loaded; where they are not fetched, what they are, too."""
        named_by = self._named_by(manifest)
        for stored in files:
            record = self._record(stored)
            if record is None:
                self._note(stored, "", named_by)
            elif record.named_by != named_by:
                self.records.note_file(replace(record, named_by=named_by))

    def still_holds(self, files: Iterable[Stored]) -> None:
        """Look again whether the storage holds what was read. Raises SourceChanged where it does not."""
        now = {s.key: s.version for s in self.storage.list()}
        for stored in [*(self._listed[key] for key in sorted(self._read)), *files]:
            if now.get(stored.key) != stored.version:
                raise SourceChanged(
                    f"{self.address}/{stored.key}", "it was delivered anew while the delivery was read"
                )

    def manifests_missing(self) -> Sequence[Stored]:
        """List the manifests that were read and are not on this machine."""
        return [self._listed[key] for key in sorted(self._read) if self.missing(self._listed[key])]

    def _fetch(self, stored: Stored, advance: Advance) -> None:
        arrived = self.storage.fetch(stored, self.home.mirror, advance, self.seal)
        self._note(stored, arrived.held_against)

    def _refuse_change(self, path: Path, stored: Stored, before: FileRecord) -> None:
        if not self.storage.moves and self._sha256(path) == before.sha256:
            return  # copied again, as it was
        raise FileDamaged(
            f"{self.address}/{stored.key}",
            f"it is not the file that was loaded before ({before.recorded_at}), although the manifest that"
            " names it was not written anew, as AWS does at the end of every delivery",
            "If a delivery is under way, refresh when it is done; else put a good copy in its place, or the"
            " manifest again if the change is meant.",
        )

    def data_file(self, key: str, path: Path) -> DataFile:
        """Give what reads a file that was brought here. Raises Broken."""
        return DataFile(key, path, self.files.key(path) if self.storage.moves else None)

    def _sha256(self, path: Path) -> str:
        return self.files.sha256(path) if self.storage.moves else sha256(path, None)

    def _named_by(self, manifest: str) -> str:
        """Name one writing of a manifest; nothing where there is none."""
        stored = self._listed.get(manifest)
        return f"{stored.version} {stored.modified}" if stored else ""

    def _note(self, stored: Stored, held_against: str, named_by: str = "") -> None:
        path = self.storage.lies_at(stored.key, self.home.mirror)
        self.records.note_file(
            FileRecord(
                place=self.storage.place,
                key=self.storage.whole_key(stored.key),
                version=stored.version,
                size=stored.size,
                sha256=self._sha256(path),
                held_against=held_against,
                path=str(path),
                changed_ns=path.stat().st_mtime_ns,
                named_by=named_by,
                recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )

    def _record(self, stored: Stored) -> FileRecord | None:
        """Give what is recorded of this very version of an object."""
        record = self.records.file(self.storage.place, self.storage.whole_key(stored.key))
        return record if record and record.version == stored.version else None


def damaged_files(home: Home, *, thoroughly: bool = False, files: MirrorFiles | None = None) -> list[str]:
    """Hold every recorded file on this machine against its record, and say which differ.

    A file of the recorded size and time of change is believed; `thoroughly` adds up the bytes of each.
    Files that are gone are no damage: they are fetched again when they are needed. To add up sealed files,
    `files` has to have their key. Raises MirrorSealed.
    """
    kept = files or MirrorFiles(home)
    with Records(home) as records:
        found = [_difference(record, kept, thoroughly=thoroughly) for record in records.files()]
    return [said for said in found if said]


def _difference(record: FileRecord, kept: MirrorFiles, *, thoroughly: bool) -> str | None:
    path = Path(record.path)
    in_a_folder = not record.place.startswith("s3://")
    if not path.exists():
        return None
    stat = path.stat()
    same_time = stat.st_mtime_ns == record.changed_ns
    if in_a_folder and not same_time:
        return None  # its owner has put another there, which the next refresh will load
    sealed = not in_a_folder and header_of(path) is not None
    size = sealed_size(record.size) if sealed else record.size
    if stat.st_size != size:
        return f"{path}: {stat.st_size} bytes, and {size} when it was recorded"
    if (thoroughly or not same_time) and (
        kept.sha256(path) if sealed else sha256(path, None)
    ) != record.sha256:
        return f"{path}: its SHA-256 is not the one recorded at {record.recorded_at}"
    return None
