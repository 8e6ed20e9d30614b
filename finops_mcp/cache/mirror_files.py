"""What lies in the mirror, and how it is read: plain, or sealed with the key that is given."""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from finops_mcp.cache.home import Home
from finops_mcp.errors import MirrorSealed
from finops_mcp.exports.mirror_key import seal_of
from finops_mcp.exports.partial import SealedPartial
from finops_mcp.exports.sealed import (
    Broken,
    FileKey,
    OtherKey,
    Seal,
    blocks,
    header_of,
    name_in,
    sha256,
    unseal,
)
from finops_mcp.settings import KeyPlace

_NUMBER = itertools.count()


@dataclass(frozen=True)
class Lying:
    """How many downloaded files of a home lie sealed, and how many plain."""

    sealed: int
    plain: int

    @classmethod
    def of(cls, home: Home) -> "Lying":
        """Count them, what is left of downloads that were cut and of damage too."""
        headers = [header_of(path) for path in mirrored(home)]
        return cls(sum(h is not None for h in headers), sum(h is None for h in headers))


@dataclass(frozen=True)
class MirrorFiles:
    """Reads what lies in the mirror of one home. Whoever reads a sealed file needs its key."""

    home: Home
    seal: Seal | None = None
    place: str = ""

    @classmethod
    def with_key_of(cls, home: Home, place: KeyPlace, *, makes: bool = True) -> "MirrorFiles":
        """Get the key that a setting names. Raises MirrorKeyUnusable."""
        return cls(home, seal_of(place, home.mirror_key_note, makes=makes), str(place))

    def key(self, path: Path) -> FileKey | None:
        """Give what opens a file; nothing where it lies plain. Raises MirrorSealed, Broken."""
        header = header_of(path)
        if header is None:
            return None
        if self.seal is None:
            raise self._no_key()
        return self.seal.of(header, name_in(self.home.mirror, path))

    def sha256(self, path: Path) -> str:
        """Add up a file's plain bytes; nothing comes of a file that does not open. Raises MirrorSealed."""
        try:
            return sha256(path, self.key(path))
        except Broken:
            return ""

    def read(self, path: Path) -> bytes:
        """Read a small file whole. Raises MirrorSealed, Broken."""
        return b"".join(blocks(path, self.key(path)))

    @contextmanager
    def plain(self, path: Path) -> Iterator[Path]:
        """Let a file be read by others, where it lies or unsealed where the engine spills.

        Raises MirrorSealed, Broken.
        """
        key = self.key(path)
        if key is None:
            yield path
            return
        # Named by this process, as what it spills is: were it killed, the next refresh sweeps it away.
        folder = self.home.spill / f"{os.getpid()}-unsealed-{next(_NUMBER)}"
        folder.mkdir(mode=0o700)
        try:
            yield unseal(path, key, folder / path.name)
        finally:
            shutil.rmtree(folder)

    def check(self) -> None:
        """Raise MirrorSealed where what was downloaded is sealed and does not open with the key given.

        Where some files are of the key and others are not, it is the key, and those are damaged; so is what
        does not even say whose it is.
        """
        headers = [h for path in mirrored(self.home) if path.name[0] != "." and (h := header_of(path))]
        if headers and self.seal is None:
            raise self._no_key()
        told = [ours for header in headers if (ours := self._is_ours(header)) is not None]
        if told and not any(told):
            raise MirrorSealed(str(self.home.mirror), given=self.place)

    def seal_all(self) -> None:
        """Seal what was downloaded before there was a key, each file in its place and with its time.

        What is left of cut downloads and of damage is removed. Does nothing without a key.
        """
        if self.seal is None:
            return
        for path in mirrored(self.home):
            if header_of(path) is not None:
                continue
            if path.name.startswith("."):
                path.unlink()
            else:
                self._seal(path, self.seal)

    def _seal(self, path: Path, seal: Seal) -> None:
        before = path.stat()
        part = path.with_name(f".{path.name}.sealing.part")
        part.unlink(missing_ok=True)
        sealing = SealedPartial(part, before.st_size, seal, name_in(self.home.mirror, path))
        try:
            for block in blocks(path, None):
                sealing.write(block)
            for _ in sealing.whole():
                pass  # what cannot be opened again must not replace what can be read
            sealing.settle()
        finally:
            sealing.close()
        os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))  # by which its record knows it
        part.replace(path)

    def _is_ours(self, header: bytes) -> bool | None:
        """Tell whether a file was sealed with the key that is given; nothing where it does not say."""
        try:
            return self.seal is not None and bool(self.seal.of(header, ""))
        except OtherKey:
            return False
        except Broken:
            return None

    def _no_key(self) -> MirrorSealed:
        return MirrorSealed(str(self.home.mirror), given="")


def mirrored(home: Home) -> list[Path]:
    """List every file in the mirror, whole, cut or set aside."""
    return sorted(p for p in home.mirror.rglob("*") if p.is_file())
