"""Does a host on the TypeScript client receive everything, in either era, over either transport?"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TestBucket
from tests.outside.installed import PLACE, SERVE, ended_well, node, node_program
from tests.surfaces.serving import running
from tests.tools.tiny import app_at

ERAS = {"default": "2025-11-25", "2026-07-28": "2026-07-28"}
CLIENT = ("@modelcontextprotocol/client", "package.json")


@pytest.fixture
def settings(small: Path, bucket: TestBucket) -> dict[str, str]:
    """Settings of a home that is still empty, below a bucket of which any download is asked about."""
    bucket.put_folder(small / "exports")
    return {"source": bucket.address, "s3_endpoint": bucket.endpoint, "ask_above_gb": "0.000001"}


def received(folder: Path, era: str, *target: str) -> dict[str, Any]:
    node_program(*CLIENT)
    seen: dict[str, Any] = json.loads(ended_well([node(), str(PLACE / "client.ts"), era, *target], folder))
    assert seen["protocol"] == ERAS[era]
    assert {"cost_by", "data_status", "refresh_data"} <= set(seen["tools"])
    assert {"monthly_review", "explain_a_spike"} <= set(seen["prompts"])
    assert "costs://status" in seen["resources"]
    assert "costs://months/{month}" in seen["templates"]
    assert seen["cost"]["structuredContent"]["totals"] == {"effective_cost": "2.50"}
    assert seen["cost"]["structuredContent"]["rows"][0][:2] == ["AmazonEC2", "2.00"]
    assert seen["status"]["structuredContent"]["total_rows"] == 2
    assert seen["wrong"]["isError"]
    assert seen["completed"] == ["2026-02", "2026-01"]
    assert "2026-01" in seen["prompt"][0]["content"]["text"]
    assert "2026-02" in seen["read"][0]["text"]
    assert not seen["refreshed"].get("isError")
    assert any(done == total > 1 for done, total in seen["progress"])
    if era != "default":  # an extension is not declared in the 2025 era
        skills = [uri for uri in seen["resources"] if uri.startswith("skill://")]
        assert seen["skills"] == dict.fromkeys(skills, True)
    return seen


@pytest.mark.parametrize("era", ERAS)
def test_over_standard_input_and_output_it_receives_everything_and_is_asked(
    tmp_path: Path, settings: dict[str, str], era: str
) -> None:
    given = [f"FINOPS_{name.upper()}={value}" for name, value in settings.items()]
    keys = ["AWS_ACCESS_KEY_ID=testing", "AWS_SECRET_ACCESS_KEY=testing", "AWS_DEFAULT_REGION=us-east-1"]
    home = f"FINOPS_HOME={tmp_path / 'home'}"
    seen = received(tmp_path, era, "env", home, *given, *keys, *SERVE)
    assert len(seen["asked"]) == 1
    assert seen["refused"] == []


@pytest.mark.parametrize("era", ERAS)
def test_over_http_it_receives_everything_and_is_asked_where_that_can_be(
    tmp_path: Path, settings: dict[str, str], era: str
) -> None:
    app = app_at(tmp_path / "home", **settings).http()
    with running(app, timeout_graceful_shutdown=1) as address:
        seen = received(tmp_path, era, f"{address}/mcp")
    # Without a session a client of the 2025 era cannot be asked; it is told which argument says yes.
    assert len(seen["asked"]) == (0 if era == "default" else 1)
    assert ("download_up_to_gb" in json.dumps(seen["refused"])) == (era == "default")


def test_what_the_client_is_asked_to_do_has_the_types_it_demands(tmp_path: Path) -> None:
    ended_well([*node_program("typescript", "bin/tsc"), "-p", str(PLACE)], tmp_path)
