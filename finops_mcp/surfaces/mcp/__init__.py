"""How assistants and agents ask: the toolbox and what belongs to it as an MCP server."""

from finops_mcp.surfaces.mcp.server import INSTRUCTIONS, mcp_server
from finops_mcp.surfaces.mcp.transports import http_routes, serve_stdio

__all__ = ["INSTRUCTIONS", "http_routes", "mcp_server", "serve_stdio"]
