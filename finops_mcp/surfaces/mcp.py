"""How assistants and agents ask: the toolbox as an MCP server, over stdio, streamable HTTP and SSE."""

import logging
from collections.abc import Sequence
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from starlette.responses import Response
from starlette.routing import Mount, Route

from finops_mcp.errors import FinopsError, InvalidArgument
from finops_mcp.toolbox.asking import ask
from finops_mcp.toolbox.folder import Prompt
from finops_mcp.toolbox.schemas import input_schema, output_schema
from finops_mcp.toolbox.text import markdown
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.toolbox import Toolbox, structured

INSTRUCTIONS = """\
Exact answers about AWS cost from a local copy of the cost exports; no AWS call, no charge per question.
Start with data_status: which months there are, how complete, from which export. Then cost_by (what did each
part cost), cost_trend (how did it move), resource_costs, invoices; cost_schema has the exact spelling of
services, accounts, tags and values; cost_sql is for what no tool asks.
Default measure is effective_cost (commitments spread over use), with credits and tax left out and named in
the basis. For "what is on the bill" use metric billed_cost with scope bill. Quote amounts with their period,
measure and currency, say when a month is not complete, pass on the caveats, and never add amounts of
different currencies. Shares, totals and changes are in the answer: do not compute them again.\
"""

_log = logging.getLogger("finops_mcp.mcp")
Context = ServerRequestContext[Any, Any]


def mcp_server(toolbox: Toolbox, prompts: Sequence[Prompt], *, version: str) -> Server[Any]:
    """Make the MCP server of a toolbox."""
    by_name = {p.name: p for p in prompts}

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(t) for t in toolbox.tools.values()])

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        async def tell(message: str, done: float, total: float) -> None:
            await context.session.report_progress(done, total, message)

        try:
            answer = await ask(toolbox, params.name, params.arguments or {}, tell=tell)
        except FinopsError as error:
            return _refused(str(error))
        except Exception:  # noqa: BLE001 - a fault of ours must not take the connection down
            _log.exception("%s failed", params.name)
            return _refused(f"{params.name} failed on our side; the server's log says why.")
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=markdown(answer))],
            structured_content=structured(answer),
        )

    async def list_prompts(_: Context, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[_prompt(p) for p in prompts])

    async def get_prompt(_: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        prompt = by_name.get(params.name)
        if prompt is None:
            raise _invalid(InvalidArgument(f"There is no prompt named {params.name!r}.", valid=by_name))
        try:
            filled = prompt.filled(params.arguments or {})
        except InvalidArgument as error:
            raise _invalid(error) from None
        words = types.TextContent(type="text", text=filled)
        return types.GetPromptResult(
            description=prompt.description, messages=[types.PromptMessage(role="user", content=words)]
        )

    return Server(
        "finops-duck",
        version=version,
        title="FinOps Duck",
        description="Exact answers about AWS cost exports from a local cache.",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
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


def _prompt(prompt: Prompt) -> types.Prompt:
    return types.Prompt(
        name=prompt.name,
        title=prompt.title,
        description=prompt.description,
        arguments=[
            types.PromptArgument(name=a.name, description=a.description, required=a.required)
            for a in prompt.arguments
        ],
    )


def _refused(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=why)], is_error=True)


def _invalid(error: FinopsError) -> MCPError:
    return MCPError(types.INVALID_PARAMS, str(error))


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one client over standard input and output until it closes them."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def http_routes(server: Server[Any]) -> list[Route | Mount]:
    """Give the routes of streamable HTTP (/mcp, stateless) and of the older SSE transport (/sse).

    Host and Origin are checked by the app before any route; the session manager must run in its lifespan.
    """
    from mcp.server.sse import SseServerTransport
    from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.requests import Request

    checked_already = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    manager = StreamableHTTPSessionManager(app=server, stateless=True, security_settings=checked_already)
    sse = SseServerTransport("/messages/", security_settings=checked_already)

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
