"""When the server is told to stop, is what is in flight finished or cancelled, and does it end in time?"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from finops_mcp.surfaces.limits import GRACE_SECONDS
from tests.surfaces.serving import COMMAND, environment

IN_TIME = GRACE_SECONDS + 10
SLOW = '''
import os, time
from pathlib import Path
from finops_mcp import Answer, Costs, tool

@tool("How long does a short question take?")
def slow(costs: Costs, *, started: str) -> Answer:
    """Takes a second and a half, and then answers."""
    Path(started).touch()
    time.sleep(1.5)
    return Answer(summary="Done.", columns=[], rows=[], totals={}, total_rows=0, truncated=False)
'''
STUCK = '''
from pathlib import Path
from finops_mcp import Answer, Costs, tool

@tool("How long is a piece of string?")
def stuck(costs: Costs, *, started: str) -> Answer:
    """Runs until it is stopped."""
    Path(started).touch()
    costs.ask("select count(*) from range(10000000) a, range(10000000) b where a.range % 7 < b.range % 5")
    raise AssertionError
'''


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "slow.py").write_text(SLOW)
    (folder / "stuck.py").write_text(STUCK)
    return folder


class Served:
    """Our command, serving HTTP."""

    def __init__(self, home: Path, tools: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--http", "--port", str(port)],
            stderr=subprocess.PIPE,
            env=environment(FINOPS_HOME=str(home), FINOPS_TOOLS=str(tools)),
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.address}/healthz")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError

    def stop(self) -> tuple[int, float]:
        """Tell it to stop; give its status and how long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(IN_TIME), time.monotonic() - began


@pytest.fixture
def http(tiny: Path, tools: Path) -> Iterator[Served]:
    server = Served(tiny / "home", tools)
    yield server
    server.process.kill()
    server.process.communicate()


def begun(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert path.exists()


def call(address: str, tool: str, started: Path) -> httpx.Response:
    message = {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": {"started": str(started)}},
    }  # fmt: skip
    headers = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25"}
    return httpx.post(f"{address}/mcp", json=message, headers=headers, timeout=IN_TIME)


def test_a_short_question_in_flight_is_still_answered(http: Served, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        over_mcp = pool.submit(call, http.address, "slow", tmp_path / "mcp")
        rest = {"started": str(tmp_path / "rest")}
        over_rest = pool.submit(httpx.post, f"{http.address}/v1/slow", json=rest, timeout=IN_TIME)
        begun(tmp_path / "mcp")
        begun(tmp_path / "rest")
        status, seconds = http.stop()
        assert over_rest.result().json()["summary"] == "Done."
        assert '"summary":"Done."' in over_mcp.result().text
    assert seconds < IN_TIME
    assert status in {0, -signal.SIGTERM}


def test_a_long_question_in_flight_is_cancelled_and_the_server_ends(http: Served, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        stuck = pool.submit(call, http.address, "stuck", tmp_path / "mcp")
        begun(tmp_path / "mcp")
        status, seconds = http.stop()
        assert stuck.exception() is not None or "Done." not in stuck.result().text
    assert seconds < IN_TIME
    assert status in {0, -signal.SIGTERM}


def test_an_open_stream_does_not_keep_the_server_from_ending(http: Served) -> None:
    with httpx.stream("GET", f"{http.address}/sse", timeout=IN_TIME) as stream:
        assert next(stream.iter_lines()) == "event: endpoint"
        status, seconds = http.stop()
    assert seconds < IN_TIME
    assert status in {0, -signal.SIGTERM}


@pytest.mark.parametrize("how", ["closed", "terminated"])
def test_over_stdio_a_long_question_is_cancelled_when_the_client_leaves(
    tiny: Path, tools: Path, tmp_path: Path, how: str
) -> None:
    with subprocess.Popen(
        [*COMMAND, "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(FINOPS_HOME=str(tiny / "home"), FINOPS_TOOLS=str(tools)),
    ) as process:
        assert process.stdin
        hello = {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"},
        }  # fmt: skip
        started = tmp_path / "started"
        for message in (
            {"id": 1, "method": "initialize", "params": hello},
            {"method": "notifications/initialized"},
            {
                "id": 2, "method": "tools/call",
                "params": {"name": "stuck", "arguments": {"started": str(started)}},
            },
        ):  # fmt: skip
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
            process.stdin.flush()
        begun(started)
        if how == "closed":
            process.stdin.close()
        else:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(IN_TIME) in {0, -signal.SIGTERM}
