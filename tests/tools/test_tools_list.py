"""Is the list of tools what models were last given? After a change that is meant: `uv run just golden`."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client

from tests.tools.tiny import app_at

GOLDEN = Path(__file__).with_suffix("").with_name("tools_list.json")
MOST_CHARACTERS = 32_000
"""Of the whole catalogue, four times as many tools as there are now; each has to be small."""
MOST_OF_ONE = 3_900


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
    assert sum(sizes.values()) < 0.75 * MOST_CHARACTERS
    assert max(sizes.values()) < MOST_OF_ONE


def test_every_tool_says_what_it_does_to_the_world(listed: list[dict[str, Any]]) -> None:
    for tool in listed:
        writes = tool["name"] == "refresh_data"
        assert tool["annotations"] == {
            "readOnlyHint": not writes,
            "destructiveHint": False,
            "idempotentHint": True,
            "openWorldHint": writes,
        }


def test_every_closed_choice_is_an_enum_and_every_parameter_is_described(
    listed: list[dict[str, Any]],
) -> None:
    for tool in listed:
        properties = tool["inputSchema"].get("properties", {})
        assert all(p.get("description") for p in properties.values()), tool["name"]
        assert tool["inputSchema"]["additionalProperties"] is False
        assert tool["outputSchema"]["type"] == "object"
        for name in ("metric", "scope", "compare", "granularity", "dialect", "table"):
            assert name not in properties or "enum" in properties[name], (tool["name"], name)
