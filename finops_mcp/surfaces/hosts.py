"""Who may speak to a listening server: names of this machine, and pages that it served itself."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("localhost", "127.0.0.1", "[::1]")

_HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE)
_ORIGIN = re.compile(rf"https?://{_HOST.pattern}", re.IGNORECASE)


class HostCheck:
    """Refuses requests whose Host (421) or Origin (403) is not one of the allowed names, on any port.

    Without it, any web page could reach a server on this machine by pointing a name of its own at it.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str] = LOCAL) -> None:
        self._app = app
        self._allowed = frozenset(map(named, allowed))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            hosts, origins = headers.getlist("host"), headers.getlist("origin")
            refused = None
            if len(hosts) != 1 or not self._knows(_HOST, hosts[0]):
                said = f"This server does not answer as {', '.join(hosts)[:100]!r}; see serve --allow-host."
                refused = PlainTextResponse(said, 421)
            elif not all(self._knows(_ORIGIN, origin) for origin in origins):
                refused = PlainTextResponse("Pages of other sites may not ask this server.", 403)
            if refused is not None:
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _knows(self, form: re.Pattern[str], address: str) -> bool:
        match = form.fullmatch(address)
        return match is not None and match["name"].lower() in self._allowed


def named(given: str) -> str:
    """Read a host as people write it: with a port or not, an IPv6 address in brackets or not."""
    if given.count(":") > 1 and not given.startswith("["):
        return f"[{given.lower()}]"
    match = _HOST.fullmatch(given)
    return match["name"].lower() if match else given.lower()
