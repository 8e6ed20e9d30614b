"""Is the list of tools what models were last given? After a change that is meant: `uv run just golden`."""

import functools
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client

from finops_mcp.toolbox.schemas import MOST_CHARACTERS, Thrift, input_schema, schemas_of
from finops_mcp.toolbox.tool import Tool
from tests.tools.tiny import app_at

GOLDEN = Path(__file__).with_suffix("").with_name("tools_list.json")
ENVELOPE = ("summary", "columns", "rows", "totals")
MOST_OF_ONE_INPUT = 3_400
"""Of what one tool takes; what it gives is described as deep as the list has room for."""


@pytest.fixture
async def listed(tmp_path: Path) -> list[dict[str, Any]]:
    async with Client(app_at(tmp_path).mcp_server()) as client:
        received = await client.list_tools()
    found: list[dict[str, Any]] = received.model_dump(mode="json", by_alias=True, exclude_none=True)["tools"]
    return found


def test_the_list_is_the_one_on_record(listed: list[dict[str, Any]]) -> None:
    text = json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(text)
    assert GOLDEN.read_text() == text, "if the change is meant, run `uv run just golden`"


def test_the_list_fits_a_models_context_with_room(
    listed: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = {t["name"]: len(json.dumps(t, separators=(",", ":"), ensure_ascii=False)) for t in listed}
    with capsys.disabled():
        print(f"\ntools/list: {sum(sizes.values()):,} characters; {sizes}")  # noqa: T201
    assert sum(sizes.values()) <= MOST_CHARACTERS
    assert max(len(json.dumps(t["inputSchema"])) for t in listed) < MOST_OF_ONE_INPUT


def test_an_answer_is_described_nested_while_there_is_room(tmp_path: Path) -> None:
    few = [t for t in app_at(tmp_path).toolbox.tools.values() if t.mark.listed][:4]
    for schemas in schemas_of(few).values():
        fields = schemas.output["properties"]
        assert {"measure", "currency", "period", "includes", "source"} <= set(fields["basis"]["properties"])
        assert all(fields[name].get("description") for name in ENVELOPE)


def test_the_list_describes_less_the_more_tools_there_are(tmp_path: Path) -> None:
    first = app_at(tmp_path).toolbox.tools["cost_by"]
    sizes = []
    for times in (1, 8, 16, 20, 40):
        (one, *_) = schemas_of([_named(first, f"cost_by_{n}") for n in range(times)]).values()
        sizes.append(len(json.dumps(one.input)) + len(json.dumps(one.output)) + len(one.description))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.3 * sizes[0]


def _named(tool: Tool, name: str) -> Tool:
    function = functools.partial(tool.function)
    functools.update_wrapper(function, tool.function)
    function.__name__ = name  # type: ignore[attr-defined]
    return replace(tool, function=function)


def test_the_barest_parameters_still_say_what_a_list_holds(tmp_path: Path) -> None:
    bare = input_schema(app_at(tmp_path).toolbox.tool("cost_by"), Thrift(shapes=False))
    assert "$ref" not in json.dumps(bare)
    assert bare["properties"]["filters"]["items"] == {"type": "object"}
    assert bare["properties"]["dimension"]["items"] == {"type": "string"}
    assert "{dimension, op: eq|in|" in bare["properties"]["filters"]["description"]


def test_every_tool_says_what_it_does_to_the_world(listed: list[dict[str, Any]]) -> None:
    for tool in listed:
        writes = tool["name"] in {"refresh_data", "export_report"}
        assert tool["annotations"] == {
            "readOnlyHint": not writes,
            "idempotentHint": True,
            "openWorldHint": tool["name"] == "refresh_data",
            **({"destructiveHint": False} if writes else {}),
        }


def test_every_closed_choice_is_an_enum_and_every_parameter_is_described(
    listed: list[dict[str, Any]],
) -> None:
    for tool in listed:
        properties = tool["inputSchema"].get("properties", {})
        assert all(p.get("description") for p in properties.values()), tool["name"]
        assert tool["outputSchema"]["type"] == "object"
        for name in ("metric", "scope", "compare", "granularity", "dialect", "table"):
            assert name not in properties or "enum" in properties[name], (tool["name"], name)
