"""How a kind of alert asks: a tool through the toolbox, so that an alert has the figures of its answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from finops_mcp.alerts.judging import Looked
from finops_mcp.alerts.rules import Rules
from finops_mcp.answers import Answer
from finops_mcp.cache.alert_records import Alert
from finops_mcp.errors import CallerMistake, NoDataYet
from finops_mcp.toolbox.toolbox import Toolbox

MOST_ROWS = 1000
"""Rows that a tool is asked for, the most it gives; where there are more, nothing is resolved."""
MOST_CAVEATS = 8


@dataclass(frozen=True)
class Look:
    """One look at the data: whom to ask, by which rules, what was raised before, and the time of day."""

    toolbox: Toolbox
    rules: Rules
    kept: Sequence[Alert]
    now: datetime


Kind = Callable[[Look], Looked]


@dataclass(frozen=True)
class Asked:
    """A tool's answer with how it was asked."""

    tool: str
    arguments: Mapping[str, Any]
    answer: Answer

    @classmethod
    def of(cls, look: Look, tool: str, **arguments: Any) -> "Asked":
        """Ask a tool. Raises whatever of `finops_mcp.errors` the question meets."""
        return cls(tool, arguments, look.toolbox.call(tool, arguments, whole=True))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its rows, each value under the name of its column."""
        return [dict(zip(self.answer.columns, row, strict=True)) for row in self.answer.rows]

    def facts(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Give what an alert tells beside its words: the question, the row, what the figures mean."""
        basis = self.answer.basis
        return {
            "tool": self.tool,
            "arguments": dict(self.arguments),
            "figures": {name: value for name, value in row.items() if value is not None},
            "basis": basis.model_dump(mode="json") if basis else None,
            "caveats": self.answer.caveats[:MOST_CAVEATS],
        }


def looked_safely(name: str, kind: Kind, look: Look) -> Looked:
    """Look for one kind; what cannot be judged is a note, and keeps no other kind from being judged."""
    if not getattr(look.rules, name).enabled:
        return Looked(name)
    try:
        return kind(look)
    except NoDataYet:
        return Looked(name, whole=False)
    except CallerMistake as error:  # what the data cannot tell
        return Looked(name, whole=False, note=str(error))
    except Exception as error:  # noqa: BLE001 - of whatever fails, the others must not be the less
        return Looked(name, whole=False, note=f"{type(error).__name__}: {error}", failed=True)


def passed_upwards(value: float, thresholds: Sequence[float]) -> list[float]:
    """List the thresholds that a growing value has reached."""
    return [t for t in sorted(thresholds) if value >= t]


def passed_downwards(value: float, thresholds: Sequence[float]) -> list[float]:
    """List the thresholds that a falling value has reached, the last one last."""
    return [t for t in sorted(thresholds, reverse=True) if value <= t]
