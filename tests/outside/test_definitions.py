"""Are our definitions of good quality, and free of what attacks a model?"""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.outside.installed import SERVE, ended_well, python_program
from tests.surfaces.serving import served


def test_tool_definitions_have_no_warning(small: Path, tmp_path: Path) -> None:
    server = shlex.join([*SERVE, "--home", str(small / "home")])
    program = python_program("tdqs", "tdqs")
    told = ended_well([*program, "lint", "--command", server, "--fail-on", "warning"], tmp_path)
    assert "0 errors, 0 warnings" in told


def scanned(folder: Path, *words: str) -> list[dict[str, Any]]:
    program = python_program("cisco-ai-mcp-scanner", "mcp-scanner")
    told = ended_well(
        [*program, "--analyzers", "yara", "--raw", *words], folder, LITELLM_LOCAL_MODEL_COST_MAP="True"
    )
    results: list[dict[str, Any]] = json.loads(told)
    assert results
    return results


def test_no_rule_matches_a_tool(small: Path, tmp_path: Path) -> None:
    program, *words = [*SERVE, "--home", str(small / "home")]
    given = [f"--stdio-arg={word}" for word in words]
    results = scanned(tmp_path, "stdio", "--stdio-command", program, *given)
    assert {"data_status", "cost_by"} <= {r["tool_name"] for r in results}
    assert [r for r in results if r["status"] != "completed" or not r["is_safe"]] == []


@pytest.mark.parametrize("kind", ["prompts", "resources", "instructions"])
def test_no_rule_matches_what_else_a_model_is_told(small: Path, tmp_path: Path, kind: str) -> None:
    with served(small / "home") as address:
        results = scanned(tmp_path, kind, "--server-url", f"{address}/mcp")
    matched = [f for r in results for f in r["findings"] if f["analyzer"] == "YARA"]
    assert matched == []
