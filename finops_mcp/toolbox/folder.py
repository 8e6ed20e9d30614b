"""Finds tools in folders: the built-in ones, and a user's own."""

import importlib.util
import sys
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

from finops_mcp.toolbox.tool import Tool, mark_of

_PACKAGE = Path(__file__).parent.parent


def built_in(kind: str) -> Path:
    """Give the folder of one kind of built-in content: in the wheel, or in the checkout."""
    shipped = _PACKAGE / "_builtin" / kind
    return shipped if shipped.exists() else _PACKAGE.parent / kind


def find_tools(*folders: Path) -> list[Tool]:
    """Load every tool below some folders, in the order of folder and name.

    A tool file defines one function marked with `tool`, of the file's own name.
    """
    found: dict[str, Tool] = {}
    for root in folders:
        for path in sorted(root.rglob("*.py")):
            tool = _tool_in(path, root)
            if tool.name in found:
                raise ValueError(f"{path} defines {tool.name}, which another tool file defines already.")
            found[tool.name] = tool
    return list(found.values())


def _tool_in(path: Path, root: Path) -> Tool:
    module = _loaded(path)
    for value in vars(module).values():
        mark = mark_of(value)
        if mark and value.__module__ == module.__name__:
            if value.__name__ != path.stem:
                raise ValueError(f"{path} defines {value.__name__}; a tool file is named after its function.")
            return Tool(value, mark, path.parent.relative_to(root).as_posix())
    raise ValueError(f"{path} defines no tool: mark its function with @tool(…).")


def _loaded(path: Path) -> ModuleType:
    """Load a tool's file under a name of its own, known to the interpreter before it runs."""
    name = f"finops_mcp_tools.{path.stem}"
    if name in sys.modules and getattr(sys.modules[name], "__file__", None) == str(path):
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with redirect_stdout(sys.stderr):  # stdout belongs to the protocol, and to --json
        spec.loader.exec_module(module)
    return module
