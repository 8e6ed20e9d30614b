"""Which inputs are there beside the bill, and which a check lacks."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from finops_mcp.cache.inputs import COLUMNS, held_inputs, input_table
from finops_mcp.savings.check import NEEDS, Needs

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs

_PROPERTIES: tuple[Needs, ...] = ("resource_ids", "hourly", "split_costs")


class Inputs:
    """What one generation and home hold of what checks need."""

    def __init__(self, costs: "Costs") -> None:
        self._costs = costs

    def has(self, need: Needs) -> bool:
        """Say whether an input is there."""
        if need == "recommendations":
            return self._has_recommendations
        if need == "resource_ids":
            return not any("resource_id" in p.lacks for p in self._costs.opened.periods)
        if need == "hourly":
            return self._is_hourly
        if need == "split_costs":
            return bool(self._costs.ask("select count(*) from container_usage")[0][0])
        return bool(held_inputs(self._costs.opened.home, need))

    def table(self, kind: str) -> str:
        """Write what a statement reads a kind of input from."""
        return input_table(self._costs.opened.home, kind)

    @property
    def state(self) -> tuple[str, ...]:
        """What was given, by name: it changes whenever the files do."""
        return tuple(str(p) for kind in COLUMNS for p in held_inputs(self._costs.opened.home, kind))

    def lacking(self, needs: Sequence[Needs]) -> str | None:
        """Say what to give so that a check can look; nothing where it has what it needs."""
        absent = [NEEDS[n] for n in needs if n in _PROPERTIES and not self.has(n)]
        inputs = [n for n in needs if n not in _PROPERTIES]
        if inputs and not any(self.has(n) for n in inputs):
            absent.append(" or ".join(NEEDS[n] for n in inputs))
        return "; ".join(absent) or None

    @cached_property
    def _has_recommendations(self) -> bool:
        return bool(self._costs.ask("select count(*) from recommendations")[0][0])

    @cached_property
    def _is_hourly(self) -> bool:
        rows = self._costs.ask(
            "select count(*) from charges where x_charge_group = 'usage'"
            " and extract('hour' from charge_period_start) <> 0"
        )
        return bool(rows[0][0])
