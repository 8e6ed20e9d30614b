"""One question over HTTP: read, asked, answered in the wanted format; dropped when the caller goes."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from finops_mcp.errors import InvalidArgument
from finops_mcp.surfaces.rest.downloads import download
from finops_mcp.surfaces.rest.events import EventStream, event
from finops_mcp.surfaces.rest.formats import EVENTS, FILES, LINES, PNG, offered, wanted, written
from finops_mcp.surfaces.rest.problems import problem_of, problem_response
from finops_mcp.surfaces.rest.question import arguments_of, key_of
from finops_mcp.toolbox.asking import Tell, ask
from finops_mcp.toolbox.asking import asked as answered
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.toolbox import Toolbox, as_json


@dataclass(frozen=True)
class _Asked:
    tool: Tool
    arguments: dict[str, Any]
    format: str
    key: str


def methods_of(tool: Tool) -> list[str]:
    """List the methods a tool is asked by. One that writes is never asked by following a link."""
    return ["POST"] if tool.writes else ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class ToolEndpoint:
    """`/v1/{tool}`, as an ASGI application: it must see the caller go while a query runs."""

    toolbox: Toolbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one question, whatever happens."""
        request = Request(scope, receive)
        try:
            asked = await self._asked(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - every error is told as a problem
            await problem_response(error, request)(scope, receive, send)
            return
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_until_gone, receive, tasks.cancel_scope)
            response = await self._response(asked, request)
            await response(scope, receive, send)
            tasks.cancel_scope.cancel()

    async def _asked(self, request: Request) -> _Asked:
        tool = self.toolbox.tool(request.path_params["tool"])
        methods = methods_of(tool)
        if request.method not in methods:
            said = f"{tool.name} is asked by {' or '.join(methods)}, not {request.method}."
            raise HTTPException(405, said, {"Allow": ", ".join(methods)})
        accept = ",".join(request.headers.getlist("accept"))
        format_ = wanted(accept, offered(request.method, charted=tool.mark.charted, files=tool.mark.files))
        arguments = await arguments_of(tool, request)
        if tool.is_to_be_drawn(arguments):
            format_ = wanted(accept, [PNG])
        if form := FILES.get(format_):
            if arguments.setdefault("format", form) != form:
                raise InvalidArgument(f"Accept asks for {form}, and format for {arguments['format']}.")
            tool.checked(arguments)
        if format_ == EVENTS:
            # A mistake in the question has a status of its own, which a stream that has begun cannot give.
            tool.checked(arguments)
        return _Asked(tool, arguments, format_, key_of(request))

    async def _response(self, asked: _Asked, request: Request) -> ASGIApp:
        if asked.format == EVENTS:
            return EventStream(partial(self._last_event, asked, request))
        try:
            if asked.format in FILES:
                return await download(self.toolbox, asked.tool.name, asked.arguments, asked.format)
            whole = asked.format in {LINES, PNG}
            write = partial(written, format_=asked.format)
            return await answered(
                self.toolbox, asked.tool.name, asked.arguments, write, whole=whole, key=asked.key
            )
        except Exception as error:  # noqa: BLE001 - every error is told as a problem
            return problem_response(error, request)

    async def _last_event(self, asked: _Asked, request: Request, tell: Tell) -> bytes:
        try:
            answer = await ask(self.toolbox, asked.tool.name, asked.arguments, tell=tell, key=asked.key)
            return event("answer", as_json(answer))
        except Exception as error:  # noqa: BLE001 - every error is told as a problem
            return event("problem", problem_of(error, request).model_dump_json())


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    """Cancel the question when its caller hangs up; what is left of a body nobody reads is passed over."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
