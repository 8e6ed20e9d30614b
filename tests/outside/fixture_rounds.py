"""Tools and a prompt that ask back: an answer says what it still needs, and is asked for again with it."""

from typing import Any, TypeVar

import mcp_types as types
from mcp.shared.exceptions import MCPError

from tests.outside.contents import said, text
from tests.outside.fixture_tools import Context, Fixture

Response = TypeVar("Response", bound=types.Result)
Rounds = types.CallToolResult | types.InputRequiredResult


def _question(message: str, field: str, kind: str = "string") -> types.ElicitRequest:
    schema = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    return types.ElicitRequest(params=types.ElicitRequestFormParams(message=message, requested_schema=schema))


def _sampling(words: str) -> types.CreateMessageRequest:
    message = types.SamplingMessage(role="user", content=text(words))
    return types.CreateMessageRequest(
        params=types.CreateMessageRequestParams(messages=[message], max_tokens=100)
    )


def _needed(
    state: str | None = None,
    **requests: types.ElicitRequest | types.CreateMessageRequest | types.ListRootsRequest,
) -> types.InputRequiredResult:
    return types.InputRequiredResult(input_requests=dict(requests), request_state=state)


def _given(asked: types.InputResponseRequestParams, key: str, kind: type[Response]) -> Response | None:
    found = (asked.input_responses or {}).get(key)
    return found if isinstance(found, kind) else None


def _field(answer: types.ElicitResult, name: str) -> Any:
    return (answer.content or {}).get(name)


async def elicitation(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    answer = _given(asked, "user_name", types.ElicitResult)
    if answer is None:
        return _needed(user_name=_question("What is your name?", "name"))
    return said(f"Hello, {_field(answer, 'name')}!")


async def sampling(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    answer = _given(asked, "capital_question", types.CreateMessageResult)
    if answer is None:
        return _needed(capital_question=_sampling("What is the capital of France?"))
    return said(f"The model says: {answer.content}")


async def list_roots(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    answer = _given(asked, "client_roots", types.ListRootsResult)
    if answer is None:
        return _needed(client_roots=types.ListRootsRequest())
    return said(f"Roots: {[str(root.uri) for root in answer.roots]}")


async def request_state(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    if asked.request_state is None:
        return _needed("asked once", confirm=_question("Is it so?", "ok", "boolean"))
    if asked.request_state != "asked once":
        raise MCPError(types.INVALID_PARAMS, "That state is not mine.")
    return said("state-ok")


async def multiple_inputs(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    name = _given(asked, "user_name", types.ElicitResult)
    greeting = _given(asked, "greeting", types.CreateMessageResult)
    roots = _given(asked, "client_roots", types.ListRootsResult)
    if name is None or greeting is None or roots is None:
        return _needed(
            "asked all",
            user_name=_question("What is your name?", "name"),
            greeting=_sampling("Greet somebody."),
            client_roots=types.ListRootsRequest(),
        )
    return said(f"{greeting.content} to {_field(name, 'name')} at {len(roots.roots)} roots")


async def multi_round(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    if asked.request_state is None:
        return _needed("", step1=_question("What is your name?", "name"))
    if not asked.request_state:
        first = _given(asked, "step1", types.ElicitResult)
        name = _field(first, "name") if first else "nobody"
        return _needed(f"{name}", step2=_question("What is your colour?", "color"))
    second = _given(asked, "step2", types.ElicitResult)
    return said(f"{asked.request_state} likes {_field(second, 'color') if second else 'nothing'}")


async def tampered_state(_: Context, asked: types.CallToolRequestParams) -> Rounds:
    if asked.request_state is None:
        return _needed("mine", confirm=_question("Is it so?", "ok", "boolean"))
    return said(f"The state is {asked.request_state}.")


async def capabilities(context: Context, _: types.CallToolRequestParams) -> Rounds:
    able = context.session.client_capabilities or types.ClientCapabilities()
    wanted: dict[str, Any] = {}
    if able.sampling is not None:
        wanted["thought"] = _sampling("What do you think?")
    if able.elicitation is not None:
        wanted["word"] = _question("What do you say?", "word")
    return _needed(**wanted) if wanted else said("There is nobody to ask.")


async def streaming_elicitation(context: Context, asked: types.CallToolRequestParams) -> Rounds:
    await context.session.report_progress(1, 2)
    return await elicitation(context, asked)


async def prompt_in_rounds(
    asked: types.GetPromptRequestParams,
) -> types.GetPromptResult | types.InputRequiredResult:
    answer = _given(asked, "user_context", types.ElicitResult)
    if answer is None:
        return _needed(user_context=_question("About what?", "context"))
    words = text(f"Speak about {_field(answer, 'context')}.")
    return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=words)])


ROUNDS: dict[str, Fixture] = {
    f"test_input_required_result_{tool.__name__}": tool
    for tool in (
        elicitation, sampling, list_roots, request_state, multiple_inputs, multi_round, tampered_state,
        capabilities,
    )
} | {"test_streaming_elicitation": streaming_elicitation}  # fmt: skip
