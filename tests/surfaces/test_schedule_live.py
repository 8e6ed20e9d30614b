"""Our own command with a schedule: does it refresh beside its answers, and end with what it started?"""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from finops_mcp.cache.freshness import Timing
from finops_mcp.cache.history import last_attempt
from finops_mcp.cache.published import roll_back
from finops_mcp.surfaces.limits import GRACE_SECONDS
from finops_mcp.surfaces.schedule import refreshed_apart
from tests.support.homes import TinyHome, charge
from tests.surfaces.serving import COMMAND, environment

Make = Callable[[], TinyHome]
IN_TIME = GRACE_SECONDS + 10
PATIENCE = 30


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    return made


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run `serve --http` with some settings until the block ends."""
    with subprocess.Popen(
        [*COMMAND, "--verbose", "serve", "--http", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(FINOPS_HOME=str(home), **settings),
    ) as server:
        assert server.stderr
        address = next(line for line in server.stderr if "listening on" in line).split()[2]
        log: list[str] = []
        reading = threading.Thread(target=lambda: log.extend(server.stderr or ()))
        reading.start()
        try:
            yield address, server
        finally:
            server.kill()
            server.wait(IN_TIME)
            reading.join(IN_TIME)
            print("".join(log))  # noqa: T201 - shown where the test fails


def soon(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    assert holds()


@pytest.fixture
def stalled() -> Iterator[dict[str, str]]:
    """Settings of a source that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {
            "FINOPS_S3_ENDPOINT": f"http://127.0.0.1:{server.getsockname()[1]}",
            "FINOPS_STALE_AFTER_HOURS": "0.000001",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


def test_an_empty_home_is_filled_at_start_while_the_server_answers(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("7.25")])
    settings = {
        "FINOPS_SOURCE": str(made.bucket),
        "FINOPS_STALE_AFTER_HOURS": "24",
        "FINOPS_REFRESH_CRON": "0 6 * * *",
    }
    with serving(made.home.path, **settings) as (address, _):
        assert httpx.get(f"{address}/healthz").json() == {"status": "alive"}
        soon(lambda: httpx.get(f"{address}/readyz").status_code == 200)
        told = httpx.get(f"{address}/readyz").json()
        assert told["status"] == "ready"
        assert told["last_error"] is None
        assert told["next_refresh_at"].endswith("T06:00Z")
        answer = httpx.get(f"{address}/v1/cost_by", params={"month": "2026-01"}).json()
        assert answer["totals"] == {"effective_cost": "7.25"}


def holder(home: Path) -> int:
    """Give the process that refreshes a home, 0 while there is none."""
    lock = home / "refresh.lock"
    words = lock.read_text().split() if lock.exists() else []
    return int(words[1]) if words else 0


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_a_refresh_under_way_leaves_answers_alone_and_ends_with_the_server(
    how: signal.Signals, made: TinyHome, stalled: dict[str, str]
) -> None:
    made.home.source_note.write_text("s3://bucket/exports")
    before = holder(made.home.path)
    with serving(made.home.path, **stalled) as (address, server):
        soon(lambda: holder(made.home.path) not in {0, before})
        child = holder(made.home.path)
        assert child != server.pid
        answer = httpx.get(f"{address}/v1/cost_by", params={"month": "2026-01"}).json()
        assert answer["totals"] == {"effective_cost": "1.00"}
        assert answer["caveats"][-1].startswith("The data is stale: last refreshed ")
        refused = httpx.post(f"{address}/v1/refresh_data", json={})
        assert refused.status_code == 409
        assert refused.json()["kind"] == "refresh-running"
        assert is_alive(child)
        server.send_signal(how)
        server.wait(IN_TIME)
        soon(lambda: not is_alive(child))


def test_over_stdio_a_refresh_ends_when_the_client_leaves(made: TinyHome, stalled: dict[str, str]) -> None:
    made.home.source_note.write_text("s3://bucket/exports")
    before = holder(made.home.path)
    with subprocess.Popen(
        [*COMMAND, "serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(FINOPS_HOME=str(made.home.path), **stalled),
    ) as server:
        assert server.stdin
        assert server.stdout
        soon(lambda: holder(made.home.path) not in {0, before})
        child = holder(made.home.path)
        hello = {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"},
        }  # fmt: skip
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        server.stdin.write(json.dumps(message).encode() + b"\n")
        server.stdin.flush()
        assert json.loads(server.stdout.readline())["id"] == 1
        server.stdin.close()
        server.wait(IN_TIME)
        soon(lambda: not is_alive(child))


async def test_a_rollback_that_comes_between_is_no_failure(made: TinyHome) -> None:
    made.deliver([charge("2")], execution="second")
    made.refresh()
    roll_back(made.home)
    outcome = await refreshed_apart(made.home, Timing())
    assert outcome.said.startswith("A rollback holds generation 1 since ")
    assert not outcome.failed


async def test_a_process_that_ends_without_a_word_is_told_as_a_failure(
    made: TinyHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINOPS_THREADS", "none")  # it ends before it can refresh
    outcome = await refreshed_apart(made.home, Timing())
    assert outcome.failed
    assert outcome.said.startswith("the process that refreshed ended with status ")
    noted = last_attempt(made.home)
    assert noted is not None
    assert noted.error == outcome.said


def test_a_refresh_that_fails_is_logged_and_told(made: TinyHome, tmp_path: Path) -> None:
    made.home.source_note.write_text(str(tmp_path / "gone"))
    settings = {"FINOPS_STALE_AFTER_HOURS": "0.000001"}
    with serving(made.home.path, **settings) as (address, _):
        soon(lambda: httpx.get(f"{address}/readyz").json()["last_error"])
        told = httpx.get(f"{address}/readyz").json()
        assert told["status"] == "stale"
        assert str(tmp_path / "gone") in told["last_error"]
        status = httpx.get(f"{address}/v1/data_status").json()
        assert any(str(tmp_path / "gone") in said for said in status["freshness"])
        assert "The last refresh failed" in status["caveats"][-1]
