"""What a check is: one plain function from what was used to findings, and what it says of itself."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from finops_mcp.analytics.savings.finding import Action, Effort, Finding, Kind, Risk
from finops_mcp.content import built_in, marked

Needs = Literal[
    "recommendations", "optimizer", "metrics", "inventory", "resource_ids", "hourly", "split_costs"
]
"""What a check cannot do without: what Cost Optimization Hub recommends, a file that the user gives, or a
property of the export."""
NEEDS: Mapping[Needs, str] = {
    "recommendations": "an export of Cost Optimization Hub recommendations beside the cost export",
    "optimizer": "a Compute Optimizer export (finops-duck inputs FILE)",
    "metrics": "a file of metrics (finops-duck inputs FILE)",
    "inventory": "an inventory file (finops-duck inputs FILE)",
    "resource_ids": "resource ids in the cost export (INCLUDE_RESOURCES)",
    "hourly": "a cost export by the hour (TIME_GRANULARITY)",
    "split_costs": "split cost allocation data in the cost export (INCLUDE_SPLIT_COST_ALLOCATION_DATA)",
}
Function = TypeVar("Function", bound=Callable[..., Iterable[Finding]])
_MARK = "__finops_check__"


@dataclass(frozen=True)
class Mark:
    """What a check says of itself: its question, its number in the catalogue, and where findings begin."""

    title: str
    number: int
    kinds: tuple[Kind, ...]
    action: Action
    risk: Risk
    effort: Effort
    confidence: float
    reversible: bool
    needs: tuple[Needs, ...]


@dataclass(frozen=True)
class Check:
    """A check as it was found in a folder."""

    function: Callable[..., Iterable[Finding]]
    mark: Mark
    family: str
    path: Path

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.function.__name__

    @property
    def thresholds(self) -> dict[str, Any]:
        """Its named thresholds, with their defaults."""
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        return {p.name: p.default for p in parameters}


@dataclass(frozen=True)
class Checks:
    """Every check there is, loaded when it is first asked for."""

    folders: tuple[Path, ...] = field(default_factory=lambda: (built_in("checks"),))

    @property
    def all(self) -> list[Check]:
        """The checks of all folders, by number."""
        return find_checks(*self.folders)


def check(
    title: str,
    *,
    number: int,
    kind: Kind | tuple[Kind, ...],
    action: Action,
    risk: Risk,
    effort: Effort,
    confidence: float,
    reversible: bool = True,
    needs: Needs | tuple[Needs, ...] = (),
) -> Callable[[Function], Function]:
    """Mark a function as a check; the function itself stays as it is.

    `risk`, `effort` and `confidence` are where its findings begin. Where it `needs` one of several inputs,
    any of them will do; properties of the export it needs all.
    """

    def marked_function(function: Function) -> Function:
        kinds = (kind,) if isinstance(kind, str) else kind
        need = (needs,) if isinstance(needs, str) else needs
        mark = Mark(title, number, kinds, action, risk, effort, confidence, reversible, need)
        setattr(function, _MARK, mark)
        return function

    return marked_function


def mark_of(function: object) -> Mark | None:
    """Give the mark of a check's function; nothing for any other object."""
    return getattr(function, _MARK, None)


def find_checks(*folders: Path) -> list[Check]:
    """Load every check below some folders, by number. Raises ValueError for a name or number met twice."""
    found: dict[str, Check] = {}
    numbers: dict[int, Path] = {}
    for root in folders:
        for path, function, mark in marked(root, "check", mark_of):
            one = Check(function, mark, path.parent.relative_to(root).as_posix(), path)
            if one.name in found:
                raise ValueError(f"{path} defines {one.name}, which another check file defines already.")
            if mark.number in numbers:
                raise ValueError(
                    f"{path} has number {mark.number}, which {numbers[mark.number]} has already."
                )
            found[one.name], numbers[mark.number] = one, path
    return sorted(found.values(), key=lambda c: c.mark.number)


def resource_key(resource_id: str) -> str:
    """Write a resource's id as the bill does, however it is told: an ARN of EC2 or S3 by its last part."""
    told = re.fullmatch(r"arn:[\w-]+:(ec2|s3):[^:]*:[^:]*:(?:.*/)?([^/]+)", resource_id)
    return told[2] if told else resource_id
