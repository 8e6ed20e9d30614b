"""Over a real server: are answers streamed, progress told, and questions dropped when the caller goes?"""

import json
import sys
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import anyio
import httpx
import pytest

from finops_mcp.surfaces.rest import events
from finops_mcp.surfaces.rest.events import EventStream, event
from finops_mcp.toolbox.asking import Tell
from finops_mcp.toolbox.toolbox import Toolbox, as_json
from tests.surfaces.rest.conftest import RESOURCES, client_of, served

EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def address(toolbox: Toolbox) -> Iterator[str]:
    with served(toolbox) as base:
        yield base


def state() -> list[str]:
    return sys.modules["finops_mcp_tools.endless"].STATE  # type: ignore[no-any-return]


def wait_for(said: Callable[[], bool], seconds: float) -> float:
    began = monotonic()
    while not said() and monotonic() - began < seconds:
        sleep(0.005)
    return monotonic() - began


def read_events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith(":")]
        if lines:
            name, data = lines
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_rows_are_streamed(address: str) -> None:
    asked = f"{address}/v1/cost_by?dimension=resource_id&top=1000"
    with httpx.stream("GET", asked, headers={"Accept": "application/x-ndjson"}) as answer:
        assert answer.headers["transfer-encoding"] == "chunked"
        assert sum(1 for _ in answer.iter_lines()) == 1 + RESOURCES


@pytest.mark.parametrize(
    ("method", "headers"),
    [("GET", {}), ("GET", {"Accept": "application/x-ndjson"}), ("POST", {}), ("POST", EVENTS)],
)
@pytest.mark.fault(35)
def test_a_caller_who_goes_takes_the_query_along(address: str, method: str, headers: dict[str, str]) -> None:
    state().clear()
    body = b"{}" if method == "POST" else None
    headers = headers | ({"Content-Type": "application/json"} if method == "POST" else {})
    with pytest.raises(httpx.ReadTimeout):
        httpx.request(method, f"{address}/v1/endless", headers=headers, timeout=0.5, content=body)
    assert wait_for(lambda: "Cancelled" in state(), 5) < 1
    assert state() == ["started", "Cancelled"]
    assert httpx.get(f"{address}/v1/cost_by").status_code == 200


def test_a_refused_body_does_not_spoil_the_connection(address: str) -> None:
    with httpx.Client() as client:
        for _ in range(3):
            large = client.post(
                f"{address}/v1/typed", content=b" " * 5_000_000, headers={"Content-Type": "application/json"}
            )
            assert large.status_code == 413
            assert client.get(f"{address}/v1/typed?count=1").status_code == 200


async def test_a_refresh_tells_its_progress_and_then_its_answer(empty: Toolbox) -> None:
    async with client_of(empty) as client:
        answer = await client.post("/v1/refresh_data", json={}, headers=EVENTS)
        assert answer.headers["content-type"].startswith("text/event-stream")
        *progress, (last, told) = read_events(answer.text)
        assert progress
        assert {name for name, _ in progress} == {"progress"}
        assert progress[-1][1]["message"] == "Published"
        assert progress[-1][1]["done"] == progress[-1][1]["total"] > 0
        assert last == "answer"
        assert told["summary"].startswith("1 of 1 deliveries")
        assert (await client.get("/v1/cost_by")).status_code == 200


async def test_the_answer_event_is_exactly_the_structured_answer(
    toolbox: Toolbox, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/v1/cost_by", json={"top": 2}, headers=EVENTS)
    assert answer.content == event("answer", as_json(toolbox.call("cost_by", {"top": 2})))


async def test_a_mistake_has_its_status_before_a_stream_begins(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/cost_by", json={"metric": "price"}, headers=EVENTS)
    assert (answer.status_code, answer.json()["kind"]) == (422, "unknown-metric")


async def test_a_fault_while_it_runs_is_the_last_event(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/broken", json={}, headers=EVENTS)
    [(name, problem)] = read_events(answer.text)
    assert (name, problem["kind"]) == ("problem", "internal-error")
    assert "swordfish" not in answer.text


async def stream(work: Callable[[Tell], Any], pause: float = 0) -> list[bytes]:
    """Run an event stream for a reader who takes his time over every part."""
    parts: list[bytes] = []

    async def receive() -> Any:
        await anyio.sleep_forever()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            parts.append(message["body"])
            await anyio.sleep(pause)

    await EventStream(work)({}, receive, send)
    return parts


async def test_a_slow_reader_misses_steps_and_holds_nothing_up() -> None:
    finished: list[float] = []
    began = anyio.current_time()

    async def work(tell: Tell) -> bytes:
        for step in range(1000):
            await tell("working", step, 1000)
            await anyio.lowlevel.checkpoint()
        finished.append(anyio.current_time() - began)
        return event("answer", "{}")

    parts = await stream(work, pause=0.2)
    assert finished[0] < 0.2
    assert len(parts) < 5
    assert parts[-1].endswith(b"event: answer\ndata: {}\n\n")
    assert b"".join(parts).count(b"event: progress") < 5
    assert b'"done": 999' in b"".join(parts)


async def test_a_silent_question_shows_that_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "STILL_HERE_SECONDS", 0.02)

    async def work(_tell: Tell) -> bytes:
        await anyio.sleep(0.1)
        return event("answer", "{}")

    parts = await stream(work)
    assert parts[0].startswith(b": ")
    assert parts[-1] == event("answer", "{}")
