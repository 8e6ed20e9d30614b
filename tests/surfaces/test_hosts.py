"""Does the server answer to its own names only, and to no page of another site?"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from finops_mcp.surfaces.hosts import LOCAL, HostCheck, named
from tests.surfaces.serving import served
from tests.tools.tiny import charge, home_of


async def _hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def checked(*more: str) -> ASGIApp:
    return HostCheck(Starlette(routes=[Route("/", _hello)]), [*LOCAL, *more])


def status(app: ASGIApp, *headers: tuple[str, str]) -> int:
    return TestClient(app).get("/", headers=[*headers]).status_code


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "localhost:8642", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:65535",
    ],
)  # fmt: skip
def test_a_name_of_this_machine_is_answered_on_any_port(host: str) -> None:
    assert status(checked(), ("host", host)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "localhost.evil.example", "evil.example:8642", "127.0.0.1.evil.example", "127.0.0.2",
        "0.0.0.0", "[::]", "[::2]:80", "", "localhost@evil.example", "evil.example@localhost",  # noqa: S104
        "localhost:", "localhost:x", "localhost:999999", "localhost/evil", "localhost evil.example", "::1",
        "localhost,evil",
    ],
)  # fmt: skip
def test_any_other_name_is_misdirected(host: str) -> None:
    assert status(checked(), ("host", host)) == 421


def test_two_names_at_once_are_misdirected() -> None:
    assert status(checked(), ("host", "localhost"), ("host", "localhost")) == 421


@pytest.mark.parametrize("origin", ["http://localhost:8642", "https://127.0.0.1", "http://[::1]:3000"])
def test_pages_of_this_machine_may_ask(origin: str) -> None:
    assert status(checked(), ("host", "localhost"), ("origin", origin)) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example", "null", "", "file://", "http://localhost.evil.example", "localhost",
        "http://localhost@evil.example", "http://evil.example#localhost", "ftp://localhost", "http://localhost/x",
    ],
)  # fmt: skip
def test_pages_of_other_sites_are_forbidden(origin: str) -> None:
    assert status(checked(), ("host", "localhost"), ("origin", origin)) == 403


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("finops.example", "finops.example:443"),
        ("FinOps.Example", "finops.example"),
        ("finops.example:8642", "finops.example"),
        ("fd00::7", "[fd00::7]:8642"),
        ("[fd00::7]:8642", "[FD00::7]"),
    ],
)
def test_a_name_that_is_allowed_is_answered_however_it_was_written(given: str, host: str) -> None:
    assert status(checked(given), ("host", host)) == 200
    assert status(checked(given), ("host", host), ("origin", f"https://{host}")) == 200
    assert status(checked(), ("host", host)) == 421
    assert named(given) == named(host)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("tiny")
    home_of(folder, [charge("1")])
    with served(folder / "home", ["finops.example"]) as address:
        yield address


@pytest.mark.parametrize(
    "path", ["/mcp", "/sse", "/messages/", "/v1", "/v1/cost_by", "/openapi.json", "/docs"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_every_path_is_behind_the_check(url: str, path: str, method: str) -> None:
    with httpx.Client(base_url=url) as client:
        assert client.request(method, path, headers={"Host": "evil.example"}).status_code == 421
        assert client.request(method, path, headers={"Origin": "http://evil.example"}).status_code == 403


def test_the_check_lets_questions_through(url: str) -> None:
    with httpx.Client(base_url=url) as client:
        assert client.get("/v1/cost_by", headers={"Host": "finops.example"}).status_code == 200
        assert client.get("/v1/cost_by").status_code == 200
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        headers = {"Accept": "application/json, text/event-stream", "Host": "finops.example"}
        assert client.post("/mcp", json=ping, headers=headers).status_code == 200


def test_no_home_is_touched_by_a_request_that_is_refused(tmp_path: Path) -> None:
    with served(tmp_path / "home") as address:
        httpx.get(f"{address}/v1/cost_by", headers={"Host": "evil.example"})
    assert not (tmp_path / "home").exists()
