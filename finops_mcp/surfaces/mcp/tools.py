"""Tools over MCP: their list, and one call of one."""

import logging
from base64 import b64encode
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext

from finops_mcp.answers import Answer
from finops_mcp.errors import ConsentNeeded, FinopsError, NothingToDraw
from finops_mcp.surfaces.charts import result_meta, tool_meta
from finops_mcp.surfaces.mcp.consent import asked_of_the_user
from finops_mcp.toolbox.asking import asked
from finops_mcp.toolbox.picture import picture_of
from finops_mcp.toolbox.schemas import Schemas, schemas_of
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.toolbox import Toolbox, written

Context = ServerRequestContext[Any, Any]
_log = logging.getLogger("finops_mcp.mcp")


class Tools:
    """The tools of a toolbox as MCP has them."""

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox

    async def listed(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """List every tool."""
        return types.ListToolsResult(tools=self._listed)

    @cached_property
    def _listed(self) -> list[types.Tool]:
        listed = [t for t in self._toolbox.tools.values() if t.mark.listed]
        schemas = schemas_of(listed)
        return [_tool(t, schemas[t.name]) for t in listed]

    def input_schema(self, name: str) -> Mapping[str, Any] | None:
        """Give what a listed tool takes; without this the SDK writes out the whole list at every call."""
        return self._input_schemas.get(name)

    @cached_property
    def _input_schemas(self) -> dict[str, dict[str, Any]]:
        return {t.name: t.input_schema for t in self._listed}

    async def call(
        self, context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        """Call one tool; what goes wrong is said in the answer, where a model reads it."""
        try:
            return await self._answered(context, params)
        except ConsentNeeded as needed:
            return await self._agreed(context, params, needed)

    async def _agreed(
        self, context: Context, params: types.CallToolRequestParams, needed: ConsentNeeded
    ) -> types.CallToolResult | types.InputRequiredResult:
        """Ask the user, where the client can, and do what was agreed to and no more."""
        decision = await asked_of_the_user(context, params, needed)
        if isinstance(decision, types.InputRequiredResult):
            return decision
        if decision is None:
            return _refused(str(needed))
        if not decision:
            return _refused(f"The user does not want this: {needed.question} Nothing was done.")
        try:
            return await self._answered(context, params, agreed=needed.agreed)
        except ConsentNeeded as more:  # it has grown meanwhile
            return _refused(str(more))

    async def _answered(
        self,
        context: Context,
        params: types.CallToolRequestParams,
        agreed: Mapping[str, Any] | None = None,
    ) -> types.CallToolResult:
        arguments = params.arguments or {}

        async def tell(message: str, done: float, total: float | None) -> None:
            await context.session.report_progress(done, total, message)

        try:
            tool = self._toolbox.tool(params.name)
            write = partial(_result, tool, drawn=tool.is_to_be_drawn(arguments))
            return await asked(
                self._toolbox, params.name, arguments, write, tell=tell, whole=True, agreed=agreed
            )
        except ConsentNeeded:
            raise
        except FinopsError as error:
            return _refused(str(error))
        except Exception:  # noqa: BLE001 - a fault of ours must not take the connection down
            _log.exception("%s failed", params.name)
            return _refused(f"{params.name} failed on our side; the server's log says why.")


def _result(tool: Tool, whole: Answer, *, drawn: bool) -> types.CallToolResult:
    """Write an answer cut to what a model can take; what is drawn of it is read from the whole."""
    answer = written(whole)
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=answer.text)]
    return types.CallToolResult(
        content=content + (_picture(whole) if drawn else []),
        structured_content=answer.structured,
        _meta=result_meta(tool, whole),
    )


def _picture(answer: Answer) -> list[types.ContentBlock]:
    """Draw an answer for hosts that show images, and say what the picture shows for who sees none."""
    try:
        drawn, shows = picture_of(answer)
    except NothingToDraw as error:
        return [types.TextContent(type="text", text=str(error))]
    image = types.ImageContent(type="image", data=b64encode(drawn).decode(), mime_type="image/png")
    return [image, types.TextContent(type="text", text=f"The picture: {shows}")]


def _tool(tool: Tool, schemas: Schemas) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=schemas.description,
        input_schema=schemas.input,
        output_schema=schemas.output,
        annotations=types.ToolAnnotations(
            read_only_hint=not tool.writes,
            destructive_hint=False if tool.writes else None,  # of what only reads it says nothing
            idempotent_hint=True,
            open_world_hint=tool.mark.open_world,
        ),
        _meta=tool_meta(tool),
    )


def _refused(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=why)], is_error=True)
