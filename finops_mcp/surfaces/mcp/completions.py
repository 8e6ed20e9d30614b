"""Completions over MCP: known values for the blanks of prompts and of addresses."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio.to_thread
import mcp_types as types
from mcp.server.context import ServerRequestContext

from finops_mcp.errors import NoDataYet
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
        """Say which kind of value fills a blank; none of a prompt or address that does not exist.

        A host asks at every stroke of a key, and an error there helps nobody: nothing completes it.
        """
        if isinstance(ref, types.PromptReference):
            prompt = next((p for p in self._library.prompts if p.name == ref.name), None)
            return next((a.complete for a in prompt.arguments if a.name == blank), "") if prompt else ""
        if ref.uri not in {str(REPORT), *(p.address for p in self._library.pages)}:
            return ""
        return f"tag:{given.get('tag_key', '')}" if blank == "tag_value" else blank
