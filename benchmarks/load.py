"""Many callers at once, as light as can be: prepared bytes over plain sockets, answers looked at, not parsed.

A real client spends more on reading an answer than the server on writing it, and would be what is measured
where both share two cores. Each caller keeps its connection and asks again as soon as it has been answered.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp.client.client import Client

from benchmarks.questions import different_questions

NEWEST, OLDER = "2026-07-28", "2025-11-25"
_WARM_UP_SECONDS = 1.0


@dataclass
class Load:
    """What callers at once met: the milliseconds of every answer, and every answer that was none."""

    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


def mcp_request(host: str, tool: str, arguments: dict[str, Any], *, era: str) -> bytes:
    """Prepare a tool call over streamable HTTP; both eras are stateless here, so nothing comes before it."""
    params: dict[str, Any] = {"name": tool, "arguments": arguments}
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": era}
    if era == NEWEST:
        about = "io.modelcontextprotocol/"
        params["_meta"] = {
            f"{about}protocolVersion": era,
            f"{about}clientInfo": {"name": "load", "version": "1"},
            f"{about}clientCapabilities": {},
        }
        headers |= {"Mcp-Method": "tools/call", "Mcp-Name": tool}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return _post(host, "/mcp", headers, message)


def rest_request(host: str, tool: str, arguments: dict[str, Any]) -> bytes:
    """Prepare the same question over REST."""
    return _post(host, f"/v1/{tool}", {"Accept": "application/json"}, arguments)


def _post(host: str, path: str, headers: dict[str, str], body: Any) -> bytes:
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content


def load(host: str, requests: Sequence[bytes], clients: int, seconds: float) -> Load:
    """Ask from many callers at once for some seconds, the first one left out; each takes the next request."""
    return asyncio.run(_load(host, requests, clients, seconds))


async def _load(host: str, requests: Sequence[bytes], clients: int, seconds: float) -> Load:
    found = Load()
    following = itertools.cycle(requests)
    began = time.perf_counter() + _WARM_UP_SECONDS
    async with asyncio.TaskGroup() as callers:
        for _ in range(clients):
            callers.create_task(_caller(host, following, found, began, began + seconds))
    found.seconds = time.perf_counter() - began
    return found


async def _caller(host: str, following: Iterator[bytes], found: Load, began: float, until: float) -> None:
    name, port = host.rsplit(":", 1)
    reader, writer = await asyncio.open_connection(name, int(port), limit=2**20)
    while (asked := time.perf_counter()) < until:
        writer.write(next(following))
        status, body = await _answer(reader)
        answered = time.perf_counter()
        if answered < began:  # by the end and not the start: else the slowest would not count
            continue
        found.milliseconds.append(1000 * (answered - asked))
        if b" 200 " not in status or b'"summary"' not in body or b'"isError":true' in body:
            found.failures.append((status + body)[:300].decode(errors="replace"))
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status, _, rest = head.partition(b"\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in rest.strip().split(b"\r\n"))
    if b"content-length" in headers:
        return status, await reader.readexactly(int(headers[b"content-length"]))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return status, body


def clients_at_once(address: str, clients: int, seconds: float) -> Load:
    """Ask from that many whole Python clients in one process."""

    async def caller(found: Load, number: int, until: float) -> None:
        async with Client(f"{address}/mcp", mode=NEWEST) as client:
            questions = different_questions()
            while (asked := time.perf_counter()) < until:
                number += clients
                answer = await client.call_tool("cost_by", questions[number % len(questions)])
                found.milliseconds.append(1000 * (time.perf_counter() - asked))
                if answer.is_error:
                    found.failures.append(str(answer.content))

    async def everyone() -> Load:
        found, began = Load(), time.perf_counter()
        async with asyncio.TaskGroup() as callers:
            for number in range(clients):
                callers.create_task(caller(found, number, began + seconds))
        found.seconds = time.perf_counter() - began
        return found

    return asyncio.run(everyone())
