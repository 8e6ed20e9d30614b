"""Asking the user before something large is done, in the way of either era of the protocol."""

import json
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp_types.version import is_version_at_least

from finops_mcp.errors import ConsentNeeded

Context = ServerRequestContext[Any, Any]
_FIRST_TO_COME_BACK = "2026-07-28"
"""The first revision in which a question is an answer, and the client calls again with what the user said."""
_QUESTION = "consent"
_FORM: types.ElicitRequestedSchema = {
    "type": "object",
    "properties": {"proceed": {"type": "boolean", "title": "Go ahead", "default": True}},
    "required": ["proceed"],
}


async def asked_of_the_user(
    context: Context, params: types.CallToolRequestParams, needed: ConsentNeeded
) -> bool | types.InputRequiredResult | None:
    """Say whether the user agrees; or the question to be taken to the user; nothing where none can be asked.

    The state that comes back with what the user said names what was asked about: what is more by then is
    asked about again. It needs no seal, since a client that would forge it could as well give the argument.
    """
    capabilities = context.session.client_capabilities
    if capabilities is None or capabilities.elicitation is None:
        return None
    if is_version_at_least(context.protocol_version, _FIRST_TO_COME_BACK):
        state = json.dumps(needed.agreed, sort_keys=True)
        said = (params.input_responses or {}).get(_QUESTION)
        if isinstance(said, types.ElicitResult) and params.request_state == state:
            return _agrees(said)
        form = types.ElicitRequestFormParams(message=needed.question, requested_schema=_FORM)
        return types.InputRequiredResult(
            input_requests={_QUESTION: types.ElicitRequest(params=form)}, request_state=state
        )
    if not context.session.can_send_request:
        return None
    return _agrees(await context.session.elicit_form(needed.question, _FORM, context.request_id))


def _agrees(said: types.ElicitResult) -> bool:
    return said.action == "accept" and bool((said.content or {}).get("proceed"))
