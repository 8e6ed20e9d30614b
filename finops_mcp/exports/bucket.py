"""Exports in an S3 bucket, or any store that speaks S3, asked again where it stumbles."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from finops_mcp.errors import SourceChanged, SourceFailed, SourceForbidden, SourceNotFound
from finops_mcp.exports.patience import Patience, Pauses
from finops_mcp.exports.received import AnotherVersion, Part, Promised, WrongBytes
from finops_mcp.exports.sealed import Seal, name_in
from finops_mcp.exports.storage import Advance, Arrived, Requests, Stored

T = TypeVar("T")
_BLOCK = 1 << 16
"""What a stall may lose: a block is handed over when it is whole."""
_STEP_FORWARD = 1 << 20
_KINDS = {"ListObjectsV2": "lists", "GetObject": "gets", "HeadObject": "heads"}
_PASSING = {408, 429, 500, 502, 503, 504}
"""Answers after which the same request may succeed; 403 and 404 are not among them."""


class Bucket:
    """Exports in a bucket; they are mirrored in the bucket's own layout.

    botocore tries a request again, but not a body that is cut or stalls; so it is told never to try
    again, and all of it is done here, once.
    """

    moves = True

    def __init__(self, bucket: str, prefix: str, endpoint: str, patience: Patience | None = None) -> None:
        self.address = f"s3://{bucket}/{prefix}".rstrip("/")
        self.place = f"s3://{bucket}"
        self.requests = Requests()
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._endpoint = endpoint
        self._patience = patience or Patience()
        self._pauses = Pauses(self._patience)

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        client = boto3.client(
            "s3",
            endpoint_url=self._endpoint or None,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 1},
                connect_timeout=self._patience.silence,
                read_timeout=self._patience.silence,
            ),
        )

        def count(event_name: str, **_: Any) -> None:
            self.requests.count(_KINDS.get(event_name.rpartition(".")[2], "gets"))

        client.meta.events.register("before-send.s3", count)  # what is sent is charged, answered or not
        return client

    def list(self) -> list[Stored]:
        """List the objects below the prefix: one request for each thousand of them."""
        found: list[Stored] = []
        more: dict[str, str] = {}
        given = {"Bucket": self._bucket, "Prefix": self._prefix}
        while True:
            page = self._asked("s3:ListBucket", self.address, partial(self._page, **given, **more))
            found += [
                Stored(
                    o["Key"].removeprefix(self._prefix),
                    o["Size"],
                    o["ETag"].strip('"'),
                    o["LastModified"].isoformat(),
                )
                for o in page.get("Contents", ())
                if not o["Key"].endswith("/")
            ]
            if not page.get("IsTruncated"):
                return found
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _page(self, **given: str) -> Any:
        return self._client.list_objects_v2(**given)

    def read(self, key: str) -> bytes:
        """Read one small object."""

        def read() -> bytes:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            body = bytes(answer["Body"].read())
            self.requests.count("received", len(body))
            return body

        return self._asked("s3:GetObject", f"{self.address}/{key}", read)

    def whole_key(self, key: str) -> str:
        """Give the key of an object in the bucket."""
        return self._prefix + key

    def lies_at(self, key: str, mirror: Path) -> Path:
        """Say where an object is mirrored: never outside of its bucket's folder, whatever its key."""
        parts = [part for part in f"{self._prefix}{key}".split("/") if part not in {"", "."}]
        if ".." in parts or "\0" in key:
            raise SourceFailed(f"{self.address}/{key}", "its key leads out of the mirror")
        return mirror.joinpath(self._bucket, *parts)

    def fetch(self, stored: Stored, mirror: Path, advance: Advance, seal: Seal | None = None) -> Arrived:
        """Download one object into the mirror, going on where an earlier download was cut."""
        target = self.lies_at(stored.key, mirror)
        _private(target.parent, mirror)
        with Part(target, stored, advance, seal, name_in(mirror, target)) as part:
            try:
                held_against = self._asked(
                    "s3:GetObject",
                    f"{self.address}/{stored.key}",
                    partial(self._pull, stored, part),
                    so_far=lambda: part.size,
                )
            except (SourceChanged, SourceNotFound):
                part.forget()
                raise
            part.settle()
        return Arrived(target, held_against)

    def _pull(self, stored: Stored, part: Part) -> str:
        """Ask for what is missing of an object, and hold the whole against what the store says of it."""
        given: dict[str, Any] = {
            "Bucket": self._bucket,
            "Key": self._prefix + stored.key,
            "IfMatch": f'"{stored.version}"',
            "ChecksumMode": "ENABLED",
        }
        if part.size < stored.size or not part.size:
            beginning = part.size
            answer = self._client.get_object(
                **given, **({"Range": f"bytes={beginning}-"} if beginning else {})
            )
            if answer.get("ETag", "").strip('"') not in {"", stored.version}:
                raise AnotherVersion("its ETag is no longer the one that was listed")
            if not answer.get("ContentRange"):
                part.begin_again()  # the store sends the whole, whatever was asked
                part.promised = Promised.by(answer, self._bucket)
            if part.size + answer["ContentLength"] != stored.size:
                raise AnotherVersion("the download was cut short: its size is not the one that was listed")
            for block in answer["Body"].iter_chunks(_BLOCK):
                self.requests.count("received", len(block))
                part.write(block)
        if part.promised is None:
            part.promised = Promised.by(self._client.head_object(**given), self._bucket)
        part.verify()
        return part.promised.kind

    def _asked(
        self, action: str, where: str, ask: Callable[[], T], so_far: Callable[[], int] = lambda: 0
    ) -> T:
        """Ask, and ask again where the store stumbles; every step forward earns new patience."""
        with _told(action, where):
            failures = 0
            while True:
                before = so_far()
                try:
                    return ask()
                except Exception as error:
                    failures = 1 if so_far() - before >= _STEP_FORWARD else failures + 1
                    if not _is_passing(error) or not self._pauses.before_another_try(failures):
                        raise


def _is_passing(error: Exception) -> bool:
    """Tell what may be otherwise the next time from what will not."""
    from botocore.exceptions import (
        ClientError,
        FlexibleChecksumError,
        HTTPClientError,
        IncompleteReadError,
        ResponseStreamingError,
        SSLError,
    )
    from botocore.parsers import ResponseParserError

    if isinstance(error, ClientError):
        return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") in _PASSING
    stumbles = (
        HTTPClientError,
        IncompleteReadError,
        ResponseStreamingError,
        FlexibleChecksumError,
        ResponseParserError,
        WrongBytes,
    )
    return isinstance(error, stumbles) and not isinstance(error, SSLError)


@contextlib.contextmanager
def _told(action: str, where: str) -> Iterator[None]:
    """Turn what S3 answers into our own words."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except NoCredentialsError as error:
        raise SourceForbidden(where, f"{action}, and no credentials were found") from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = error.response.get("Error", {}).get("Code", "")
        if code == "RequestTimeTooSkewed":
            raise SourceFailed(
                where, "the clock of this machine is too far from that of the store"
            ) from error
        if status == 403:  # noqa: PLR2004 - the HTTP status itself
            raise SourceForbidden(where, action) from error
        if code in {"NoSuchBucket", "NoSuchKey", "404"}:
            what = "bucket" if code == "NoSuchBucket" else "object"
            raise SourceNotFound(f"There is no such {what}: {where}.") from error
        kind = SourceChanged if status == 412 else SourceFailed  # noqa: PLR2004 - the HTTP status itself
        raise kind(where, f"the store answered {code} ({status})") from error
    except AnotherVersion as error:
        raise SourceChanged(where, str(error)) from error
    except (BotoCoreError, ResponseParserError, WrongBytes, ValueError) as error:  # ValueError: no address
        raise SourceFailed(where, str(error)) from error


def _private(folder: Path, above: Path) -> None:
    """Make a folder, and those between it and one above, readable by their owner alone."""
    between = [folder, *folder.parents]
    for each in reversed(between[: between.index(above) + 1] if above in between else between[:1]):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
