"""A file that is being written while it is downloaded: plain, or sealed a chunk at a time."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from finops_mcp.exports.sealed import CHUNK, HEADER, SEALED_CHUNK, Broken, FileKey, Seal, blocks


class Partial(Protocol):
    """What has arrived of a file so far, and lies at a path or is about to."""

    size: int
    """How many plain bytes have arrived."""

    def write(self, block: bytes) -> None:
        """Keep what has arrived."""

    def begin_again(self) -> None:
        """Throw away what has arrived."""

    def whole(self) -> Iterator[bytes]:
        """Read all that has arrived, once it is all. Raises Broken."""

    def settle(self) -> None:
        """Bring it to the disk."""

    def close(self) -> None:
        """Write no more."""


class PlainPartial:
    """A file that lies as it arrives."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _opened(path)
        self.size = os.fstat(self._file).st_size

    def write(self, block: bytes) -> None:
        """Keep what has arrived."""
        _write(self._file, block)
        self.size += len(block)

    def begin_again(self) -> None:
        """Throw away what has arrived."""
        os.ftruncate(self._file, 0)
        self.size = 0

    def whole(self) -> Iterator[bytes]:
        """Read all that has arrived."""
        return blocks(self._path, None)

    def settle(self) -> None:
        """Bring it to the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        """Write no more."""
        os.close(self._file)


class SealedPartial:
    """A file of which every whole chunk is sealed as it arrives; what is no chunk yet stays in memory.

    A process that ends loses that, no more: the next goes on behind the last whole chunk. The chunk that
    reaches the size that was told is the last one.
    """

    def __init__(self, path: Path, size: int, seal: Seal, name: str) -> None:
        self._path, self._whole_size, self._seal, self._name = path, size, seal, name
        self._waiting = bytearray()
        self._file = _opened(path)
        self._key: FileKey
        self.size = 0
        self._chunks = 0
        try:
            self._key = seal.of(os.pread(self._file, HEADER, 0), name)
        except Broken:
            self.begin_again()
            return
        self._chunks = (os.fstat(self._file).st_size - HEADER) // SEALED_CHUNK
        self.size = self._chunks * CHUNK
        os.ftruncate(self._file, HEADER + self._chunks * SEALED_CHUNK)

    def write(self, block: bytes) -> None:
        """Keep what has arrived."""
        self._waiting += block
        self.size += len(block)
        while len(self._waiting) >= CHUNK:
            self._seal_one()

    def begin_again(self) -> None:
        """Throw away what has arrived, and the key that it was sealed with."""
        os.ftruncate(self._file, 0)
        self._waiting.clear()
        self.size = self._chunks = 0
        self._key = self._seal.fresh(self._name)
        _write(self._file, self._key.header)

    def whole(self) -> Iterator[bytes]:
        """Read all that has arrived, from the disk. Raises Broken."""
        if self._waiting or not self._chunks:
            self._seal_one()
        return blocks(self._path, self._key)

    def settle(self) -> None:
        """Bring it to the disk."""
        os.fsync(self._file)

    def close(self) -> None:
        """Write no more."""
        os.close(self._file)

    def _seal_one(self) -> None:
        plain = bytes(self._waiting[:CHUNK])
        del self._waiting[:CHUNK]
        last = self._chunks * CHUNK + len(plain) == self._whole_size
        _write(self._file, self._key.sealed(self._chunks, plain, last=last))
        self._chunks += 1


def _opened(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)


def _write(file: int, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[os.write(file, left) :]
