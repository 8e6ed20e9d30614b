"""What does a tool call cost beside one that does nothing, and what do a hundred callers at once wait?

usage: python -m benchmarks.serving [LINE_ITEMS] [CLIENTS] [SECONDS]
"""

import asyncio
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from benchmarks.load import NEWEST, OLDER, Load, clients_at_once, load, mcp_request, rest_request
from benchmarks.measure import measured
from benchmarks.organisation import write_export
from benchmarks.questions import SHAPES, different_questions, question
from finops_mcp.app import App
from finops_mcp.settings import Settings

NOTHING = '''"""The envelope of an answer, and no question."""

from finops_mcp import Answer, tool


@tool("What does asking cost?")
def nothing() -> Answer:
    """Nothing."""
    return Answer(summary="Nothing.", columns=[], rows=[], totals={}, total_rows=0, truncated=False)
'''
KINDS = ("asked again", "asked anew")
MOST_MORE_MS, MOST_P95_MS = 10, 500
_TIMES = 30
_never_asked = itertools.count(1)
_COMMAND = [sys.executable, "-m", "finops_mcp", "serve"]

Ask = Callable[[str, dict[str, Any]], Awaitable[None]]


def p95(times: Sequence[float]) -> float:
    """Give the time that 95 of a hundred stay within."""
    return statistics.quantiles(times, n=20)[-1]


async def one_caller(transport: str, ask: Ask) -> dict[str, float]:
    """Print nothing's time, then that of questions asked again and anew, all by turns.

    Gives, of each kind, the most that the median of any shape is above nothing's.
    """
    taken: dict[tuple[str, str], list[float]] = {}

    async def timed(kind: str, shape: str, tool: str, arguments: dict[str, Any]) -> None:
        began = time.perf_counter()
        await ask(tool, arguments)
        taken.setdefault((kind, shape), []).append(1000 * (time.perf_counter() - began))

    for shape in SHAPES:
        await ask("cost_by", question(shape, 0))
    await ask("nothing", {})
    for _ in range(_TIMES):
        for shape in SHAPES:
            await timed("nothing", shape, "nothing", {})
            await timed("asked again", shape, "cost_by", question(shape, 0))
            await timed("asked anew", shape, "cost_by", question(shape, next(_never_asked)))
    least = statistics.median(_together(taken, "nothing"))
    for kind in ("nothing", *KINDS):
        times = _together(taken, kind)
        median = statistics.median(times)
        more = "" if kind == "nothing" else f"  {median - least:+6.1f} ms  {median / least:5.1f} times"
        print(f"{transport:<18} {kind:<12} median {median:6.1f} ms  p95 {p95(times):6.1f} ms{more}")
    return {
        kind: max(statistics.median(times) for (of, _), times in taken.items() if of == kind) - least
        for kind in KINDS
    }


def _together(taken: dict[tuple[str, str], list[float]], kind: str) -> list[float]:
    return [t for (of, _), times in taken.items() if of == kind for t in times]


async def through_client(transport: str, server: Any, mode: str) -> dict[str, float]:
    """Ask through the Python client."""
    async with Client(server, mode=mode) as client:

        async def ask(tool: str, arguments: dict[str, Any]) -> None:
            answer = await client.call_tool(tool, arguments)
            if answer.is_error:
                raise RuntimeError(answer)

        return await one_caller(transport, ask)


async def through_rest(address: str) -> dict[str, float]:
    """Ask over REST."""
    async with httpx.AsyncClient(base_url=address) as http:

        async def ask(tool: str, arguments: dict[str, Any]) -> None:
            (await http.post(f"/v1/{tool}", json=arguments)).raise_for_status()

        return await one_caller("REST", ask)


def at_once(what: str, clients: int, work: Callable[..., Load], *arguments: Any) -> Load:
    """Print what callers at once met, from a process of their own."""
    run = measured(work, *arguments)
    found: Load = run.result
    times = found.milliseconds
    print(
        f"{clients:>4} at once  {what:<28} p50 {statistics.median(times):6.0f} ms  p95 {p95(times):6.0f} ms"
        f"  most {max(times):6.0f} ms  {len(times) / found.seconds:7,.0f} a second"
        f"  {len(found.failures)} of {len(times):,} failed  (the callers' own CPU {run.cpu_seconds:.1f} s)"
    )
    for failure in found.failures[:3]:
        print(f"  failed: {failure}")
    return found


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """Serve over HTTP as our command does, on any port, until the block ends."""
    with subprocess.Popen(
        [*_COMMAND, "--http", "--port", "0"], env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr  # noqa: S101 - it was asked for
        said = server.stderr.readline()
        try:
            yield said.split()[2]
        finally:
            server.terminate()


async def one_by_one(environment: dict[str, str], address: str) -> dict[str, float]:
    """Ask every way, one caller at a time; give the most that each kind of question costs above nothing."""
    stdio = StdioServerParameters(command=_COMMAND[0], args=_COMMAND[1:], env=environment)
    found = [
        await through_client(f"stdio, {NEWEST}", stdio, NEWEST),
        await through_client(f"stdio, {OLDER}", stdio, "legacy"),
        await through_client(f"HTTP, {NEWEST}", f"{address}/mcp", NEWEST),
        await through_client(f"HTTP, {OLDER}", f"{address}/mcp", "legacy"),
        await through_rest(address),
    ]
    return {kind: max(of[kind] for of in found) for kind in KINDS}


def all_at_once(address: str, clients: int, seconds: float) -> dict[str, list[Load]]:
    """Ask every way over HTTP, many callers at once; give what each kind of question met."""
    host = address.removeprefix("http://")
    at_once(
        f"nothing, {NEWEST}",
        clients,
        load,
        host,
        [mcp_request(host, "nothing", {}, era=NEWEST)],
        clients,
        seconds,
    )
    found: dict[str, list[Load]] = {}
    for kind, asked in zip(KINDS, ([question(s, 0) for s in SHAPES], different_questions()), strict=True):
        ways = {
            NEWEST: [mcp_request(host, "cost_by", q, era=NEWEST) for q in asked],
            OLDER: [mcp_request(host, "cost_by", q, era=OLDER) for q in asked],
            "REST": [rest_request(host, "cost_by", q) for q in asked],
        }
        found[kind] = [
            at_once(f"{kind}, {way}", clients, load, host, requests, clients, seconds)
            for way, requests in ways.items()
        ]
    at_once("asked anew, Python clients", clients, clients_at_once, address, clients, seconds)
    return found


def main() -> None:
    """Print one caller's times every way, then what many at once wait, and whether both are as promised."""
    line_items = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 100  # noqa: PLR2004 - a position
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 10.0  # noqa: PLR2004 - a position
    folder = Path(tempfile.gettempdir()) / "finops-bench"
    write_export(folder / str(line_items), line_items)
    home, tools = folder / "serving-home", folder / "serving-tools"
    shutil.rmtree(home, ignore_errors=True)
    App(Settings.read(home=home)).refresher.refresh(str(folder / str(line_items)))
    tools.mkdir(exist_ok=True)
    (tools / "nothing.py").write_text(NOTHING)
    environment = {**os.environ, "FINOPS_HOME": str(home), "FINOPS_TOOLS": str(tools)}
    print(
        f"{line_items:,} line items, {os.cpu_count()} cores, {_TIMES} calls of each kind"
        f" of each of {len(SHAPES)} questions, by turns"
    )
    with served(environment) as address:
        more = asyncio.run(one_by_one(environment, address))
        met = all_at_once(address, clients, seconds)
    for kind in KINDS:
        slowest = max(p95(found.milliseconds) for found in met[kind])
        failed = sum(len(found.failures) for found in met[kind])
        print(
            f"{kind}: at most {more[kind]:.1f} ms more than nothing (promised {MOST_MORE_MS});"
            f" {clients} at once, p95 at most {slowest:.0f} ms (promised {MOST_P95_MS}), {failed} failed"
        )


if __name__ == "__main__":
    main()
