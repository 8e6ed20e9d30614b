"""The table of tools that the README shows, made from the tools themselves.

`python -m finops_mcp.toolbox.catalogue README.md` writes it into place.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.tool import Tool

_PLACE = re.compile(r"(<!-- tools: [^\n]*-->\n).*?(<!-- /tools -->)", re.DOTALL)


def tools_table(tools: Sequence[Tool]) -> str:
    """Write one row for each tool: name, question, parameters."""
    rows = [f"| `{t.name}` | {t.title} | {_parameters(t)} |" for t in tools]
    return "\n".join(["| tool | the question | parameters |", "|---|---|---|", *rows]) + "\n"


def with_table(text: str, tools: Sequence[Tool]) -> str:
    """Put the table between its marks in a text."""
    return _PLACE.sub(lambda m: m[1] + tools_table(tools) + m[2], text)


def _parameters(tool: Tool) -> str:
    return ", ".join(f"`{name}`" for name in tool.parameters.model_fields) or "none"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_table(page.read_text(), find_tools(built_in("tools"))))
