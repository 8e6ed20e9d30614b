"""Finds tools in folders: the built-in ones, and a user's own."""

from pathlib import Path

from finops_mcp.content import built_in, marked
from finops_mcp.toolbox.tool import Tool, mark_of

__all__ = ["built_in", "find_tools"]


def find_tools(*folders: Path) -> list[Tool]:
    """Load every tool below some folders, in the order of folder and name.

    A tool file defines one function marked with `tool`, of the file's own name.
    """
    found: dict[str, Tool] = {}
    for root in folders:
        for path, function, mark in marked(root, "tool", mark_of):
            tool = Tool(function, mark, path.parent.relative_to(root).as_posix())
            if tool.name in found:
                raise ValueError(f"{path} defines {tool.name}, which another tool file defines already.")
            found[tool.name] = tool
    return list(found.values())
