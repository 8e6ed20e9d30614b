"""Where exports lie: a folder or a bucket, behind one interface."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from finops_mcp.errors import SourceFailed, SourceForbidden, SourceNotFound

Advance = Callable[[int], None]
"""Called with the number of bytes that have arrived since the last call."""


@dataclass(frozen=True)
class Stored:
    """One object of a storage: its key below the root, its size and what tells versions apart."""

    key: str
    size: int
    version: str


class Storage(Protocol):
    """A place that exports are read from. Keys are relative to its root, with forward slashes."""

    address: str

    def list(self) -> list[Stored]:
        """List every object below the root, in the order of the keys."""

    def read(self, key: str) -> bytes:
        """Read one small object, such as a manifest."""

    def to_fetch(self, stored: Stored, mirror: Path) -> int:
        """Count the bytes that would have to be moved to bring one object onto this machine."""

    def fetch(self, stored: Stored, mirror: Path, advance: Advance) -> Path:
        """Bring one object onto this machine and say where it lies; what is here already is not moved."""


def open_storage(address: str, *, endpoint: str = "") -> Storage:
    """Open `s3://bucket/prefix` or a folder or file of this machine.

    Raises SourceNotFound where there is no such folder; a bucket is first asked when it is listed.
    """
    if address.startswith("s3://"):
        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        if not bucket:
            raise SourceNotFound(f"{address!r} names no bucket; write s3://bucket/prefix.")
        return Bucket(bucket, prefix.strip("/"), endpoint)
    path = Path(address).expanduser().absolute()
    if not path.exists():
        raise SourceNotFound(f"There is no file or folder at {path}.")
    return Folder(path)


class Folder:
    """Exports in a folder of this machine; they are read where they lie."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._root = path.parent if path.is_file() else path
        self._only = path if path.is_file() else None

    def list(self) -> list[Stored]:
        """List the files below the folder; hidden ones are nobody's export."""
        found = [self._only] if self._only else sorted(p for p in self._root.rglob("*") if p.is_file())
        return [
            Stored(p.relative_to(self._root).as_posix(), s.st_size, f"{s.st_size}-{s.st_mtime_ns}")
            for p in found
            if not any(part.startswith(".") for part in p.relative_to(self._root).parts)
            for s in [p.stat()]
        ]

    def read(self, key: str) -> bytes:
        """Read one small file."""
        return (self._root / key).read_bytes()

    def to_fetch(self, stored: Stored, mirror: Path) -> int:  # noqa: ARG002 - nothing moves
        """Count nothing: the files are on this machine."""
        return 0

    def fetch(self, stored: Stored, mirror: Path, advance: Advance) -> Path:  # noqa: ARG002 - nothing moves
        """Say where the file lies."""
        advance(stored.size)
        return self._root / stored.key


class Bucket:
    """Exports in an S3 bucket, or any store that speaks S3; they are mirrored in the bucket's own layout."""

    def __init__(self, bucket: str, prefix: str, endpoint: str) -> None:
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._endpoint = endpoint
        self._opened: Any = None

    @property
    def _client(self) -> Any:
        if self._opened is None:
            import boto3
            from botocore.config import Config

            self._opened = boto3.client(
                "s3",
                endpoint_url=self._endpoint or None,
                config=Config(retries={"mode": "standard", "max_attempts": 5}),
            )
        return self._opened

    def list(self) -> list[Stored]:
        """List the objects below the prefix."""
        with self._told("s3:ListBucket", self.address):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            return [
                Stored(o["Key"].removeprefix(self._prefix), o["Size"], o["ETag"].strip('"'))
                for page in pages
                for o in page.get("Contents", ())
                if not o["Key"].endswith("/")
            ]

    def read(self, key: str) -> bytes:
        """Read one small object."""
        with self._told("s3:GetObject", f"{self.address}/{key}"):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            return bytes(answer["Body"].read())

    def to_fetch(self, stored: Stored, mirror: Path) -> int:
        """Count the bytes of one object, unless this very version of it is in the mirror already."""
        return 0 if self._is_mirrored(stored, mirror) else stored.size

    def fetch(self, stored: Stored, mirror: Path, advance: Advance) -> Path:
        """Download one object into the mirror, unless this very version is there already."""
        target = self._mirrored(stored.key, mirror)
        if self._is_mirrored(stored, mirror):
            advance(stored.size)
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        with self._told("s3:GetObject", f"{self.address}/{stored.key}"):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + stored.key, IfMatch=stored.version
            )
            with part.open("wb") as file:
                for block in answer["Body"].iter_chunks(1 << 20):
                    file.write(block)
                    advance(len(block))
        if part.stat().st_size != stored.size:
            part.unlink()
            raise SourceFailed(f"{self.address}/{stored.key}", "the download was cut short")
        note = _version_note(target)
        note.unlink(missing_ok=True)
        part.replace(target)
        note.write_text(stored.version)
        return target

    def _is_mirrored(self, stored: Stored, mirror: Path) -> bool:
        target = self._mirrored(stored.key, mirror)
        if not target.exists() or target.stat().st_size != stored.size:
            return False
        return _text(_version_note(target)) == stored.version

    def _mirrored(self, key: str, mirror: Path) -> Path:
        """Say where an object is mirrored: never outside of its bucket's folder, whatever its key."""
        parts = [part for part in f"{self._prefix}{key}".split("/") if part not in {"", "."}]
        if ".." in parts or "\0" in key:
            raise SourceFailed(f"{self.address}/{key}", "its key leads out of the mirror")
        return mirror.joinpath(self._bucket, *parts)

    @contextlib.contextmanager
    def _told(self, action: str, where: str) -> Iterator[None]:
        """Turn what S3 answers into our own words."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        try:
            yield
        except NoCredentialsError as error:
            raise SourceForbidden(where, f"{action}, and no credentials were found") from error
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            code = error.response.get("Error", {}).get("Code", "")
            if status == 403:  # noqa: PLR2004 - the HTTP status itself
                raise SourceForbidden(where, action) from error
            if code in {"NoSuchBucket", "NoSuchKey", "404"}:
                what = "bucket" if code == "NoSuchBucket" else "object"
                raise SourceNotFound(f"There is no such {what}: {where}.") from error
            raise SourceFailed(where, f"the store answered {code} ({status})") from error
        except (BotoCoreError, ValueError) as error:  # ValueError: an endpoint that is no address
            raise SourceFailed(where, str(error)) from error


def _version_note(target: Path) -> Path:
    return target.with_name(f".{target.name}.version")


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
