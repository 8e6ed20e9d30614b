"""Questions with an address of their own: what resources answer, and what a saved report asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Page:
    """A tool with its arguments, behind an address; `{name}` in either is filled from the address."""

    address: str
    name: str
    title: str
    description: str
    tool: str
    arguments: Mapping[str, Any]

    @property
    def is_template(self) -> bool:
        """Whether the address has blanks."""
        return "{" in self.address

    def filled(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Give the arguments with their blanks filled."""
        return {name: _filled(value, values) for name, value in self.arguments.items()}


def find_pages(folder: Path) -> list[Page]:
    """Read every page of a folder: YAML files, each a list of them."""
    import yaml

    return [
        Page(
            address=one["uri"],
            name=one["name"],
            title=one["title"],
            description=one["description"],
            tool=one["tool"],
            arguments=one.get("arguments") or {},
        )
        for path in sorted(folder.glob("*.yaml"))
        for one in yaml.safe_load(path.read_text())
    ]


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        for name, value in values.items():
            part = part.replace(f"{{{name}}}", value)
        return part
    if isinstance(part, list):
        return [_filled(p, values) for p in part]
    if isinstance(part, dict):
        return {name: _filled(p, values) for name, p in part.items()}
    return part
