"""What a tool file imports: the cost table it is handed, and how it says what it is."""

from finops_mcp.answers import Answer, NextStep
from finops_mcp.toolbox.tool import beside, tool

__all__ = ["Answer", "Costs", "NextStep", "beside", "tool"]


def __getattr__(name: str) -> object:
    """Import the cost table, and with it the engine, only when a tool is loaded."""
    if name == "Costs":
        from finops_mcp.cache.costs import Costs

        return Costs
    raise AttributeError(name)
