"""Is every refusal a problem that says what would be accepted, and nothing that it should not?"""

import json
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest
from starlette.types import Message

from finops_mcp import errors
from finops_mcp.errors import FinopsError, RefreshRunning
from finops_mcp.surfaces.rest import question
from finops_mcp.surfaces.rest.problems import kinds
from finops_mcp.toolbox.toolbox import Toolbox
from tests.surfaces.rest.conftest import app_over, client_of

JSON = {"Content-Type": "application/json"}


def told(answer: httpx.Response) -> tuple[int, str]:
    """Check what every problem keeps to; return its status and kind."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/docs#{problem['kind']}"
    assert problem["kind"] in kinds()
    assert problem["title"] == kinds()[problem["kind"]][1]
    assert problem["instance"] == answer.request.url.raw_path.decode().partition("?")[0]
    assert problem["detail"]
    assert len(problem["valid"]) <= 50
    return answer.status_code, problem["kind"]


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/v1/cost_bye", 404, "unknown-tool"),
        ("/v1/cost_by?nonsense=1", 422, "invalid-argument"),
        ("/v1/cost_by?top=many", 422, "invalid-argument"),
        ("/v1/cost_by?top=1&top=1", 422, "invalid-argument"),
        ("/v1/cost_by?filters=AmazonEC2", 422, "invalid-argument"),
        ("/v1/cost_by?filters=%7B", 422, "invalid-argument"),
        ("/v1/typed", 422, "invalid-argument"),
        ("/v1/typed?count=1&words=%5B%22%5Cud800%22%5D", 422, "invalid-argument"),
        ("/v1/cost_by?metric=price", 422, "unknown-metric"),
        ("/v1/cost_by?dimension=servce", 422, "unknown-dimension"),
        ("/v1/cost_by?start=2026-01-09&end=2026-01-02", 422, "backwards-dates"),
        ("/v1/cost_by?month=2019-01", 404, "no-data-for-period"),
        ("/v1/cost_by?metric=list_cost", 422, "measure-not-in-export"),
        ("/v1/cost_by/deeper", 404, "unknown-path"),
        ("/elsewhere", 404, "unknown-path"),
    ],
)
async def test_a_mistake_is_named(client: httpx.AsyncClient, address: str, status: int, kind: str) -> None:
    assert told(await client.get(address)) == (status, kind)


async def test_an_unknown_value_offers_near_ones(client: httpx.AsyncClient) -> None:
    wrong = {"filters": [{"dimension": "service_code", "values": ["AmazonEC3"]}]}
    answer = await client.post("/v1/cost_by", json=wrong)
    assert told(answer) == (422, "unknown-value")
    assert answer.json()["near"][0] == "AmazonEC2"
    assert "AmazonS3" in answer.json()["valid"]


async def test_an_empty_cache_is_not_zero(empty: Toolbox) -> None:
    async with client_of(empty) as client:
        assert told(await client.get("/v1/cost_by")) == (409, "no-data-yet")


async def test_what_we_did_not_foresee_keeps_its_text_to_itself(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="finops_mcp.rest"):
        answer = await client.get("/v1/broken")
    assert told(answer) == (500, "internal-error")
    assert "swordfish" not in answer.text
    assert "swordfish" in caplog.text


def every_error(parent: type[FinopsError] = FinopsError) -> Iterable[type[FinopsError]]:
    yield parent
    for child in parent.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from every_error(child)


@pytest.mark.parametrize("kind", list(every_error()), ids=lambda e: e.__name__)
async def test_every_error_of_ours_is_a_problem_with_its_status(
    toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch, kind: type[FinopsError]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        error = kind.__new__(kind)
        FinopsError.__init__(error, "It is so.", valid=[f"v{n}" for n in range(90)], near=["v7"])
        raise error

    monkeypatch.setattr(toolbox, "call", refuse)
    async with client_of(toolbox) as client:
        answer = await client.get("/v1/cost_by")
    assert told(answer)[0] == kind.status
    assert (len(answer.json()["valid"]), answer.json()["near"]) == (50, ["v7"])
    assert answer.json()["detail"].startswith("It is so.")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{", 400, "malformed-body"),
        (b"\xff\xfe", 400, "malformed-body"),
        (b"[]", 400, "malformed-body"),
        (b'{"top": 1, "top": 2}', 400, "malformed-body"),
        (b'{"top": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400, "malformed-body"),
        (b'{"top": ' + b"[" * 400 + b"]" * 400 + b"}", 422, "invalid-argument"),
        (b'{"count": NaN}', 422, "invalid-argument"),
        (b'{"words": ["\\ud800"], "count": 1}', 422, "invalid-argument"),
        (b'{"count": 1, "so-so": 1, "so_so": 1}', 422, "invalid-argument"),
        (b'{"count": ' + b"9" * 5_000 + b"}", 400, "malformed-body"),
        (b'{"count": "' + b"x" * 900_000 + b'"}', 422, "invalid-argument"),
        (b'{"count": "' + b"x" * 1_000_000 + b'"}', 413, "body-too-large"),
    ],
)
async def test_a_bad_body_is_refused(client: httpx.AsyncClient, body: bytes, status: int, kind: str) -> None:
    answer = await client.post("/v1/typed", content=body, headers=JSON)
    assert told(answer) == (status, kind)
    assert len(answer.content) < 10_000


async def test_a_large_body_is_refused_before_it_is_all_there(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 100_000
            yield b" " * 100_000

    assert told(await client.post("/v1/typed", content=endless(), headers=JSON)) == (413, "body-too-large")
    assert sent <= 1_200_000


async def test_a_slow_body_is_given_up(toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "BODY_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        import anyio

        yield b"{"
        await anyio.sleep(5)

    async with client_of(toolbox) as client:
        assert told(await client.post("/v1/typed", content=slow(), headers=JSON)) == (408, "body-too-slow")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "text/plain; application/json",
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_a_browser_cannot_post_here_from_another_site(
    client: httpx.AsyncClient, content_type: str | None, body: bytes
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await client.post("/v1/refresh_data", content=body, headers=headers)
    assert told(answer) == (415, "unsupported-media-type")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=UTF-8"])
async def test_json_is_read_whatever_its_letters(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post("/v1/typed", content=b'{"count": 1}', headers={"Content-Type": content_type})
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
async def test_what_writes_takes_post_alone(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/v1/refresh_data")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("address", ["/v1/cost_by", "/v1", "/docs", "/healthz", "/openapi.json"])
async def test_other_methods_are_refused(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.delete(address)
    assert told(answer) == (405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "text/event-stream"])
async def test_a_format_we_do_not_write_is_refused(client: httpx.AsyncClient, accept: str) -> None:
    answer = await client.get("/v1/cost_by", headers={"Accept": accept})
    assert told(answer) == (406, "not-acceptable")


async def test_problems_and_links_stay_below_a_proxys_prefix(toolbox: Toolbox) -> None:
    transport = httpx.ASGITransport(app_over(toolbox), root_path="/costs")
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        problem = (await client.get("/costs/v1/nothing")).json()
        listed = (await client.get("/costs/v1")).json()
        document = (await client.get("/costs/openapi.json")).json()
    assert problem["type"] == "/costs/docs#unknown-tool"
    assert listed["tools"][0]["href"].startswith("/costs/v1/")
    assert document["servers"] == [{"url": "/costs"}]


async def test_a_caller_gone_before_the_body_is_whole_is_left_alone(toolbox: Toolbox) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/typed", "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    await app_over(toolbox)(scope, receive, send)
    assert sent == []


async def test_a_refresh_that_is_running_is_named(toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise RefreshRunning("process 7")

    monkeypatch.setattr(toolbox, "call", refuse)
    async with client_of(toolbox) as client:
        answer = await client.post("/v1/refresh_data", json={})
        streamed = await client.post("/v1/refresh_data", json={}, headers={"Accept": "text/event-stream"})
    assert told(answer) == (409, "refresh-running")
    assert streamed.status_code == 200
    name, data, *_ = streamed.text.splitlines()
    assert name == "event: problem"
    assert json.loads(data.removeprefix("data: ")) == answer.json()
