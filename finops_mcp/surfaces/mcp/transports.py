"""The ways to reach the server: standard input and output, streamable HTTP, and the older SSE."""

from typing import Any

from mcp.server.lowlevel.server import Server
from starlette.responses import Response
from starlette.routing import Mount, Route

from finops_mcp.surfaces.limits import MOST_BODY


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one client over standard input and output until it closes them."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def http_routes(server: Server[Any], *, sessions: bool = False) -> list[Route | Mount]:
    """Give the routes of streamable HTTP (/mcp) and of the older SSE transport (/sse).

    Without `sessions` nothing is kept between requests. With them, clients of the 2025 era have one each,
    within which they can be asked back and their calls cancelled; the 2026 era needs none for either.

    Host and Origin are checked by the app before any route; the session manager must run in its lifespan.
    """
    from mcp.server.sse import SseServerTransport
    from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings
    from sse_starlette.sse import AppStatus
    from starlette.requests import Request

    # Answers travel on event streams, which would be cut the moment the server is told to stop; the grace
    # that uvicorn gives to everything in flight is theirs as well.
    AppStatus.enable_automatic_graceful_drain = False
    checked_already = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    manager = StreamableHTTPSessionManager(
        app=server, stateless=not sessions, security_settings=checked_already, max_request_body_size=MOST_BODY
    )
    sse = SseServerTransport("/messages/", security_settings=checked_already, max_request_body_size=MOST_BODY)

    async def old_sse(request: Request) -> Response:
        async with sse.connect_sse(request.scope, request.receive, request._send) as (read, write):  # noqa: SLF001 - the SDK's own way
            await server.run(read, write, server.create_initialization_options())
        return Response()

    server._session_manager = manager  # noqa: SLF001 - where the SDK itself keeps it
    return [
        Route("/mcp", endpoint=StreamableHTTPASGIApp(manager)),
        Route("/sse", endpoint=old_sse, methods=["GET"]),
        Mount("/messages/", app=sse.handle_post_message),
    ]
