"""Prompts and skills: Markdown with front matter, each in a file of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finops_mcp.errors import InvalidArgument

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_BLANK = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class PromptArgument:
    """One blank of a prompt; `complete` names the kind of known value that may fill it, if there is one."""

    name: str
    description: str
    required: bool
    complete: str = ""


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
        return _BLANK.sub(lambda m: given.get(m[1]) or f"(no {m[1]} given)", self.words)


@dataclass(frozen=True)
class Skill:
    """A page that teaches a model what the figures mean: its front matter, and the file as it is."""

    front: Mapping[str, Any]
    file: bytes

    @property
    def name(self) -> str:
        """The name of its folder."""
        return str(self.front["name"])

    @property
    def description(self) -> str:
        """What it teaches and when that is needed."""
        return str(self.front["description"])

    @property
    def address(self) -> str:
        """Its URI."""
        return f"skill://{self.name}/SKILL.md"


def find_prompts(folder: Path) -> list[Prompt]:
    """Read every prompt of a folder, named by its file."""
    return [_prompt(path) for path in sorted(folder.glob("*.md"))]


def find_skills(folder: Path) -> list[Skill]:
    """Read every skill of a folder: `<name>/SKILL.md`."""
    return [_skill(path) for path in sorted(folder.glob("*/SKILL.md"))]


def _prompt(path: Path) -> Prompt:
    front, words = _parts(path, path.read_text())
    arguments = tuple(
        PromptArgument(a["name"], a["description"], bool(a.get("required")), a.get("complete", ""))
        for a in front.get("arguments", ())
    )
    return Prompt(path.stem, front["title"], front["description"], arguments, words.strip())


def _skill(path: Path) -> Skill:
    file = path.read_bytes()
    front, _ = _parts(path, file.decode())
    if front["name"] != path.parent.name:
        raise ValueError(f"{path} names itself {front['name']}; a skill is named after its folder.")
    return Skill(front, file)


def _parts(path: Path, text: str) -> tuple[dict[str, Any], str]:
    """Take the front matter of a document and what follows it apart."""
    import yaml

    match = _FRONT_MATTER.match(text)
    if match is None:
        raise ValueError(f"{path} has no front matter (--- title, description … ---).")
    return yaml.safe_load(match[1]), match[2]
