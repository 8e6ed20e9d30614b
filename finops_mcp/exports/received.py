"""A download on its way: what has arrived so far, and whether the whole is what the store says it is."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from finops_mcp.exports.partial import Partial, PlainPartial, SealedPartial
from finops_mcp.exports.sealed import Broken, Seal
from finops_mcp.exports.storage import Advance, Stored

_MD5 = re.compile(r"[0-9a-f]{32}")


class WrongBytes(Exception):
    """What arrived is not what the store says it holds; asking again may bring it right."""


class AnotherVersion(Exception):
    """The store holds another version of the object than the one that was listed."""


@dataclass(frozen=True)
class Promised:
    """What a store says the whole object adds up to: the kind of sum, and its value in hex."""

    kind: str
    value: str

    @classmethod
    def by(cls, answer: Mapping[str, Any], bucket: str) -> Promised:
        """Read a store's answer: the strongest checksum of the whole object that it offers.

        The checksum of an object uploaded in parts may be one of its parts' checksums, which says nothing
        without their sizes. An ETag is the MD5 of the content where it was uploaded in one part and not
        encrypted with a key of KMS or of the customer's own.
        """
        if answer.get("ChecksumType") != "COMPOSITE":
            for kind in ("SHA256", "CRC64NVME", "CRC32C", "SHA1", "CRC32"):
                given = answer.get(f"Checksum{kind}")
                if given and "-" not in given:
                    return cls(kind.lower(), base64.b64decode(given).hex())
        etag = str(answer.get("ETag", "")).strip('"')
        by_key = str(answer.get("ServerSideEncryption", "")).startswith("aws:kms")
        by_key = by_key or "SSECustomerAlgorithm" in answer
        if _MD5.fullmatch(etag) and not by_key and not bucket.endswith("--x-s3"):
            return cls("md5", etag)
        return cls("", "")


class Part:
    """The bytes of one version of an object that have arrived, in a file beside its place.

    The name holds the version, so that a download that was cut is gone on with only if the object is
    still the same; the next process may do so too.
    """

    def __init__(self, target: Path, stored: Stored, advance: Advance, seal: Seal | None, name: str) -> None:
        self._target = target
        self._stored = stored
        self._advance = advance
        version = hashlib.sha256(stored.version.encode()).hexdigest()[:12]
        ending = "sealed.part" if seal else "part"
        self._path = target.with_name(f".{target.name}.{version}.{ending}")
        for other in target.parent.glob(f".{_escaped(target.name)}.*.part"):
            if other != self._path:
                other.unlink()
        self._kept: Partial = (
            SealedPartial(self._path, stored.size, seal, name) if seal else PlainPartial(self._path)
        )
        self.promised: Promised | None = None
        self._told = 0
        if self.size > stored.size:
            self.begin_again()
        self._tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return self._kept.size

    def write(self, block: bytes) -> None:
        """Keep what has arrived."""
        self._kept.write(block)
        self._tell()

    def verify(self) -> None:
        """Hold the whole against what the store promised. Raises WrongBytes, and nothing is kept then."""
        assert self.promised is not None  # noqa: S101 - asked for before
        if self.size != self._stored.size:
            raise WrongBytes(f"{self.size} bytes arrived of {self._stored.size}")
        kind = self.promised.kind
        if not kind and isinstance(self._kept, PlainPartial):
            return
        try:
            found = checksum(self._kept.whole(), kind or "sha256")  # what lies sealed is opened in any case
        except Broken as error:
            self.begin_again()
            raise WrongBytes(f"what arrived before is not as it was kept: {error}") from error
        if kind and found != self.promised.value:
            self.begin_again()
            raise WrongBytes(f"what arrives does not have the {kind} that the store tells")

    def begin_again(self) -> None:
        """Throw away what has arrived."""
        self._kept.begin_again()

    def forget(self) -> None:
        """Leave nothing behind."""
        self._path.unlink(missing_ok=True)

    def settle(self) -> None:
        """Put the whole in its place."""
        self._kept.settle()
        self._path.replace(self._target)

    def _tell(self) -> None:
        """Tell of bytes the first time they arrive: what comes again is no progress."""
        new = self.size - self._told
        if new > 0:
            self._told += new
            self._advance(new)


def checksum(blocks: Iterable[bytes], kind: str) -> str:
    """Add up the bytes of a file, in hex."""
    if kind.startswith("crc"):
        from awscrt import checksums

        running: Callable[[bytes, int], int] = getattr(checksums, kind)
        value = 0
        for block in blocks:
            value = running(block, value)
        return f"{value:0{16 if kind == 'crc64nvme' else 8}x}"
    digest = hashlib.new(kind, usedforsecurity=False)  # it finds damage here, it guards no secret
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _escaped(name: str) -> str:
    return re.sub(r"([\[*?])", r"[\1]", name)
