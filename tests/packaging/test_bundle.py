"""Does the bundle start as a host starts it, and do the papers say what the server is?"""

import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from finops_mcp.settings import SETTINGS, Settings
from tests.packaging.building import ROOT, build
from tests.packaging.conftest import Package
from tests.packaging.test_snippets import LISTED, answers

MANIFEST: dict[str, Any] = json.loads(build.MANIFEST.read_text())
SERVER: dict[str, Any] = json.loads(build.SERVER_JSON.read_text())


def as_a_host_starts(manifest: dict[str, Any], place: Path, **given: str) -> dict[str, Any]:
    """Fill the blanks of a manifest as hosts do: the folder, what the user said, defaults for the rest."""
    said = {name: str(option["default"]) for name, option in manifest["user_config"].items()} | given
    blanks = {"__dirname": str(place), **{f"user_config.{name}": value for name, value in said.items()}}

    def filled(text: str) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda m: blanks[m[1]], text)

    server = manifest["server"]["mcp_config"]
    return {
        "command": server["command"],
        "args": [filled(a) for a in server["args"]],
        "env": {name: filled(value) for name, value in server["env"].items()},
    }


@pytest.fixture
def unpacked(package: Package, tmp_path: Path) -> Path:
    packed = build.bundle(package.wheel, tmp_path / "finops.mcpb")
    with zipfile.ZipFile(packed) as files:
        files.extractall(tmp_path / "extension")
    return tmp_path / "extension"


async def test_the_bundle_starts_refreshes_from_what_the_user_named_and_answers(
    unpacked: Path, package: Package, loaded_home: Path, tmp_path: Path
) -> None:
    manifest = json.loads((unpacked / "manifest.json").read_text())
    places = {"source": str(loaded_home.parent / "exports"), "home": str(tmp_path / "new home")}
    server = as_a_host_starts(manifest, unpacked, **places)
    server["env"] = package.environment(**server["env"])
    async with Client(StdioServerParameters(**server)) as client:
        assert {t.name for t in (await client.list_tools()).tools} == {t["name"] for t in manifest["tools"]}
        prompts = (await client.list_prompts()).prompts
        assert {p.name for p in prompts} == {p["name"] for p in manifest["prompts"]}
        assert not (await client.call_tool("refresh_data", {})).is_error
    await answers(StdioServerParameters(**server))


def test_the_bundle_is_the_same_for_the_same_wheel(package: Package, tmp_path: Path) -> None:
    first, second = (build.bundle(package.wheel, tmp_path / name) for name in ("a.mcpb", "b.mcpb"))
    assert first.read_bytes() == second.read_bytes()


async def test_what_the_registry_says_to_run_starts_and_answers(package: Package, loaded_home: Path) -> None:
    (said,) = SERVER["packages"]
    args = [f"{said['identifier']}@{said['version']}", *(a["value"] for a in said["packageArguments"])]
    command, *rest = package.command(said["runtimeHint"], args)
    env = package.environment(FINOPS_HOME=str(loaded_home))
    await answers(StdioServerParameters(command=command, args=rest, env=env))


def test_the_wheel_says_the_version_of_the_papers(package: Package) -> None:
    done = subprocess.run(
        ["finops-duck", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env=package.environment(),
        executable=package.programs / "finops-duck",
    )
    assert done.stdout.split()[-1] == MANIFEST["version"] == SERVER["version"] == build.VERSION


def test_the_papers_on_record_are_those_of_the_tools_prompts_settings_and_version() -> None:
    assert build.manifest() == MANIFEST, "run `uv run just papers`"
    assert build.server_json() == SERVER, "run `uv run just papers`"
    assert {t["name"] for t in MANIFEST["tools"]} == LISTED
    assert MANIFEST["version"] == SERVER["version"] == SERVER["packages"][0]["version"]


def test_every_setting_can_be_named_and_one_that_is_left_alone_is_the_default() -> None:
    env = as_a_host_starts(MANIFEST, ROOT)["env"]
    assert (
        set(env)
        == {s.variable for s in SETTINGS}
        == {v["name"] for v in SERVER["packages"][0]["environmentVariables"]}
    )
    assert Settings.read(env) == Settings.read({})


def test_the_registry_takes_the_papers() -> None:
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", SERVER["name"])
    assert len(SERVER["description"]) <= 100
    assert len(SERVER["title"]) <= 100
    assert f"<!-- mcp-name: {SERVER['name']} -->" in (ROOT / "README.md").read_text()


def test_a_prompt_of_the_manifest_leaves_no_blank_of_ours() -> None:
    for prompt in MANIFEST["prompts"]:
        assert "{{" not in prompt["text"]
        assert set(re.findall(r"\$\{arguments\.(\w+)\}", prompt["text"])) == set(prompt["arguments"])
