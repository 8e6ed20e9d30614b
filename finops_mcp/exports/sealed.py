"""How does a downloaded file lie encrypted on this machine? AES-256-GCM, in chunks bound to their places.

| bytes | what |
|---|---|
| 21 | `finops-duck sealed 1` and a line feed |
| 8 | which key seals it, told without telling the key |
| 32 | salt: random, new for every file and every download begun again |
| 12 + up to 1 MiB + 16, as often as needed | a chunk: random nonce, ciphertext, tag |

Each file has a key of its own: HKDF-SHA256 of the mirror's key, the salt, and the file's name in the mirror.
What a tag covers beside the ciphertext is the header, the chunk's number and whether it is the last. So a
chunk that is changed, moved, repeated, left out or cut off, and a file in the place of another, do not
open. An empty file is one empty chunk. Names, sizes and times of files are not hidden.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
CHUNK = 1 << 20
"""Plain bytes of every chunk but the last."""
_SIGN = b"finops-duck sealed 1\n"
_ID, _SALT, _NONCE, _TAG = 8, 32, 12, 16
HEADER = len(_SIGN) + _ID + _SALT
SEALED_CHUNK = _NONCE + CHUNK + _TAG


class Broken(Exception):
    """A sealed file is not as it was sealed, or was sealed for another place."""


class OtherKey(Broken):
    """A file was sealed with another key."""


@dataclass(frozen=True)
class FileKey:
    """What opens one file and no other: it may be handed to a process that reads just that file."""

    header: bytes
    key: bytes = field(repr=False)

    def sealed(self, number: int, plain: bytes, *, last: bool) -> bytes:
        """Seal one chunk."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, self._place(number, last=last))

    def opened(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """Open one chunk. Raises Broken."""
        from cryptography.exceptions import InvalidTag

        if len(sealed) < _NONCE + _TAG:
            raise Broken("it is cut short")
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._place(number, last=last))
        except InvalidTag:
            raise Broken(f"its chunk {number} is not as it was sealed") from None

    def _place(self, number: int, *, last: bool) -> bytes:
        return self.header + number.to_bytes(8, "big") + bytes([last])

    @cached_property
    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self.key)

    def __getstate__(self) -> dict[str, bytes]:
        """Leave the cipher behind when handed to another process."""
        return {"header": self.header, "key": self.key}


@dataclass(frozen=True)
class Seal:
    """What seals the files of one mirror: its key of 32 bytes."""

    key: bytes = field(repr=False)

    @cached_property
    def id(self) -> bytes:
        """Which key it is, which tells nothing of the key."""
        return _derived(self.key, b"", b"finops-duck: which key", _ID)

    def fresh(self, name: str) -> FileKey:
        """Make the key of a file that is about to be written; `name` is its path in the mirror."""
        return self._file_key(_SIGN + self.id + os.urandom(_SALT), name)

    def of(self, header: bytes, name: str) -> FileKey:
        """Derive the key of a file from what it begins with. Raises Broken, and OtherKey where it is."""
        if len(header) != HEADER or not header.startswith(_SIGN):
            raise Broken("it does not begin as a sealed file does")
        if header[len(_SIGN) : len(_SIGN) + _ID] != self.id:
            raise OtherKey("it was sealed with another key")
        return self._file_key(header, name)

    def _file_key(self, header: bytes, name: str) -> FileKey:
        about = b"finops-duck: a file of the mirror\n" + name.encode()
        return FileKey(header, _derived(self.key, header[-_SALT:], about, KEY_BYTES))


def _derived(key: bytes, salt: bytes, about: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=length, salt=salt or None, info=about).derive(key)


def name_in(mirror: Path, path: Path) -> str:
    """Name a file by its place in the mirror, as its key is bound to it; the home may move."""
    return path.relative_to(mirror).as_posix()


def header_of(path: Path) -> bytes | None:
    """Read what a sealed file begins with; nothing where the file is not sealed."""
    with path.open("rb") as file:
        header = file.read(HEADER)
    return header if header.startswith(_SIGN) else None


def sealed_size(size: int) -> int:
    """Say how many bytes a file of so many plain bytes takes when sealed."""
    return HEADER + size + max(-(-size // CHUNK), 1) * (_NONCE + _TAG)


def blocks(path: Path, key: FileKey | None) -> Iterator[bytes]:
    """Read a file's plain bytes, a MiB at a time; without a key it lies plain. Raises Broken."""
    with path.open("rb") as file:
        if key is None:
            while block := file.read(CHUNK):
                yield block
            return
        if file.read(HEADER) != key.header:
            raise Broken("it is another file than the one that was looked at")
        number, following = 0, file.read(SEALED_CHUNK)
        while True:
            chunk, following = following, file.read(SEALED_CHUNK)
            yield key.opened(number, chunk, last=not following)
            if not following:
                return
            number += 1


def sha256(path: Path, key: FileKey | None) -> str:
    """Add up a file's plain bytes. Raises Broken."""
    digest = hashlib.sha256()
    for block in blocks(path, key):
        digest.update(block)
    return digest.hexdigest()


def unseal(path: Path, key: FileKey, to: Path) -> Path:
    """Write a file's plain bytes elsewhere, readable by their owner alone. Raises Broken."""
    with os.fdopen(os.open(to, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
        for block in blocks(path, key):
            file.write(block)
    return to
