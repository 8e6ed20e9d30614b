"""Prompts over MCP: their list, and one of them with its blanks filled."""

from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError

from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.documents import Prompt
from finops_mcp.toolbox.library import Library

Context = ServerRequestContext[Any, Any]


class Prompts:
    """The prompts of a library as MCP has them."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def listed(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        """List every prompt."""
        return types.ListPromptsResult(prompts=[_prompt(p) for p in self._library.prompts])

    async def get(self, _: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        """Give one prompt. A name or blank that does not exist is refused, with those that do."""
        try:
            prompt = self._library.prompt(params.name)
            filled = prompt.filled(params.arguments or {})
        except InvalidArgument as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        words = types.TextContent(type="text", text=filled)
        return types.GetPromptResult(
            description=prompt.description, messages=[types.PromptMessage(role="user", content=words)]
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
