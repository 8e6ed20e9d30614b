"""Which paths there are: the tools, their list, their description, and signs of life and readiness."""

from functools import partial
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from finops_mcp.cache.freshness import written
from finops_mcp.cache.history import last_attempt
from finops_mcp.errors import NoDataYet
from finops_mcp.surfaces.leaving import Leaving
from finops_mcp.surfaces.rest.downloads import exported
from finops_mcp.surfaces.rest.endpoint import ToolEndpoint, methods_of
from finops_mcp.surfaces.rest.event_stream import EventFeed
from finops_mcp.toolbox.toolbox import Toolbox


def routes(toolbox: Toolbox, leaving: Leaving | None = None) -> list[BaseRoute]:
    """Give the routes of the REST surface over a toolbox, whose streams end when the server is leaving."""
    feed = EventFeed(toolbox.cache.home, leaving or Leaving())
    return [
        Route("/v1", partial(_listed, toolbox)),
        Route("/v1/events", feed.respond, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/v1/exports/{name}", partial(exported, toolbox), methods=["GET"]),
        Route("/v1/{tool}", ToolEndpoint(toolbox), name="tool"),
        Route("/openapi.json", partial(_described, toolbox)),
        Route("/docs", partial(_explained, toolbox)),
        Route("/healthz", _alive),
        Route("/readyz", partial(_ready, toolbox)),
    ]


_NEW = {"Cache-Control": "no-store"}


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"}, headers=_NEW)


async def _ready(toolbox: Toolbox, _request: Request) -> Response:
    """Say whether there is data to answer from, how old it is, and how the last refresh went.

    Old data is told and still served: an orchestrator that took the server away would make it no younger.
    """
    try:
        fresh = await anyio.to_thread.run_sync(toolbox.cache.freshness)
    except NoDataYet:
        last = last_attempt(toolbox.cache.home)
        told: dict[str, Any] = {"status": "empty", "last_error": last.error if last else None}
        return JSONResponse(told, 503, headers=_NEW)
    last = fresh.last
    told = {
        "status": "stale" if fresh.is_stale else "ready",
        "refreshed_at": written(fresh.refreshed_at),
        "age_seconds": int(fresh.age.total_seconds()),
        "stale_after_seconds": int(fresh.stale_after.total_seconds()) if fresh.stale_after else None,
        "last_attempt_at": written(last.began) if last else None,
        "last_error": last.error or None if last else None,
        "next_refresh_at": written(fresh.due) if fresh.due else None,
    }
    return JSONResponse(told, headers=_NEW)


async def _listed(toolbox: Toolbox, request: Request) -> Response:
    root = request.scope.get("root_path", "")
    tools = [
        {
            "name": tool.name,
            "title": tool.title,
            "description": tool.description,
            "folder": tool.folder,
            "methods": methods_of(tool),
            "href": f"{root}/v1/{tool.name}",
        }
        for tool in toolbox.tools.values()
    ]
    return JSONResponse({"tools": tools, "openapi": f"{root}/openapi.json", "docs": f"{root}/docs"})


async def _described(toolbox: Toolbox, request: Request) -> Response:
    # Describing two dozen tools takes tens of milliseconds, which no question should wait for.
    from finops_mcp.surfaces.rest.openapi import openapi

    document = await anyio.to_thread.run_sync(openapi, toolbox)
    return JSONResponse({**document, "servers": [{"url": request.scope.get("root_path") or "/"}]})


async def _explained(toolbox: Toolbox, request: Request) -> Response:
    from finops_mcp.surfaces.rest.docs_page import STYLE_DIGEST, page
    from finops_mcp.surfaces.rest.openapi import openapi

    base = str(request.base_url).rstrip("/")
    text = await anyio.to_thread.run_sync(lambda: page(openapi(toolbox), base))
    policy = f"default-src 'none'; style-src '{STYLE_DIGEST}'; base-uri 'none'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(text, headers=headers)
