"""A store that speaks enough of S3 to be read from, logs what it was asked, and fails as it is told."""

import base64
import hashlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from awscrt import checksums

from finops_mcp.exports.patience import Patience

HURRIED = Patience(tries=4, silence=1, first_pause=0.001, longest_pause=0.01, all_pauses=5)
_RANGE = re.compile(r"bytes=(\d+)-$")


@dataclass
class Kept:
    """One object, as S3 keeps it: its checksum is of what was put there, whatever is sent."""

    body: bytes
    etag: str
    modified: datetime
    checksum: str


@dataclass(frozen=True)
class Asked:
    """One request, as the store's log has it."""

    kind: str
    key: str
    begins: int = 0


@dataclass
class Fault:
    """What goes wrong with the next requests of a kind whose key holds some text.

    `status` answers with an error; `cut` sends so many bytes and hangs up; `stall` sends so many and then
    nothing; `flip` changes one byte on the way; `slow` waits between pieces; `before` is done first.
    """

    kind: str = "GET"
    holds: str = ""
    times: int = 1
    status: int = 0
    code: str = ""
    cut: int | None = None
    stall: int | None = None
    flip: int | None = None
    slow: float = 0
    before: Any = None


@dataclass
class FaultStore:
    """The store: its objects, its log, and what is to go wrong."""

    bucket: str = "exports"
    endpoint: str = ""
    objects: dict[str, Kept] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    checksums: bool = True
    plain_etags: bool = True
    page: int = 1000
    over: threading.Event = field(default_factory=threading.Event)
    _clock: datetime = datetime(2026, 2, 1, tzinfo=UTC)

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}"

    def put(self, key: str, body: bytes) -> None:
        """Keep an object; every putting is a second later than the one before."""
        self._clock += timedelta(seconds=1)
        md5 = hashlib.md5(body).hexdigest()  # noqa: S324 - as S3 does
        crc = base64.b64encode(checksums.crc64nvme(body).to_bytes(8, "big")).decode()
        self.objects[key] = Kept(body, md5 if self.plain_etags else f"{md5}-2", self._clock, crc)

    def put_folder(self, folder: Path) -> None:
        """Keep every file of a folder that is not kept already, data before what names it, as AWS does."""
        files = [p for p in folder.rglob("*") if p.is_file()]
        for path in sorted(files, key=lambda p: (p.suffix == ".json", p)):
            key, body = path.relative_to(folder).as_posix(), path.read_bytes()
            if key not in self.objects or self.objects[key].body != body:
                self.put(key, body)
        here = {path.relative_to(folder).as_posix() for path in files}
        for gone in set(self.objects) - here:
            del self.objects[gone]

    def fails(self, **how: Any) -> Fault:
        """Have something go wrong."""
        fault = Fault(**how)
        self.faults.append(fault)
        return fault

    def counted(self, kind: str, holds: str = "") -> int:
        """Count the requests of a kind in the log."""
        return sum(asked.kind == kind and holds in asked.key for asked in self.log)

    def due(self, kind: str, key: str) -> Fault:
        """Give what goes wrong with one request; a fault that does nothing where all is well."""
        for fault in self.faults:
            if fault.kind == kind and fault.holds in key and fault.times > 0:
                fault.times -= 1
                if fault.before:
                    fault.before()
                return fault
        return Fault()


class _Answer(BaseHTTPRequestHandler):
    """Answers one request of S3's protocol."""

    protocol_version = "HTTP/1.1"
    store: FaultStore

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        _, _, key = unquote(url.path).lstrip("/").partition("/")
        if key:
            self._object("GET", key)
        else:
            self._listing({k: v[0] for k, v in parse_qs(url.query).items()})

    def do_HEAD(self) -> None:
        self._object("HEAD", unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2])

    def _listing(self, asked: dict[str, str]) -> None:
        prefix, after = asked.get("prefix", ""), asked.get("continuation-token", "")
        self.store.log.append(Asked("LIST", prefix))
        fault = self.store.due("LIST", prefix)
        if fault.status:
            self._refuse(fault.status, fault.code)
            return
        keys = sorted(k for k in self.store.objects if k.startswith(prefix) and k > after)
        shown, more = keys[: self.store.page], len(keys) > self.store.page
        contents = "".join(
            f"<Contents><Key>{escape(k)}</Key><LastModified>{o.modified:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f'<ETag>"{o.etag}"</ETag><Size>{len(o.body)}</Size></Contents>'
            for k in shown
            for o in [self.store.objects[k]]
        )
        token = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        text = (
            f"<ListBucketResult><Name>{self.store.bucket}</Name><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{token}{contents}</ListBucketResult>"
        )
        self._send(200, {"Content-Type": "application/xml"}, text.encode(), fault)

    def _object(self, kind: str, key: str) -> None:
        found = _RANGE.match(self.headers.get("Range", ""))
        begins = int(found[1]) if found else 0
        self.store.log.append(Asked(kind, key, begins))
        fault = self.store.due(kind, key)
        kept = self.store.objects.get(key)
        if fault.status or kept is None:
            self._refuse(fault.status or 404, fault.code or "NoSuchKey")
            return
        if self.headers.get("If-Match", kept.etag).strip('"') != kept.etag:
            self._refuse(412, "PreconditionFailed")
            return
        if begins and begins >= len(kept.body):
            self._refuse(416, "InvalidRange")
            return
        headers = {"ETag": f'"{kept.etag}"', "Last-Modified": format_datetime(kept.modified, usegmt=True)}
        if self.store.checksums and not begins:
            headers |= {"x-amz-checksum-crc64nvme": kept.checksum, "x-amz-checksum-type": "FULL_OBJECT"}
        if begins:
            headers["Content-Range"] = f"bytes {begins}-{len(kept.body) - 1}/{len(kept.body)}"
        self._send(206 if begins else 200, headers, kept.body[begins:], fault)

    def _refuse(self, status: int, code: str) -> None:
        text = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self._send(status, {"Content-Type": "application/xml"}, text, Fault())

    def _send(self, status: int, headers: dict[str, str], body: bytes, fault: Fault) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault.flip is not None and body:
            at = fault.flip % len(body)
            body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        if fault.cut is not None or fault.stall is not None:
            self.wfile.write(body[: fault.cut if fault.cut is not None else fault.stall])
            self.wfile.flush()
            if fault.stall is not None:
                self.store.over.wait(10)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault.slow:
            for at in range(0, len(body), max(len(body) // 5, 1)):
                self.wfile.write(body[at : at + max(len(body) // 5, 1)])
                self.wfile.flush()
                time.sleep(fault.slow)
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of callers that hang up."""


@contextmanager
def fault_store() -> Iterator[FaultStore]:
    """Run a store on a port of its own."""
    store = FaultStore()
    server = _Server(("127.0.0.1", 0), type("Answer", (_Answer,), {"store": store}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    store.endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        yield store
    finally:
        store.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
