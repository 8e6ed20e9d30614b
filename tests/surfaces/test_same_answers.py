"""Is the answer the same, byte for byte, whichever way the question comes?"""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from mcp.client.client import Client
from mcp.client.sse import sse_client

from finops_mcp.cache.home import Home
from tests.surfaces.serving import compact, flags, run, served, stdio

SIX = Decimal("0.000001")
Question = tuple[str, dict[str, Any]]
EC2 = {"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}
ABROAD = {"dimension": "service_name", "op": "contains", "values": ["elastic", "zürich → 東京"]}
SAMPLE: list[Question] = [
    ("cost_by", {"month": "2026-09", "dimension": ["sub_account_name"], "filters": [EC2]}),
    (
        "cost_by",
        {"month": "2026-10", "compare": "previous_period", "dimension": ["tag:project", "region_id"]},
    ),
    ("cost_by", {"month": "2026-09", "dimension": ["resource_id", "sku_meter"], "top": 1000}),
    ("cost_trend", {"granularity": "month", "metric": "amortized_cost", "average_over": 3}),
    ("resource_costs", {"month": "2026-09", "top": 5, "filters": [ABROAD]}),
    ("invoices", {"month": "2026-09"}),
    ("cost_schema", {"dimension": "service_name", "contains": "amazon"}),
    ("data_status", {}),
]
# domain/finops.md A.4, to six places.
WORKSHOP = {
    ("2018-10", "unblended_cost"): "4064.483132",
    ("2018-11", "unblended_cost"): "3505.326968",
    ("2018-12", "unblended_cost"): "408.375992",
    ("2018-10", "amortized_cost"): "4195.957109",
    ("2018-11", "amortized_cost"): "3632.559846",
    ("2018-12", "amortized_cost"): "539.849967",
}


def asked(month: str, metric: str) -> Question:
    return "cost_by", {"month": month, "metric": metric, "dimension": ["service_name", "sub_account_id"]}


@pytest.fixture(scope="module")
def sample_url(sample_home: Home) -> Iterator[str]:
    with served(sample_home.path) as url:
        yield url


@pytest.fixture(scope="module")
def workshop_url(workshop_home: Home) -> Iterator[str]:
    with served(workshop_home.path) as url:
        yield url


def on_the_command_line(home: Path, question: Question) -> str:
    tool, arguments = question
    done = run("ask", tool, *flags(arguments), "--json", home=home)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.removesuffix("\n")


async def through(server: Any, questions: list[Question], mode: str) -> list[str]:
    found = []
    async with Client(server, mode=mode) as client:
        for tool, arguments in questions:
            answer = await client.call_tool(tool, arguments)
            assert not answer.is_error, answer.content
            found.append(compact(answer.structured_content))
    return found


async def every_way(home: Path, url: str, questions: list[Question]) -> dict[str, list[str]]:
    async with httpx.AsyncClient(base_url=url) as http:
        by_get = [
            (await http.get(f"/v1/{tool}?{urlencode(pairs(arguments))}")).text
            for tool, arguments in questions
        ]
        by_post = [(await http.post(f"/v1/{tool}", json=arguments)).text for tool, arguments in questions]
    return {
        "stdio, newest": await through(stdio(home), questions, "2026-07-28"),
        "stdio, whichever": await through(stdio(home), questions, "auto"),
        "stdio, older": await through(stdio(home), questions, "legacy"),
        "http, newest": await through(f"{url}/mcp", questions, "2026-07-28"),
        "http, whichever": await through(f"{url}/mcp", questions, "auto"),
        "http, older": await through(f"{url}/mcp", questions, "legacy"),
        "sse": await through(sse_client(f"{url}/sse"), questions, "legacy"),
        "REST by GET": by_get,
        "REST by POST": by_post,
    }


def pairs(arguments: dict[str, Any]) -> list[tuple[str, str]]:
    words = flags(arguments)
    return [(n.removeprefix("--"), v) for n, v in zip(words[::2], words[1::2], strict=True)]


async def test_the_sample_is_answered_the_same_every_way(sample_home: Home, sample_url: str) -> None:
    exact = [on_the_command_line(sample_home.path, q) for q in SAMPLE]
    for way, answers in (await every_way(sample_home.path, sample_url, SAMPLE)).items():
        assert answers == exact, way
    assert len(set(exact)) == len(SAMPLE)


async def test_the_real_report_is_answered_the_same_every_way_and_as_published(
    workshop_home: Home, workshop_url: str
) -> None:
    questions = [asked(*which) for which in WORKSHOP]
    exact = [on_the_command_line(workshop_home.path, q) for q in questions]
    for which, answer in zip(WORKSHOP, exact, strict=True):
        total = Decimal(json.loads(answer)["totals"][which[1]])
        assert total.quantize(SIX) == Decimal(WORKSHOP[which])
    status = on_the_command_line(workshop_home.path, ("data_status", {}))
    assert json.loads(status)["totals"]["charges"] == 334_911
    ways = await every_way(workshop_home.path, workshop_url, [*questions, ("data_status", {})])
    for way, answers in ways.items():
        assert answers == [*exact, status], way


async def test_a_statement_of_the_callers_own_is_answered_the_same_everywhere(
    sample_home: Home, sample_url: str
) -> None:
    statement = (
        "select x_service_code, sum(billed_cost) from charges_daily group by 1 order by 2 desc limit 3"
    )
    question = ("cost_sql", {"sql": statement})
    exact = on_the_command_line(sample_home.path, question)
    assert await through(stdio(sample_home.path), [question], "auto") == [exact]
    assert await through(f"{sample_url}/mcp", [question], "auto") == [exact]
    async with httpx.AsyncClient(base_url=sample_url) as http:
        assert (await http.post("/v1/cost_sql", json=question[1])).text == exact


async def test_an_error_says_the_same_every_way(sample_home: Home, sample_url: str) -> None:
    arguments = {"dimension": ["service_nam"]}
    done = run("ask", "cost_by", *flags(arguments), "--json", home=sample_home.path)
    said = done.stderr.removeprefix("error: ").strip()
    assert (done.returncode, done.stdout) == (2, "")
    for server in (stdio(sample_home.path), f"{sample_url}/mcp"):
        async with Client(server) as client:
            answer = await client.call_tool("cost_by", arguments)
        assert answer.is_error
        assert "".join(getattr(block, "text", "") for block in answer.content) == said
    async with httpx.AsyncClient(base_url=sample_url) as http:
        problem = (await http.get("/v1/cost_by?dimension=service_nam")).json()
    assert problem["detail"] == said
