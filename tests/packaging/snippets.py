"""What each host would start, read from its snippet as the host reads it."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.packaging.building import ROOT

EXAMPLES = ROOT / "examples"
_SAID = re.compile(r"^\W*(uvx finops-duck serve --http)$", re.MULTILINE)


@dataclass(frozen=True)
class Started:
    """A server that the host itself starts, and speaks to over standard input and output."""

    command: str
    args: list[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """A server that was started by hand, as the snippet says, and is reached at an address."""

    command: str
    args: list[str]
    url: str


def _named(*keys: str) -> Callable[[Mapping[str, Any]], Started]:
    def read(settings: Mapping[str, Any]) -> Started:
        for key in keys:
            settings = settings[key]
        ((name, server),) = settings.items()
        assert name == "finops"
        return _started(server)

    return read


def _started(server: Mapping[str, Any]) -> Started:
    assert server.get("type", "stdio") == "stdio"
    command = server["cmd"] if "cmd" in server else server["command"]
    return Started(command, list(server["args"]), dict(server.get("envs") or server.get("env") or {}))


def _continue(settings: Mapping[str, Any]) -> Started:
    assert {"name", "version", "schema"} < set(settings)
    (server,) = settings["mcpServers"]
    return _started(server)


def _librechat(settings: Mapping[str, Any]) -> str:
    server = settings["mcpServers"]["finops"]
    assert server["type"] == "streamable-http"
    allowed = settings["mcpSettings"]["allowedAddresses"]
    assert server["url"] in {f"http://{address}/mcp" for address in allowed}
    return str(server["url"])


def _n8n(settings: Mapping[str, Any]) -> str:
    (node,) = (n for n in settings["nodes"] if n["type"].endswith(".mcpClientTool"))
    assert node["parameters"]["serverTransport"] == "httpStreamable"
    return str(node["parameters"]["endpointUrl"])


_BY_COMMAND: dict[str, Callable[[Mapping[str, Any]], Started]] = {
    "claude_config.json": _named("mcpServers"),
    "claude_code.mcp.json": _named("mcpServers"),
    "codex.config.toml": _named("mcp_servers"),
    "continue.mcp-server.yaml": _continue,
    "copilot_cli.mcp-config.json": _named("mcpServers"),
    "cursor.mcp.json": _named("mcpServers"),
    "gemini_cli.settings.json": _named("mcpServers"),
    "goose.config.yaml": _named("extensions"),
    "vscode.mcp.json": _named("servers"),
    "windsurf.mcp_config.json": _named("mcpServers"),
    "zed.settings.json": _named("context_servers"),
}
_BY_ADDRESS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "librechat.yaml": _librechat,
    "n8n.workflow.json": _n8n,
}
STARTED, REACHED = sorted(_BY_COMMAND), sorted(_BY_ADDRESS)


def started(name: str) -> Started:
    """Read a snippet by which the host starts the server."""
    return _BY_COMMAND[name](_read(EXAMPLES / name))


def reached(name: str) -> Reached:
    """Read a snippet that names an address, and the command that it tells people to run before."""
    path = EXAMPLES / name
    said = _SAID.search(path.read_text().replace("\\n", "\n"))
    assert said, f"{name} does not say how to start the server"
    command, *args = said[1].split()
    return Reached(command, args, _BY_ADDRESS[name](_read(path)))


def _read(path: Path) -> Any:
    text = path.read_text()
    if path.suffix == ".toml":
        return tomllib.loads(text)
    return yaml.safe_load(text) if path.suffix == ".yaml" else json.loads(text)
