"""Tools that the conformance suite calls by name: content of every kind, progress, logs, questions back."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata

from tests.outside.contents import AUDIO, IMAGE, embedded, said

Context = ServerRequestContext[Any, Any]
Fixture = Callable[[Context, types.CallToolRequestParams], Awaitable[Any]]


async def with_progress(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    for done in (0, 50, 100):
        await context.session.report_progress(done, 100)
        await anyio.sleep(0.05)
    return said("Done.")


async def with_logging(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    for words in ("Started", "Under way", "Ended"):
        await context.session.send_log_message("info", words, related_request_id=context.request_id)
        await anyio.sleep(0.05)
    return said("Done.")


async def sampling(context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
    prompt = types.TextContent(type="text", text=(asked.arguments or {})["prompt"])
    sampled = await context.session.send_request(
        types.CreateMessageRequest(
            params=types.CreateMessageRequestParams(
                messages=[types.SamplingMessage(role="user", content=prompt)], max_tokens=100
            )
        ),
        types.CreateMessageResult,
        metadata=ServerMessageMetadata(related_request_id=context.request_id),
    )
    return said(f"The model says: {sampled.content}")


async def _asked_of_a_person(
    context: Context, message: str, properties: dict[str, Any], required: list[str]
) -> types.CallToolResult:
    schema = {"type": "object", "properties": properties, "required": required}
    answer = await context.session.elicit_form(message, schema, related_request_id=context.request_id)
    return said(f"The person chose {answer.action}: {answer.content}")


async def elicitation(context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
    properties = {
        "username": {"type": "string", "description": "A name"},
        "email": {"type": "string", "description": "An address"},
    }
    message = (asked.arguments or {})["message"]
    return await _asked_of_a_person(context, message, properties, ["username", "email"])


async def elicitation_of_defaults(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    properties = {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    }
    return await _asked_of_a_person(context, "Are these right?", properties, [])


def _titled(*values: str) -> list[dict[str, str]]:
    return [{"const": value, "title": value.title()} for value in values]


async def elicitation_of_enums(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    plain, titled = ["option1", "option2", "option3"], _titled("value1", "value2", "value3")
    properties = {
        "untitledSingle": {"type": "string", "enum": plain},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {
            "type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": plain}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    }  # fmt: skip
    return await _asked_of_a_person(context, "Which?", properties, [])


async def missing_capability(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    able = context.session.client_capabilities
    if able is None or able.sampling is None:
        raise MCPError(
            types.MISSING_REQUIRED_CLIENT_CAPABILITY,
            "This needs a client that can ask its model.",
            {"requiredCapabilities": {"sampling": {}}},
        )
    return said("The client can ask its model.")


def _always(answer: types.CallToolResult) -> Fixture:
    async def answered(_: Context, __: types.CallToolRequestParams) -> types.CallToolResult:
        return answer

    return answered


TOOLS: dict[str, Fixture] = {
    "test_simple_text": _always(said("A short answer.")),
    "test_image_content": _always(said(IMAGE)),
    "test_audio_content": _always(said(AUDIO)),
    "test_embedded_resource": _always(said(embedded("test://embedded", "Words within an answer."))),
    "test_multiple_content_types": _always(
        said("Three kinds:", IMAGE, embedded("test://mixed", '{"one": 1}', "application/json"))
    ),
    "test_error_handling": _always(said("This always fails.").model_copy(update={"is_error": True})),
    "test_tool_with_progress": with_progress,
    "test_tool_with_logging": with_logging,
    "test_logging_tool": with_logging,
    "test_sampling": sampling,
    "test_elicitation": elicitation,
    "test_elicitation_sep1034_defaults": elicitation_of_defaults,
    "test_elicitation_sep1330_enums": elicitation_of_enums,
    "test_missing_capability": missing_capability,
}
