"""Completions over MCP: known values for the blanks of prompts and of addresses."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio.to_thread
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError

from finops_mcp.errors import InvalidArgument, NoDataYet
from finops_mcp.surfaces.mcp.resources import REPORT
from finops_mcp.toolbox.known import completing, known_values
from finops_mcp.toolbox.library import Library
from finops_mcp.toolbox.toolbox import Toolbox

Context = ServerRequestContext[Any, Any]
MOST = 100
"""Most values of one completion; the protocol allows no more."""


class Completions:
    """What may complete a blank."""

    def __init__(self, toolbox: Toolbox, library: Library) -> None:
        self._toolbox = toolbox
        self._library = library

    async def complete(self, _: Context, params: types.CompleteRequestParams) -> types.CompleteResult:
        """List the known values that complete what was begun; none where nothing is known yet."""
        given = (params.context.arguments if params.context else None) or {}
        kind = self._kind(params.ref, params.argument.name, given)
        try:
            known = await anyio.to_thread.run_sync(partial(known_values, self._toolbox, self._library, kind))
        except NoDataYet:
            known = []
        found = completing(params.argument.value, known)
        return types.CompleteResult(
            completion=types.Completion(values=found[:MOST], total=len(found), has_more=len(found) > MOST)
        )

    def _kind(
        self,
        ref: types.ResourceTemplateReference | types.PromptReference,
        blank: str,
        given: Mapping[str, str],
    ) -> str:
        """Say which kind of value fills a blank. A prompt or address that does not exist is refused."""
        if isinstance(ref, types.PromptReference):
            try:
                prompt = self._library.prompt(ref.name)
            except InvalidArgument as error:
                raise MCPError(types.INVALID_PARAMS, str(error)) from None
            return next((a.complete for a in prompt.arguments if a.name == blank), "")
        if ref.uri not in {str(REPORT), *(p.address for p in self._library.pages)}:
            raise MCPError(types.INVALID_PARAMS, f"There is no resource template {ref.uri}.")
        return f"tag:{given.get('tag_key', '')}" if blank == "tag_value" else blank
