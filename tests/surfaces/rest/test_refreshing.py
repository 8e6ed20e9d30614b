"""Over REST: is a refresh done once for a key, and is it told how fresh the data is?"""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from starlette.applications import Starlette

from finops_mcp.surfaces.rest import exception_handlers, routes
from tests.support.homes import TinyHome, charge
from tests.tools.tiny import toolbox_at

Make = Callable[[], TinyHome]
KEY = "Idempotency-Key"


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver([charge("1")])
    return made


@pytest.fixture
async def http(made: TinyHome) -> AsyncIterator[httpx.AsyncClient]:
    toolbox = toolbox_at(made.home.path, source=str(made.bucket), refresh_cron="0 6 * * *")
    app = Starlette(routes=routes(toolbox), exception_handlers=exception_handlers())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=30
    ) as client:
        yield client


@pytest.mark.parametrize("again", ["8e03978e-40d5", '"8e03978e-40d5"'], ids=["plain", "quoted"])
async def test_the_same_key_and_body_give_the_same_answer_without_a_second_refresh(
    again: str, made: TinyHome, http: httpx.AsyncClient
) -> None:
    first = await http.post("/v1/refresh_data", json={}, headers={KEY: "8e03978e-40d5"})
    assert first.status_code == 200
    generation = made.generation
    second = await http.post("/v1/refresh_data", json={}, headers={KEY: again})
    assert second.content == first.content
    assert "1 of 1 deliveries" in second.json()["summary"]
    assert made.generation == generation


async def test_the_same_key_with_another_body_is_refused(made: TinyHome, http: httpx.AsyncClient) -> None:
    await http.post("/v1/refresh_data", json={}, headers={KEY: "k"})
    generation = made.generation
    refused = await http.post("/v1/refresh_data", json={"download_up_to_gb": 1}, headers={KEY: "k"})
    assert refused.status_code == 422
    assert refused.json()["kind"] == "idempotency-key-reused"
    assert made.generation == generation


async def test_a_key_in_the_body_is_the_same_as_one_in_the_header(http: httpx.AsyncClient) -> None:
    first = await http.post("/v1/refresh_data", json={"idempotency_key": "k"})
    assert "1 of 1 deliveries" in first.json()["summary"]
    again = await http.post("/v1/refresh_data", json={}, headers={KEY: "k"})
    assert again.content == first.content
    both = await http.post("/v1/refresh_data", json={"idempotency_key": "k"}, headers={KEY: "l"})
    assert both.status_code == 422


@pytest.mark.parametrize("key", ["", '""', "x" * 256])
async def test_a_key_of_no_or_too_many_characters_is_refused(
    key: str, made: TinyHome, http: httpx.AsyncClient
) -> None:
    refused = await http.post("/v1/refresh_data", json={}, headers={KEY: key})
    assert refused.status_code == 422
    assert not made.home.pointer.exists()


async def test_readiness_is_having_data_and_tells_its_age(made: TinyHome, http: httpx.AsyncClient) -> None:
    before = await http.get("/readyz")
    assert before.status_code == 503
    assert before.json() == {"status": "empty", "last_error": None}
    assert (await http.get("/healthz")).json() == {"status": "alive"}
    made.refresh()
    told = await http.get("/readyz")
    assert told.status_code == 200
    assert told.headers["cache-control"] == "no-store"
    found = told.json()
    assert found["status"] == "ready"
    assert 0 <= found["age_seconds"] < 600
    assert found["next_refresh_at"].endswith("T06:00Z")
    assert found["last_error"] is None
