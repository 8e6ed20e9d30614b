"""Resources and prompts that the conformance suite asks for by name."""

import json
import re

import mcp_types as types

from tests.outside.contents import IMAGE, PNG, embedded, text
from tests.outside.fixture_rounds import prompt_in_rounds

RESOURCES = [
    types.Resource(
        uri="test://static-text", name="static-text", description="A few words", mime_type="text/plain"
    ),
    types.Resource(
        uri="test://static-binary", name="static-binary", description="A red dot", mime_type="image/png"
    ),
    types.Resource(
        uri="test://watched-resource", name="watched", description="Never changes", mime_type="text/plain"
    ),
]

TEMPLATES = [
    types.ResourceTemplate(
        uri_template="test://template/{id}/data",
        name="template",
        description="What an id stands for",
        mime_type="application/json",
    )
]


async def read(uri: str) -> types.ReadResourceResult | None:
    """Read one of these resources; None if it is not one of them."""
    contents: types.TextResourceContents | types.BlobResourceContents
    if uri == "test://static-binary":
        contents = types.BlobResourceContents(uri=uri, mime_type="image/png", blob=PNG)
    elif match := re.fullmatch(r"test://template/([^/]+)/data", uri):
        told = json.dumps({"id": match[1]})
        contents = types.TextResourceContents(uri=uri, mime_type="application/json", text=told)
    elif uri in {resource.uri for resource in RESOURCES}:
        contents = types.TextResourceContents(uri=uri, mime_type="text/plain", text="A few words.")
    else:
        return None
    return types.ReadResourceResult(contents=[contents])


def _prompt(name: str, *arguments: str) -> types.Prompt:
    return types.Prompt(
        name=name,
        description=f"What {name} says",
        arguments=[types.PromptArgument(name=a, description=f"The {a}", required=True) for a in arguments],
    )


PROMPTS = [
    _prompt("test_simple_prompt"),
    _prompt("test_prompt_with_arguments", "arg1", "arg2"),
    _prompt("test_prompt_with_embedded_resource", "resourceUri"),
    _prompt("test_prompt_with_image"),
    _prompt("test_input_required_result_prompt"),
]


async def prompted(
    asked: types.GetPromptRequestParams,
) -> types.GetPromptResult | types.InputRequiredResult | None:
    """Fill one of these prompts; None if it is not one of them."""
    given = asked.arguments or {}
    content: list[types.ContentBlock]
    match asked.name:
        case "test_simple_prompt":
            content = [text("Say something.")]
        case "test_prompt_with_arguments":
            content = [text(f"arg1={given['arg1']!r}, arg2={given['arg2']!r}")]
        case "test_prompt_with_embedded_resource":
            content = [embedded(given["resourceUri"], "Words to read."), text("Read these words.")]
        case "test_prompt_with_image":
            content = [IMAGE, text("Look at this.")]
        case "test_input_required_result_prompt":
            return await prompt_in_rounds(asked)
        case _:
            return None
    return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=c) for c in content])


async def completed(asked: types.CompleteRequestParams) -> types.CompleteResult | None:
    """Complete an argument of one of these prompts; None if it is not of one of them."""
    reference = asked.ref
    if not isinstance(reference, types.PromptReference) or reference.name not in {p.name for p in PROMPTS}:
        return None
    values = [v for v in ("paris", "park", "party") if v.startswith(asked.argument.value)]
    return types.CompleteResult(completion=types.Completion(values=values, total=len(values), has_more=False))
