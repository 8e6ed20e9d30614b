"""What YARA rules find in what a server tells a model; runs in the environment of cisco-ai-mcp-scanner.

One process asks for all four kinds: the scanner takes seconds to start.
"""

import asyncio
import json
import sys
from typing import Any

from mcpscanner import AnalyzerEnum, Config, Scanner  # type: ignore[import-not-found]


async def scanned(address: str) -> dict[str, list[dict[str, Any]]]:
    """Scan tools, prompts, pages and instructions."""
    scanner, rules = Scanner(Config()), [AnalyzerEnum.YARA]
    kinds = {
        "tools": await scanner.scan_remote_server_tools(address, analyzers=rules),
        "prompts": await scanner.scan_remote_server_prompts(address, analyzers=rules),
        "resources": await scanner.scan_remote_server_resources(
            address, analyzers=rules, allowed_mime_types=["text/markdown"]
        ),
        "instructions": [await scanner.scan_remote_server_instructions(address, analyzers=rules)],
    }
    return {kind: [_told(result) for result in results] for kind, results in kinds.items()}


def _told(result: Any) -> dict[str, Any]:
    names = (getattr(result, name, None) for name in ("tool_name", "prompt_name", "resource_uri"))
    return {
        "name": next((str(name) for name in names if name), "instructions"),
        "status": result.status,
        "matches": [f"{f.analyzer}: {f.summary}" for f in result.findings if f.analyzer == "YARA"],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(scanned(sys.argv[1])), sys.stdout)
