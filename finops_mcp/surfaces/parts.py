"""What the command line needs of the app that runs it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from finops_mcp.alerts.watch import Alerts
    from finops_mcp.cache.refresh import Refresher
    from finops_mcp.ledger.ledger import Ledger
    from finops_mcp.settings import Settings
    from finops_mcp.surfaces.leaving import Leaving
    from finops_mcp.toolbox.library import Library
    from finops_mcp.toolbox.toolbox import Toolbox


class Parts(Protocol):
    """One home with everything that serves it."""

    settings: "Settings"

    @property
    def refresher(self) -> "Refresher":
        """What brings exports into this home."""

    @property
    def toolbox(self) -> "Toolbox":
        """Every tool over this home's cache."""

    @property
    def alerts(self) -> "Alerts":
        """What is to be told without being asked."""

    @property
    def ledger(self) -> "Ledger":
        """What became of findings of savings."""

    @property
    def library(self) -> "Library":
        """Prompts, skills, resources and saved reports."""

    @property
    def leaving(self) -> "Leaving":
        """Who is told when the server is about to end."""

    def serve_stdio(self) -> None:
        """Serve MCP over standard input and output."""

    def http(self, allowed_hosts: Sequence[str] = (), *, sessions: bool = False) -> "Starlette":
        """Make the HTTP app."""
