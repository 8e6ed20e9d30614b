"""Is every refusal a problem that says what would be accepted, and nothing that it should not?"""

import json
import logging
from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from finops_mcp import errors
from finops_mcp.errors import FinopsError, RefreshRunning
from finops_mcp.toolbox.toolbox import Toolbox
from tests.surfaces.rest.conftest import app_over, client_of, told


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


@pytest.mark.parametrize("accept", ["image/webp", "application/json;q=0", "text/event-stream"])
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
