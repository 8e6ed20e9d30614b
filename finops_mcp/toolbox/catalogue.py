"""The tables of tools and addresses that the README shows, made from the things themselves.

`python -m finops_mcp.toolbox.catalogue README.md` writes them into place.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.pages import Page, find_pages
from finops_mcp.toolbox.tool import RESPONSE_FORMAT, Tool

_TOOLS = re.compile(r"(<!-- tools: [^\n]*-->\n).*?(<!-- /tools -->)", re.DOTALL)
_ADDRESSES = re.compile(r"(<!-- addresses: [^\n]*-->\n).*?(<!-- /addresses -->)", re.DOTALL)


def tools_table(tools: Sequence[Tool]) -> str:
    """Write one row for each listed tool: name, question, parameters of its own."""
    rows = [f"| `{t.name}` | {t.title} | {_parameters(t)} |" for t in tools if t.mark.listed]
    return "\n".join(["| tool | the question | parameters |", "|---|---|---|", *rows]) + "\n"


def addresses_table(pages: Sequence[Page]) -> str:
    """Write one row for each address: what it answers."""
    rows = [f"| `{p.address}` | {p.title} |" for p in pages]
    return "\n".join(["| address | what it answers |", "|---|---|", *rows]) + "\n"


def with_tables(text: str, tools: Sequence[Tool], pages: Sequence[Page]) -> str:
    """Put the tables between their marks in a text."""
    text = _TOOLS.sub(lambda m: m[1] + tools_table(tools) + m[2], text)
    return _ADDRESSES.sub(lambda m: m[1] + addresses_table(pages) + m[2], text)


def _parameters(tool: Tool) -> str:
    own = (name for name in tool.parameters.model_fields if name != RESPONSE_FORMAT)
    return ", ".join(f"`{name}`" for name in own) or "none"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    tools, pages = find_tools(built_in("tools")), find_pages(built_in("resources"))
    page.write_text(with_tables(page.read_text(), tools, pages))
