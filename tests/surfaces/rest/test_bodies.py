"""Is a body that is no question refused, early, and can no other site's page send one?"""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message

from finops_mcp.surfaces.rest import question
from finops_mcp.toolbox.toolbox import Toolbox
from tests.surfaces.rest.conftest import app_over, client_of, told

JSON = {"Content-Type": "application/json"}


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
