"""How long does a query go on after its caller has left?

usage: python -m benchmarks.cancelling [TIMES]
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from benchmarks.organisation import write_export
from finops_mcp.app import App
from finops_mcp.settings import Settings

MOST_MS = 100
_COMMAND = [sys.executable, "-m", "finops_mcp", "serve"]
# The clock is the machine's and not a process's: what the tool notes can be compared with our time.
_ENDLESS = '''"""A query that never ends, and notes when it did."""

import time
from pathlib import Path

from finops_mcp import Answer, Costs, tool


@tool("How long is a piece of string?")
def endless(costs: Costs, *, note: str) -> Answer:
    """Runs until it is stopped."""
    Path(note).write_text("begun")
    try:
        costs.ask("select count(*) from range(10000000) a, range(10000000) b where a.range % 7 < b.range % 5")
    finally:
        Path(note).write_text(str(time.monotonic()))
    raise AssertionError
'''


def noted(note: Path, *, but: set[str]) -> str:
    """Wait until a note says something else than `but`."""
    while not note.exists() or (said := note.read_text()) in {"", *but}:
        time.sleep(0.005)
    return said


async def stopped_after(client: Client, note: Path) -> float:
    """Ask, leave once the query runs, and give the milliseconds that it went on."""
    left = 0.0
    async with anyio.create_task_group() as tasks:
        scope = anyio.CancelScope()

        async def ask() -> None:
            with scope:
                await client.call_tool("endless", {"note": str(note)})

        tasks.start_soon(ask)
        await anyio.to_thread.run_sync(lambda: noted(note, but=set()))
        await anyio.sleep(0.2)
        left = time.monotonic()
        scope.cancel()
    ended = await anyio.to_thread.run_sync(lambda: noted(note, but={"begun"}))
    return 1000 * (float(ended) - left)


@asynccontextmanager
async def over_stdio(environment: dict[str, str]) -> AsyncIterator[Client]:
    """Start a server as an assistant does."""
    started = StdioServerParameters(command=_COMMAND[0], args=_COMMAND[1:], env=environment)
    async with Client(started) as client:
        yield client


@asynccontextmanager
async def over_http(environment: dict[str, str]) -> AsyncIterator[Client]:
    """Start a server that listens, and reach it in the newest era."""
    command = [*_COMMAND, "--http", "--port", "0"]
    async with await anyio.open_process(command, env=environment, stdout=None) as server:
        assert server.stderr  # noqa: S101 - it is piped
        address = (await server.stderr.receive()).decode().split()[2]
        async with Client(f"{address}/mcp", mode="2026-07-28") as client:
            yield client
        server.terminate()


async def measure(times: int, folder: Path) -> None:
    """Print how long queries went on, over each transport."""
    home, tools = folder / "home", folder / "tools"
    write_export(folder / "exports", 10_000)
    App(Settings.read({}, home=home)).refresher.refresh(str(folder / "exports"))
    tools.mkdir()
    (tools / "endless.py").write_text(_ENDLESS)
    plain = {k: v for k, v in os.environ.items() if not k.startswith("FINOPS_")}
    environment = {**plain, "FINOPS_HOME": str(home), "FINOPS_TOOLS": str(tools)}
    reach: dict[str, Any] = {"stdio": over_stdio, "streamable HTTP": over_http}
    for transport, connected in reach.items():
        async with connected(environment) as client:
            await client.call_tool("cost_by", {})
            taken = [await stopped_after(client, folder / f"note-{transport}-{n}") for n in range(times)]
        verdict = "within" if max(taken) <= MOST_MS else "beyond"
        median, longest = statistics.median(taken), max(taken)
        said = f"median {median:5.1f} ms, longest {longest:5.1f} ms of {times}: {verdict} {MOST_MS} ms"
        print(f"{transport:<16} {said}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20, Path(place)))
