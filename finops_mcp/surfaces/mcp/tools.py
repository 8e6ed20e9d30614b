"""Tools over MCP: their list, and one call of one."""

import logging
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext

from finops_mcp.errors import FinopsError
from finops_mcp.toolbox.asking import ask
from finops_mcp.toolbox.schemas import input_schema, output_schema
from finops_mcp.toolbox.text import markdown
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.toolbox import Toolbox, structured

Context = ServerRequestContext[Any, Any]
_log = logging.getLogger("finops_mcp.mcp")


class Tools:
    """The tools of a toolbox as MCP has them."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    async def listed(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """List every tool."""
        return types.ListToolsResult(tools=[_tool(t) for t in self._toolbox.tools.values()])

    async def call(self, context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """Call one tool; what goes wrong is said in the answer, where a model reads it."""

        async def tell(message: str, done: float, total: float) -> None:
            await context.session.report_progress(done, total, message)

        try:
            answer = await ask(self._toolbox, params.name, params.arguments or {}, tell=tell)
        except FinopsError as error:
            return _refused(str(error))
        except Exception:  # noqa: BLE001 - a fault of ours must not take the connection down
            _log.exception("%s failed", params.name)
            return _refused(f"{params.name} failed on our side; the server's log says why.")
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=markdown(answer))],
            structured_content=structured(answer),
        )


def _tool(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=input_schema(tool),
        output_schema=output_schema(tool),
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.writes,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=tool.writes,
        ),
    )


def _refused(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=why)], is_error=True)
