"""A receiver of webhooks on this machine, which answers as it is told to."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from finops_mcp.settings import Settings

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def is_signed(self) -> bool:
        """Verify it as a receiver does, its time too."""
        return self.is_signed_by_our_secret() and abs(time.time() - self.at) < 300

    @property
    def at(self) -> int:
        return int(self.headers["webhook-timestamp"])

    def is_signed_by_our_secret(self) -> bool:
        """Verify it with another implementation than ours; raises where it is not."""
        message, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        code = HMAC(bytes(range(32)), hashes.SHA256())
        code.update(f"{message}.{at}.".encode() + self.body)
        code.verify(base64.b64decode(self.headers["webhook-signature"].removeprefix("v1,")))
        return True


@dataclass
class Receiver:
    """What came, and what is answered: each answer once, the last one from then on."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    received: list[Received] = field(default_factory=list)
    port: int = 0
    silent: Event = field(default_factory=Event)
    """While set, nothing is answered."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=hush"

    def answer(self) -> tuple[int, dict[str, str]]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def settings(self, home: Path, **more: str) -> Settings:
        """Give settings that send here."""
        given = {
            "FINOPS_ALERT_WEBHOOK": self.address,
            "FINOPS_ALERT_HOSTS": "127.0.0.1",
            "FINOPS_ALERT_SECRET": "env:SIGNED_WITH",
            "SIGNED_WITH": SECRET,
            "FINOPS_COUNT_ANSWERS": "no",
        }
        return Settings.read(given | more, home=home)


@contextmanager
def receiving(tls: SSLContext | None = None) -> Iterator[Receiver]:
    """Receive on a port of one's own until the block ends."""
    receiver, over = Receiver(), Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            while receiver.silent.is_set() and not over.wait(0.01):
                pass
            status, more = receiver.answer()
            self.send_response(status)
            for name, value in {"content-length": "0", **more}.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - what a followed redirect would come as

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
