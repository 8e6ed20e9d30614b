"""Our own server with the fixtures of the conformance suite beside our tools: all of the wiring is ours."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    PromptsListChanged,
    ToolsListChanged,
)
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel

from finops_mcp.app import App
from tests.outside import fixture_reading as reading
from tests.outside.contents import said
from tests.outside.fixture_rounds import ROUNDS
from tests.outside.fixture_tools import TOOLS, Context, Fixture
from tests.surfaces.serving import running
from tests.tools.tiny import app_at

Handler = Callable[[Context, Any], Awaitable[Any]]


class FixtureApp(App):
    """Our app, whose MCP server knows the fixtures as well."""

    def mcp_server(self, *, lasting: bool = True) -> Server[Any]:
        """Make our MCP server and add the fixtures to it."""
        return with_fixtures(super().mcp_server(lasting=lasting))


@contextmanager
def fixtures_served(home: Path, *, sessions: bool = False) -> Iterator[str]:
    """Serve a home and the fixtures over HTTP.

    We serve without sessions unless told to. A server of the 2025 era can ask its client something only
    within one, so what asks is served with them.
    """
    app = FixtureApp(app_at(home).settings)
    with running(app.http(sessions=sessions), timeout_graceful_shutdown=1) as address:
        yield address


def with_fixtures(server: Server[Any]) -> Server[Any]:
    """Add every fixture to a server, beside what it has."""
    bus = InMemorySubscriptionBus()
    tools = {**TOOLS, **ROUNDS, **_triggers(bus)}

    async def call(context: Context, asked: types.CallToolRequestParams) -> Any:
        tool = tools.get(asked.name)
        return await tool(context, asked) if tool else None

    async def read(_: Context, asked: types.ReadResourceRequestParams) -> Any:
        return await reading.read(str(asked.uri))

    async def prompted(_: Context, asked: types.GetPromptRequestParams) -> Any:
        return await reading.prompted(asked)

    async def completed(_: Context, asked: types.CompleteRequestParams) -> Any:
        return await reading.completed(asked)

    async def accepted(_: Context, __: BaseModel) -> types.EmptyResult:
        return types.EmptyResult()

    pages = types.PaginatedRequestParams
    _lengthen(server, "tools/list", pages, types.ListToolsResult, "tools", _listed(tools))
    _lengthen(server, "resources/list", pages, types.ListResourcesResult, "resources", reading.RESOURCES)
    _lengthen(
        server, "resources/templates/list", pages, types.ListResourceTemplatesResult, "resource_templates",
        reading.TEMPLATES,
    )  # fmt: skip
    _lengthen(server, "prompts/list", pages, types.ListPromptsResult, "prompts", reading.PROMPTS)
    _answer_first(server, "tools/call", types.CallToolRequestParams, call)
    _answer_first(server, "resources/read", types.ReadResourceRequestParams, read)
    _answer_first(server, "prompts/get", types.GetPromptRequestParams, prompted)
    _answer_first(server, "completion/complete", types.CompleteRequestParams, completed)
    server.add_request_handler("logging/setLevel", types.SetLevelRequestParams, accepted)
    server.add_request_handler("resources/subscribe", types.SubscribeRequestParams, accepted)
    server.add_request_handler("resources/unsubscribe", types.UnsubscribeRequestParams, accepted)
    server.add_request_handler(
        "subscriptions/listen", types.SubscriptionsListenRequestParams, ListenHandler(bus)
    )
    server.middleware.append(
        RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=server.name)
    )
    return server


def _triggers(bus: InMemorySubscriptionBus) -> dict[str, Fixture]:
    async def tools_changed(_: Context, __: types.CallToolRequestParams) -> types.CallToolResult:
        await bus.publish(ToolsListChanged())
        return said("The list of tools changed.")

    async def prompts_changed(_: Context, __: types.CallToolRequestParams) -> types.CallToolResult:
        await bus.publish(PromptsListChanged())
        return said("The list of prompts changed.")

    return {"test_trigger_tool_change": tools_changed, "test_trigger_prompt_change": prompts_changed}


def _listed(tools: dict[str, Fixture]) -> list[types.Tool]:
    return [
        types.Tool(name=name, description=f"Does what {name} says", input_schema={"type": "object"})
        for name in tools
    ]


def _lengthen(
    server: Server[Any], method: str, params: type[BaseModel], result: type[BaseModel], field: str,
    more: Sequence[BaseModel],
) -> None:  # fmt: skip
    ours = server.get_request_handler(method)

    async def both(context: Context, asked: Any) -> Any:
        if ours is None:
            return result.model_validate({field: list(more)}, by_name=True)
        listed: Any = await ours.handler(context, asked)
        return listed.model_copy(update={field: [*getattr(listed, field), *more]})

    server.add_request_handler(method, params, both)


def _answer_first(server: Server[Any], method: str, params: type[BaseModel], theirs: Handler) -> None:
    ours = server.get_request_handler(method)

    async def either(context: Context, asked: Any) -> Any:
        found = await theirs(context, asked)
        if found is not None:
            return found
        if ours is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no such thing to answer {method} with.")
        return await ours.handler(context, asked)

    server.add_request_handler(method, params, either)
