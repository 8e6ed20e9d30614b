"""Writes what others install us by: the bundle's manifest, the registry's server.json, and the bundle itself.

usage: python packaging/build.py            write packaging/mcpb/manifest.json and server.json anew
       python packaging/build.py bundle     build the wheel, and dist/finops-duck-VERSION.mcpb around it
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from finops_mcp.settings import SETTINGS, Setting
from finops_mcp.toolbox.documents import Prompt, find_prompts
from finops_mcp.toolbox.folder import built_in, find_tools

ROOT = Path(__file__).resolve().parents[1]
MCPB = ROOT / "packaging" / "mcpb"
MANIFEST, SERVER_JSON = MCPB / "manifest.json", ROOT / "server.json"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAME: str = PROJECT["name"]
VERSION: str = PROJECT["version"]

TITLE = "FinOps Duck"
REGISTRY_NAME = "io.github.finops-duck/finops-duck"
"""Of the registry's form, owner/server; whoever publishes first proves that the owner's name is theirs."""
SHORT = "Exact answers about AWS cost from your own exports (CUR, FOCUS), on your own machine."
LONG = (
    "Exact, sourced answers about AWS cost from CUR 2.0, legacy CUR and FOCUS exports, kept in a local"
    " copy: no AWS call and no charge per question, and no data leaves the machine. Name the bucket or"
    " folder of your exports, then ask to refresh the data. Credentials are found as every AWS tool finds"
    " them, and need `s3:ListBucket` and `s3:GetObject`, nothing else."
)
_FOLDERS = {"home", "tools"}
_TITLES = {
    "home": "Folder of all state",
    "source": "Your cost exports",
    "s3_endpoint": "S3 endpoint",
    "ask_above_gb": "Ask above (GB)",
    "sql_seconds": "Longest SQL statement (seconds)",
    "sql_memory_mb": "Memory of an SQL statement (MB)",
    "sql_rows": "Rows of an SQL statement",
    "tools": "Your own tools",
}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def manifest() -> dict[str, Any]:
    """Make the manifest of the bundle, from the tools, prompts and settings there are."""
    return {
        "manifest_version": "0.4",
        "name": NAME,
        "display_name": TITLE,
        "version": VERSION,
        "description": SHORT,
        "long_description": LONG,
        "author": {"name": f"The {NAME} authors"},
        "icon": "icon.png",
        "server": {
            "type": "uv",
            "entry_point": "server/main.py",
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", "server/main.py"],
                "env": {s.variable: f"${{user_config.{s.name}}}" for s in SETTINGS},
            },
        },
        "tools": [
            {"name": t.name, "description": t.title} for t in find_tools(built_in("tools")) if t.mark.listed
        ],
        "tools_generated": True,  # a user's own tools come beside them
        "prompts": [_prompt(p) for p in find_prompts(built_in("prompts"))],
        "keywords": PROJECT["keywords"],
        "license": PROJECT["license"],
        "compatibility": {
            "platforms": ["darwin", "linux"],
            "runtimes": {"python": PROJECT["requires-python"]},
        },
        "user_config": {s.name: _user_config(s) for s in _source_first()},
    }


def server_json() -> dict[str, Any]:
    """Make what the MCP registry publishes."""
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": REGISTRY_NAME,
        "title": TITLE,
        "description": SHORT,
        "version": VERSION,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": NAME,
                "version": VERSION,
                "runtimeHint": "uvx",
                "transport": {"type": "stdio"},
                "packageArguments": [{"type": "positional", "value": "serve"}],
                "environmentVariables": [_variable(s) for s in _source_first()],
            }
        ],
    }


def bundle(wheel: Path, target: Path) -> Path:
    """Pack the bundle around a wheel: what was built and tested is what is installed."""
    files = {
        "manifest.json": _written(manifest()).encode(),
        "pyproject.toml": _bundle_project(wheel).encode(),
        f"wheels/{wheel.name}": wheel.read_bytes(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        "icon.png": (MCPB / "icon.png").read_bytes(),
        "server/main.py": (MCPB / "server" / "main.py").read_bytes(),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)  # the same bytes for the same wheel
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return target


def _bundle_project(wheel: Path) -> str:
    """Write the project that uv installs: nothing but the wheel beside it."""
    return f"""\
[project]
name = "{NAME}-bundle"
version = "{VERSION}"
requires-python = "{PROJECT["requires-python"]}"
dependencies = ["{NAME}"]

[tool.uv]
package = false

[tool.uv.sources]
{NAME} = {{ path = "wheels/{wheel.name}" }}
"""


def _source_first() -> list[Setting]:
    return sorted(SETTINGS, key=lambda s: s.name != "source")


def _prompt(prompt: Prompt) -> dict[str, Any]:
    return {
        "name": prompt.name,
        "description": prompt.description,
        "arguments": [a.name for a in prompt.arguments],
        "text": re.sub(r"\{\{(\w+)\}\}", r"${arguments.\1}", prompt.words),
    }


def _user_config(setting: Setting) -> dict[str, Any]:
    """Describe a setting to the host's own form. Each has a default: what is left alone arrives empty."""
    number = setting.default.isdigit()
    kind = "number" if number else "directory" if setting.name in _FOLDERS else "string"
    return {
        "type": kind,
        "title": _TITLES.get(setting.name, setting.name.replace("_", " ").capitalize()),
        "description": setting.help,
        "required": False,
        "default": int(setting.default) if number else setting.default,
    }


def _variable(setting: Setting) -> dict[str, Any]:
    known: dict[str, Any] = {"name": setting.variable, "description": setting.help}
    if setting.default.isdigit():
        known["format"] = "number"
    elif setting.name in _FOLDERS:
        known["format"] = "filepath"
    return known | ({"default": setting.default} if setting.default else {})


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Do what was asked."""
    if sys.argv[1:] == ["bundle"]:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["uv", "build", "--quiet", "--wheel", "--out-dir", folder, str(ROOT)], check=True)
            (wheel,) = Path(folder).glob("*.whl")
            print(bundle(wheel, ROOT / "dist" / f"{NAME}-{VERSION}.mcpb"))
        return
    MANIFEST.write_text(_written(manifest()))
    SERVER_JSON.write_text(_written(server_json()))


if __name__ == "__main__":
    main()
