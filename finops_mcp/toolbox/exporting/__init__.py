"""What leaves as a file: charges as FOCUS 1.2, or the whole answer of a tool."""

from finops_mcp.toolbox.exporting.exporter import Exporter
from finops_mcp.toolbox.exporting.place import Exported, Place
from finops_mcp.toolbox.exporting.tables import Form

__all__ = ["Exported", "Exporter", "Form", "Place"]
