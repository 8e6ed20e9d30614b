"""Does the configuration that people paste start a server that answers?"""

import json
import sys
from pathlib import Path

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from tests.surfaces.serving import environment
from tests.tools.tiny import charge, home_of

CONFIG = Path(__file__).parents[1] / "examples" / "claude_config.json"


async def test_the_example_configuration_starts_a_server_that_answers(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1.5")])
    ((name, server),) = json.loads(CONFIG.read_text())["mcpServers"].items()
    assert name == "finops"
    installed = str(Path(sys.executable).parent)
    started = StdioServerParameters(
        command=server["command"],
        args=server["args"],
        env={
            **environment(FINOPS_HOME=str(tmp_path / "home")),
            **server.get("env", {}),
            "PATH": f"{installed}:{environment().get('PATH', '')}",
        },
    )
    async with Client(started) as client:
        answer = await client.call_tool("cost_by", {})
    assert answer.structured_content is not None
    assert answer.structured_content["totals"] == {"effective_cost": "1.50"}
