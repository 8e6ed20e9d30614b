"""Are alerts and refreshes streamed as they happen, from where a reader was, until the server ends?"""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from finops_mcp.surfaces.limits import GRACE_SECONDS
from finops_mcp.surfaces.rest import event_stream
from tests.support.homes import TinyHome, charge
from tests.surfaces.rest.conftest import told
from tests.surfaces.serving import running
from tests.surfaces.test_schedule_live import serving
from tests.tools.tiny import app_at

Make = Callable[[], TinyHome]
PATIENCE = 30
MOST_SILENCES = 3


@dataclass(frozen=True)
class Sent:
    """One event as it came."""

    id: int
    name: str
    data: dict[str, Any]


def reading(lines: Iterator[str]) -> Iterator[Sent]:
    """Read a stream as the specification of server-sent events has it; where nothing comes for long, fail."""
    fields: dict[str, str] = {}
    silences = 0
    for line in lines:
        silences += line.startswith(":")
        assert silences < MOST_SILENCES
        if line:
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        elif fields:
            yield Sent(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    """A home that was refreshed once, which raised that its one charge is old."""
    made = tiny_home()
    made.deliver([charge("1")])
    app_at(made.home.path, source=str(made.bucket)).refresher.refresh()
    return made


@pytest.fixture
def address(made: TinyHome) -> Iterator[str]:
    app = app_at(made.home.path, source=str(made.bucket)).http()
    with running(app, timeout_graceful_shutdown=1) as base:
        yield f"{base}/v1/events"


@contextmanager
def open_stream(address: str, **how: Any) -> Iterator[tuple[httpx.Response, Iterator[Sent]]]:
    with httpx.stream("GET", address, timeout=PATIENCE, **how) as stream:
        yield stream, reading(stream.iter_lines())


def test_what_happens_from_now_on_is_told(made: TinyHome, address: str) -> None:
    with open_stream(address) as (stream, sent):
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        httpx.post(address.replace("events", "refresh_data"), json={}, timeout=PATIENCE).raise_for_status()
        event = next(sent)
    assert event.name == "refresh.same"
    assert event.data["outcome"] == "same"
    assert event.data["generation"] == made.generation.removesuffix(".duckdb")


def test_a_reader_goes_on_from_where_it_was(address: str) -> None:
    with open_stream(address, params={"after": "0"}) as (_, sent):
        first, second = next(sent), next(sent)
    assert (first.name, second.name) == ("refresh.published", "alert.raised")
    assert second.data["title"].startswith("The newest charge of 104816291057 is ")
    assert second.data["figures"]["last_charge"] == "2026-01-05T07:00Z"
    with open_stream(address, headers={"Last-Event-ID": str(first.id)}) as (_, sent):
        assert next(sent) == second
    later = {"Last-Event-ID": "999999"}  # of another home: what happens here from now on is told
    with open_stream(address, headers=later) as (_, sent):
        httpx.post(address.replace("events", "refresh_data"), json={}, timeout=PATIENCE).raise_for_status()
        assert next(sent).id == second.id + 1


def test_a_silent_stream_says_that_it_is_still_here(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "STILL_HERE_SECONDS", 0.05)
    with httpx.stream("GET", address, timeout=PATIENCE) as stream:
        assert next(line for line in stream.iter_lines() if line) == ": still here"


@pytest.mark.parametrize("said", ["yesterday", "-1", "1.5", "9" * 5000])
def test_what_is_no_id_is_refused(address: str, said: str) -> None:
    answer = httpx.get(address, params={"after": said})
    assert told(answer) == (422, "invalid-argument")


def test_what_cannot_be_had_is_refused_as_everywhere(address: str) -> None:
    assert told(httpx.get(address, headers={"accept": "application/json"})) == (406, "not-acceptable")
    assert told(httpx.post(address, json={})) == (405, "method-not-allowed")
    head = httpx.head(address)
    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")


def test_open_streams_end_in_peace_when_the_server_does(made: TinyHome) -> None:
    """By their own end, and not cut when the grace is over; so the server need not wait for it."""
    with serving(made.home.path) as (address, server):
        listen = {
            "jsonrpc": "2.0", "id": "l", "method": "subscriptions/listen",
            "params": {
                "notifications": {"resourceSubscriptions": ["costs://alerts"]},
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": {},
                },
            },
        }  # fmt: skip
        how = {
            "accept": "application/json, text/event-stream",
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": "subscriptions/listen",
        }
        with (
            open_stream(f"{address}/v1/events", params={"after": "0"}) as (events, sent),
            httpx.stream("POST", f"{address}/mcp", json=listen, headers=how, timeout=PATIENCE) as stream,
        ):
            next(sent)
            lines = stream.iter_lines()
            acknowledged = next(line for line in lines if line.startswith("data:"))
            assert "subscriptions/acknowledged" in acknowledged
            server.send_signal(signal.SIGTERM)
            rest = [line for line in lines if line.startswith("data:")]
            assert '"id":"l"' in rest[-1].replace(" ", "")  # the result, which says that it is meant
            assert [s.name for s in sent] == ["alert.raised"]
            assert events.is_stream_consumed
        assert server.wait(GRACE_SECONDS + 10) in {0, -signal.SIGTERM}


def test_a_home_without_records_streams_what_comes(tmp_path: Path) -> None:
    with running(app_at(tmp_path / "home").http(), timeout_graceful_shutdown=1) as base:
        assert httpx.head(f"{base}/v1/events").status_code == 200
