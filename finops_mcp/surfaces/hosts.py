"""Who may speak to a listening server: names of this machine, and pages that it served itself."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("localhost", "127.0.0.1", "[::1]")


class HostCheck:
    """Refuses requests whose Host (421) or Origin (403) is not one of the allowed names.

    Without it, any web page could reach a server on this machine by pointing a name of its own at it.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str] = LOCAL) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            host, origin = headers.get("host", ""), headers.get("origin")
            refused = None
            if self._name(f"//{host}") not in self._allowed:
                refused = PlainTextResponse(f"This server does not answer as {host!r}.", 421)
            elif origin is not None and self._name(origin) not in self._allowed:
                refused = PlainTextResponse("Pages of other sites may not ask this server.", 403)
            if refused is not None:
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)

    @staticmethod
    def _name(address: str) -> str:
        try:
            name = urlsplit(address).hostname or ""
        except ValueError:
            return ""
        return f"[{name}]" if ":" in name else name.lower()
