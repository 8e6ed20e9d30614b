"""Saved reports: questions that people keep under a name, one small file each in the home."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finops_mcp.cache.dimensions import near
from finops_mcp.errors import InvalidArgument, UnknownReport

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True)
class Report:
    """A question that was saved."""

    name: str
    title: str
    tool: str
    arguments: Mapping[str, Any]


class Reports:
    """The reports saved in one folder; each is read anew, since people edit them by hand."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """List the reports there are."""
        return sorted(p.stem for p in self._folder.glob("*.yaml") if _NAME.fullmatch(p.stem))

    def all(self) -> list[Report]:
        """Read every report; of a file that is none, the title says why."""
        return [self._told(name) for name in self.names()]

    def _told(self, name: str) -> Report:
        try:
            return self.read(name)
        except InvalidArgument as error:
            return Report(name, str(error), "", {})

    def read(self, name: str) -> Report:
        """Read one report. Raises UnknownReport, and InvalidArgument for a file that is not one."""
        import yaml

        names = self.names()
        if name not in names:
            raise UnknownReport(name, valid=names, near=near(name, names))
        path = self._folder / f"{name}.yaml"
        try:
            told = yaml.safe_load(path.read_text())
            return Report(name, str(told["title"]), str(told["tool"]), dict(told.get("arguments") or {}))
        except (yaml.YAMLError, TypeError, KeyError, ValueError) as error:
            raise InvalidArgument(
                f"{path} is not a saved report ({type(error).__name__}: {error}): it holds title, tool and"
                " arguments. Save it anew with `finops-duck ask … --save NAME`."
            ) from None

    def save(self, report: Report) -> Path:
        """Keep a report under its name, in place of one before. Raises InvalidArgument for a bad name."""
        import yaml

        if not _NAME.fullmatch(report.name):
            raise InvalidArgument(
                f"A report cannot be named {report.name!r}: use small letters, digits and dashes, 63 at most."
            )
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{report.name}.yaml"
        told = {"title": report.title, "tool": report.tool, "arguments": dict(report.arguments)}
        path.touch(mode=0o600)
        path.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True))
        return path
