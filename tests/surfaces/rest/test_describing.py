"""Do /openapi.json and /docs say what can be asked, all of it, and validly?"""

import html
import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from finops_mcp.surfaces.rest.problems import kinds
from finops_mcp.toolbox.toolbox import Toolbox


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get("/openapi.json")).json()  # type: ignore[no-any-return]


@pytest.fixture
async def page(client: httpx.AsyncClient) -> str:
    return (await client.get("/docs")).text


def fits(document: dict[str, Any], schema: dict[str, Any], value: object) -> bool:
    return bool(OAS31Validator({**schema, "components": document["components"]}).is_valid(value))


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_tool_and_parameter_is_described(toolbox: Toolbox, document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {f"/v1/{name}" for name in toolbox.tools}
    for name, tool in toolbox.tools.items():
        methods = document["paths"][f"/v1/{name}"]
        assert set(methods) == ({"post"} if tool.writes else {"get", "post"})
        for said in methods.values():
            assert (said["summary"], said["description"]) == (tool.title, tool.description)
        schema = methods["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        assert set(body.get("properties", {})) == set(tool.parameters.model_fields)
        assert body["additionalProperties"] is False
        if not tool.writes:
            assert {p["name"] for p in methods["get"]["parameters"]} == set(tool.parameters.model_fields)


@pytest.mark.parametrize("tool", ["cost_by", "cost_trend", "data_status", "cost_schema", "invoices"])
async def test_answers_fit_their_schema(
    client: httpx.AsyncClient, document: dict[str, Any], tool: str
) -> None:
    told = document["paths"][f"/v1/{tool}"]["get"]["responses"]["200"]["content"]["application/json"]
    answer = await client.get(f"/v1/{tool}")
    assert answer.status_code == 200
    assert fits(document, told["schema"], answer.json())
    assert fits(document, told["schema"], told["example"])
    assert not fits(document, told["schema"], {**answer.json(), "rows": "none"})


async def test_problems_fit_their_schema(client: httpx.AsyncClient, document: dict[str, Any]) -> None:
    answer = await client.get("/v1/cost_by?metric=price")
    told = document["paths"]["/v1/cost_by"]["get"]["responses"][str(answer.status_code)]
    response = document["components"]["responses"][told["$ref"].rpartition("/")[2]]
    assert fits(document, response["content"]["application/problem+json"]["schema"], answer.json())
    assert "`unknown-metric`" in response["description"]


def test_examples_of_questions_are_what_the_tools_take(toolbox: Toolbox, document: dict[str, Any]) -> None:
    for name, tool in toolbox.tools.items():
        asked = document["paths"][f"/v1/{name}"]["post"]["requestBody"]["content"]["application/json"]
        tool.checked(asked["example"])
        assert fits(document, asked["schema"], asked["example"])


def test_what_a_query_string_cannot_say_is_not_offered(document: dict[str, Any]) -> None:
    asked = {p["name"]: p for p in document["paths"]["/v1/cost_by"]["get"]["parameters"]}
    assert asked["month"]["schema"] == {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
    assert asked["filters"]["content"]["application/json"]["schema"]["type"] == "array"
    assert asked["top"]["schema"]["maximum"] == 1000
    needed = {p["name"]: p["required"] for p in document["paths"]["/v1/typed"]["get"]["parameters"]}
    own = {"count": True, "ratio": False, "sure": False, "words": False, "two_words": False}
    assert needed == own | {"response_format": False}


class Seen(HTMLParser):
    """What a page holds: anchors, links, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.anchors += [v for k, v in attrs if k == "id" and v]
        self.links += [v for k, v in attrs if k in {"href", "src"} and v]
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def test_every_problem_and_tool_has_its_anchor(toolbox: Toolbox, page: str) -> None:
    seen = Seen(page)
    assert set(kinds()) <= set(seen.anchors)
    assert {f"tool-{name}" for name in toolbox.tools} <= set(seen.anchors)
    assert len(seen.anchors) == len(set(seen.anchors))
    assert {link[1:] for link in seen.links if link.startswith("#")} <= set(seen.anchors)


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    seen = Seen(page)
    assert not seen.tags & {"script", "link", "img", "iframe"}
    assert all(link.startswith(("#", "http://localhost/")) for link in seen.links)
    assert "url(" not in page
    assert "light dark" in page


def test_the_page_says_what_each_tool_answers_and_takes(toolbox: Toolbox, page: str) -> None:
    for name, tool in toolbox.tools.items():
        part = page.split(f'id="tool-{name}"')[1].split("<h3", maxsplit=1)[0]
        assert tool.title in part
        assert f"http://localhost/v1/{name}" in part
        for parameter in tool.parameters.model_fields:
            assert f"<code>{parameter}</code>" in part
    asked = page.split('id="tool-cost_by"')[1].split("<h3", maxsplit=1)[0]
    assert "sub_account_id" in asked
    assert "previous_period" in asked
    assert html.escape('{"dimension": ') in asked


async def test_a_request_can_put_nothing_of_its_own_on_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs", headers={"Host": 'a"><script>alert(1)</script>'})
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_style_is_the_one_that_the_policy_lets_in(client: httpx.AsyncClient) -> None:
    import base64
    import hashlib

    answer = await client.get("/docs")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
