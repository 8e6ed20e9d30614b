"""How far a question has got, as server-sent events, and then its answer."""

import json
from collections.abc import Awaitable, Callable

import anyio
from starlette.types import Receive, Scope, Send

from finops_mcp.surfaces.rest.formats import EVENTS, HEADERS
from finops_mcp.toolbox.asking import Tell

STILL_HERE_SECONDS = 15.0
"""Proxies close a silent connection after about a minute; a comment keeps it open."""

_STILL_HERE = b": still at work\n\n"


def event(name: str, data: str) -> bytes:
    """Write one event; JSON has no line breaks of its own."""
    return f"event: {name}\ndata: {data}\n\n".encode()


class EventStream:
    """An answer that tells its progress first.

    Only the newest progress waits to be sent: a slow reader misses steps, and never holds up the work.
    """

    def __init__(self, work: Callable[[Tell], Awaitable[bytes]]) -> None:
        self._work = work
        self._progress = b""
        self._last: bytes | None = None
        self._news = anyio.Event()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send every event, the last one when the work is done."""
        told = {**HEADERS, "Content-Type": f"{EVENTS}; charset=utf-8", "X-Accel-Buffering": "no"}
        headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._run)
            more = True
            while more:
                with anyio.move_on_after(STILL_HERE_SECONDS):
                    await self._news.wait()
                self._news = anyio.Event()
                more = self._last is None
                part = self._progress + (self._last or b"")
                self._progress = b""
                await send({"type": "http.response.body", "body": part or _STILL_HERE, "more_body": more})

    async def _run(self) -> None:
        self._last = await self._work(self._tell)
        self._news.set()

    async def _tell(self, message: str, done: float, total: float | None) -> None:
        told = {"message": message, "done": done, "total": total}
        self._progress = event("progress", json.dumps(told, ensure_ascii=False))
        self._news.set()
