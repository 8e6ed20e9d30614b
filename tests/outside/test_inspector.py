"""Does the Inspector list and ask what we serve over standard input and output?"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.outside.installed import SERVE, ended_well, node_program

PROGRAM = ("@modelcontextprotocol/inspector", "clients/launcher/build/index.js")


def inspected(small: Path, folder: Path, *words: str) -> Any:
    command = [*node_program(*PROGRAM), "--cli", *SERVE, "--home", str(small / "home"), "--method", *words]
    return json.loads(ended_well(command, folder))


def test_tools_are_listed_with_schemas_that_every_host_reads(small: Path, tmp_path: Path) -> None:
    tools = inspected(small, tmp_path, "tools/list", "--strict")["tools"]
    assert {"data_status", "cost_by", "cost_trend"} <= {tool["name"] for tool in tools}


def test_a_tool_answers(small: Path, tmp_path: Path) -> None:
    answer = inspected(small, tmp_path, "tools/call", "--tool-name", "cost_by", "--tool-arg", "month=2026-02")
    assert answer["structuredContent"]["totals"] == {"effective_cost": "2.50"}


@pytest.mark.parametrize(
    ("method", "field", "one"),
    [
        ("resources/list", "resources", "costs://status"),
        ("resources/templates/list", "resourceTemplates", "costs://months/{month}"),
        ("prompts/list", "prompts", "monthly_review"),
    ],
)
def test_what_else_there_is_is_listed(small: Path, tmp_path: Path, method: str, field: str, one: str) -> None:
    listed = inspected(small, tmp_path, method)[field]
    assert one in {value for entry in listed for value in entry.values() if isinstance(value, str)}
