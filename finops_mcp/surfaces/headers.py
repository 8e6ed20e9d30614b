"""Header values as HTTP means them, whatever the server's parser leaves around them."""

from starlette.types import ASGIApp, Receive, Scope, Send


class TrimmedHeaders:
    """Takes off the white space around header values, which is no part of them (RFC 9110, section 5.5).

    The fast parser leaves what follows a value, and a header that must equal the body would not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its headers trimmed."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        await self._app(scope, receive, send)
