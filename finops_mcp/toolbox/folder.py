"""Finds tools and prompts in folders: the built-in ones, and a user's own."""

import importlib.util
import re
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.tool import Tool, mark_of

_PACKAGE = Path(__file__).parent.parent
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


def built_in(kind: str) -> Path:
    """Give the folder of the built-in tools or prompts: in the wheel, or in the checkout."""
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


@dataclass(frozen=True)
class PromptArgument:
    """One blank of a prompt."""

    name: str
    description: str
    required: bool


@dataclass(frozen=True)
class Prompt:
    """A flow that people run, as words for a model."""

    name: str
    title: str
    description: str
    arguments: tuple[PromptArgument, ...]
    words: str

    def filled(self, given: Mapping[str, str]) -> str:
        """Fill the blanks `{{name}}`; one that was not given becomes its own name in words.

        Raises InvalidArgument for a blank there is not, or one that is needed and not given.
        """
        known = [a.name for a in self.arguments]
        for name in given:
            if name not in known:
                raise InvalidArgument(f"The prompt {self.name} has no blank named {name!r}.", valid=known)
        missing = [a.name for a in self.arguments if a.required and not given.get(a.name)]
        if missing:
            raise InvalidArgument(f"The prompt {self.name} needs {', '.join(missing)}.")
        return re.sub(r"\{\{(\w+)\}\}", lambda m: given.get(m[1]) or f"(no {m[1]} given)", self.words)


def find_prompts(*folders: Path) -> list[Prompt]:
    """Read every prompt below some folders: Markdown with front matter, named by its file."""
    return [_prompt_in(path) for root in folders for path in sorted(root.glob("*.md"))]


def _tool_in(path: Path, root: Path) -> Tool:
    module = _loaded(path)
    for value in vars(module).values():
        mark = mark_of(value)
        if mark and value.__module__ == module.__name__:
            if value.__name__ != path.stem:
                raise ValueError(f"{path} defines {value.__name__}; a tool file is named after its function.")
            folder = path.parent.relative_to(root).as_posix()
            return Tool(value, mark.title, mark.writes, folder, mark.charted)
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


def _prompt_in(path: Path) -> Prompt:
    import yaml

    match = _FRONT_MATTER.match(path.read_text())
    if match is None:
        raise ValueError(f"{path} has no front matter (--- title, description, arguments ---).")
    front = yaml.safe_load(match[1])
    arguments = tuple(
        PromptArgument(a["name"], a["description"], bool(a.get("required")))
        for a in front.get("arguments", ())
    )
    return Prompt(path.stem, front["title"], front["description"], arguments, match[2].strip())
