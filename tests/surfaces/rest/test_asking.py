"""Does REST give exactly the toolbox's answer, in every format, however the question is written?"""

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finops_mcp.toolbox.text import markdown
from finops_mcp.toolbox.toolbox import MOST_BYTES, Toolbox, as_json
from tests.surfaces.rest.conftest import RESOURCES, client_of

FILTER = {"dimension": "service_code", "op": "in", "values": ["AmazonEC2", "Amazon&<RDS>"]}
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("cost_by", {}),
    ("cost_by", {"month": "2026-01", "metric": "unblended_cost"}),
    ("cost_by", {"dimension": ["service_code", "sub_account_id"], "top": 3}),
    ("cost_by", {"dimension": ["resource_id"], "top": 5, "filters": [FILTER]}),
    ("cost_by", {"start": "2026-01-03", "end": "2026-01-05", "compare": "previous_period"}),
    ("cost_trend", {}),
    ("data_status", {}),
    ("typed", {"count": 7, "ratio": 0.25, "sure": True, "words": ["a", "b,c", ""]}),
]


def query(arguments: dict[str, Any]) -> str:
    """Write arguments as a person would in an address: lists by repetition, objects as JSON."""
    pairs = [
        (name, v)
        for name, value in arguments.items()
        for v in (value if isinstance(value, list) else [value])
    ]
    return urlencode([(name, v if isinstance(v, str) else json.dumps(v)) for name, v in pairs])


@pytest.mark.parametrize(("tool", "arguments"), QUESTIONS)
async def test_the_body_is_exactly_the_structured_answer(
    toolbox: Toolbox, client: httpx.AsyncClient, tool: str, arguments: dict[str, Any]
) -> None:
    exact = as_json(toolbox.call(tool, arguments)).encode()
    by_query = await client.get(f"/v1/{tool}?{query(arguments)}")
    by_body = await client.post(f"/v1/{tool}", json=arguments)
    assert (by_query.status_code, by_body.status_code) == (200, 200), by_query.text
    assert by_query.content == exact
    assert by_body.content == exact
    assert by_query.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "address",
    [
        "/v1/cost-by?dimension=service_code&dimension=sub_account_id&top=3",
        '/v1/cost_by?dimension=["service_code","sub_account_id"]&top=3',
        "/v1/cost_by/?dimension=service_code&dimension=sub_account_id&top=3",
    ],
)
async def test_the_same_question_may_be_spelt_in_several_ways(
    toolbox: Toolbox, client: httpx.AsyncClient, address: str
) -> None:
    exact = as_json(toolbox.call("cost_by", {"dimension": ["service_code", "sub_account_id"], "top": 3}))
    assert (await client.get(address, follow_redirects=True)).text == exact


async def test_dashes_and_underscores_are_alike(toolbox: Toolbox, client: httpx.AsyncClient) -> None:
    exact = as_json(toolbox.call("typed", {"count": 1, "two_words": "x"}))
    for name in ("two-words", "two_words"):
        assert (await client.get(f"/v1/typed?count=1&{name}=x")).text == exact
        assert (await client.post("/v1/typed", json={"count": 1, name: "x"})).text == exact
    twice = await client.get("/v1/typed?count=1&two-words=x&two_words=y")
    assert (twice.status_code, twice.json()["kind"]) == (422, "invalid-argument")


async def test_filters_are_one_array_or_repeated_objects(toolbox: Toolbox, client: httpx.AsyncClient) -> None:
    other = {"dimension": "sub_account_id", "op": "eq", "values": ["215530417762"]}
    exact = as_json(toolbox.call("cost_by", {"filters": [FILTER, other]}))
    at_once = urlencode({"filters": json.dumps([FILTER, other])})
    repeated = urlencode([("filters", json.dumps(FILTER)), ("filters", json.dumps(other))])
    assert (await client.get(f"/v1/cost_by?{at_once}")).text == exact
    assert (await client.get(f"/v1/cost_by?{repeated}")).text == exact
    assert exact != as_json(toolbox.call("cost_by", {}))


async def test_query_and_body_may_share_a_question_but_not_a_parameter(
    toolbox: Toolbox, client: httpx.AsyncClient
) -> None:
    exact = as_json(toolbox.call("cost_by", {"top": 2, "metric": "billed_cost"}))
    assert (await client.post("/v1/cost_by?top=2", json={"metric": "billed_cost"})).text == exact
    twice = await client.post("/v1/cost_by?top=2", json={"top": 2})
    assert (twice.status_code, twice.json()["kind"]) == (422, "invalid-argument")


async def test_markdown_is_the_text_that_assistants_see(toolbox: Toolbox, client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/cost_by", headers={"Accept": "text/markdown"})
    assert answer.text == markdown(toolbox.call("cost_by", {}))
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"


async def test_lines_hold_every_row_beyond_the_cap(toolbox: Toolbox, client: httpx.AsyncClient) -> None:
    address = "/v1/cost_by?dimension=resource_id&top=1000"
    capped = await client.get(address)
    assert capped.json()["truncated"]
    assert len(capped.content) <= MOST_BYTES
    answer = await client.get(address, headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    head, *rows = (json.loads(line) for line in answer.text.splitlines())
    assert len(rows) == head["total_rows"] == RESOURCES
    assert (head["truncated"], "rows" in head) == (False, False)
    assert head["totals"] == capped.json()["totals"]
    whole = toolbox.call("cost_by", {"dimension": ["resource_id"], "top": 1000}, whole=True)
    assert [list(row.values()) for row in rows] == whole.rows
    assert list(rows[0]) == head["columns"]


async def test_lines_keep_columns_of_one_name_apart(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/twins", headers={"Accept": "application/x-ndjson"})
    head, row = (json.loads(line) for line in answer.text.splitlines())
    assert (head["columns"], row) == (["a", "a_2"], {"a": 1, "a_2": 2})


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/markdown, */*", "text/markdown"),
        ("text/*", "text/markdown"),
        ("application/json;q=0.5, text/markdown;q=0.9", "text/markdown"),
        ("application/json;q=0, */*", "text/markdown"),
        ("", "application/json"),
    ],
)
async def test_the_format_is_the_one_best_liked(client: httpx.AsyncClient, accept: str, format_: str) -> None:
    answer = await client.get("/v1/cost_by", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == format_
    assert answer.headers["vary"] == "Accept"


async def test_the_tools_are_listed(toolbox: Toolbox, client: httpx.AsyncClient) -> None:
    listed = {t["name"]: t for t in (await client.get("/v1")).json()["tools"]}
    assert set(listed) == set(toolbox.tools)
    assert listed["cost_by"]["methods"] == ["GET", "HEAD", "POST"]
    assert listed["refresh_data"]["methods"] == ["POST"]
    assert (await client.get("/healthz")).json() == {"status": "alive"}


NAMES = st.sampled_from(
    "dimension metric month start end top filters compare scope count words x-y".split()  # noqa: SIM905
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["[", "{}", "null", "[null]", "1e999", "2026-01", "9999-12", "0000-01-01", "9999-12-31"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=6,
    ).map(json.dumps),
    st.fixed_dictionaries({
        "dimension": st.sampled_from(["service_code", "day", "month", "tag:a", "resource_id"]),
        "op": st.sampled_from(["eq", "in", "not_in", "prefix", "contains", "absent"]),
        "values": st.lists(st.text(max_size=8), max_size=3),
    }).map(json.dumps),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tool=st.sampled_from(["cost_by", "cost_trend", "typed", "invoices", "cost_schema", "data_status"]),
    pairs=st.lists(st.tuples(NAMES, VALUES), max_size=4),
)
@example(tool="cost_by", pairs=[("month", "9999-12")])
@example(tool="cost_trend", pairs=[("start", "9999-12-31"), ("end", "0001-01-01")])
async def test_no_query_string_is_our_fault(
    toolbox: Toolbox, tool: str, pairs: list[tuple[str, str]]
) -> None:
    async with client_of(toolbox) as client:
        answer = await client.get(f"/v1/{tool}?{urlencode(pairs, errors='replace')}")
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
