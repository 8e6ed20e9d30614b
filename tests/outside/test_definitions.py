"""Are our definitions of good quality, and free of what attacks a model?"""

import json
import shlex
from pathlib import Path

from tests.outside.installed import PLACE, SERVE, ended_well, python_program
from tests.surfaces.serving import served


def test_tool_definitions_have_no_warning(small: Path, tmp_path: Path) -> None:
    server = shlex.join([*SERVE, "--home", str(small / "home")])
    program = python_program("tdqs", "tdqs")
    told = ended_well([*program, "lint", "--command", server, "--fail-on", "warning"], tmp_path)
    assert "0 errors, 0 warnings" in told


def test_no_rule_matches_what_a_model_is_told(small: Path, tmp_path: Path) -> None:
    command = [*python_program("cisco-ai-mcp-scanner", "python"), str(PLACE / "scan.py")]
    with served(small / "home") as address:
        told = ended_well([*command, f"{address}/mcp"], tmp_path, LITELLM_LOCAL_MODEL_COST_MAP="True")
    found = json.loads(told)
    scanned = {kind: {r["name"] for r in its if r["status"] == "completed"} for kind, its in found.items()}
    assert {"data_status", "cost_by"} <= scanned["tools"]
    assert "monthly_review" in scanned["prompts"]
    assert scanned["instructions"] == {"instructions"}
    # Pages of figures hold the user's own data, such as the folder of the exports; ours are the skills.
    results = [r for its in found.values() for r in its if not r["name"].startswith("costs://")]
    assert [r for r in results if r["matches"]] == []
