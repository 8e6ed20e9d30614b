"""What a tool file imports: what it is handed, and how it says what it is."""

from typing import TYPE_CHECKING

from finops_mcp.answers import Answer, NextStep
from finops_mcp.content import beside
from finops_mcp.toolbox.tool import tool

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.loads import Progress
    from finops_mcp.cache.refresh import Refresher
    from finops_mcp.savings.check import Checks
    from finops_mcp.toolbox.exporting import Exporter

__all__ = ["Answer", "Checks", "Costs", "Exporter", "NextStep", "Progress", "Refresher", "beside", "tool"]


def __getattr__(name: str) -> object:
    """Import what a tool is handed, and with it the engine, only when a tool asks for it."""
    if name == "Costs":
        from finops_mcp.cache.costs import Costs

        return Costs
    if name == "Checks":
        from finops_mcp.savings.check import Checks

        return Checks
    if name == "Exporter":
        from finops_mcp.toolbox.exporting import Exporter

        return Exporter
    if name in {"Progress", "Refresher"}:
        from finops_mcp.cache import refresh

        return getattr(refresh, name)
    raise AttributeError(name)
