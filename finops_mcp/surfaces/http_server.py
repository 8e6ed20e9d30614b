"""The HTTP server that says that it ends before it waits for what is in flight."""

from socket import socket

import uvicorn

from finops_mcp.surfaces.leaving import Leaving


class HttpServer(uvicorn.Server):
    """Uvicorn, with somebody to tell."""

    def __init__(self, config: uvicorn.Config, leaving: Leaving) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Tell everybody, then end as ever."""
        self._leaving.now()
        await super().shutdown(sockets)
