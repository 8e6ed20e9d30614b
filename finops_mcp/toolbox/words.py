"""Arguments that arrive as text, from a command line or an address: one rule for both."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from finops_mcp.cache.dimensions import near
from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.tool import Tool


def arguments_from(tool: Tool, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read a tool's arguments from texts; underscores or dashes alike in names.

    A list is given by repeating its name, or as one JSON array; objects are JSON. The tool's own model
    then reads numbers and booleans. Raises InvalidArgument.
    """
    forms = forms_of(tool)
    arguments: dict[str, Any] = {}
    for text, values in given.items():
        name = text.replace("-", "_")
        if name not in forms:
            raise InvalidArgument(
                f"{tool.name} has no parameter {text!r}.", valid=list(forms), near=near(name, forms)
            )
        if name in arguments:
            raise InvalidArgument(f"{name} of {tool.name} is given twice, in two spellings.")
        if "array" in forms[name]:
            arguments[name] = [item for value in values for item in _items(name, value)]
        elif len(values) == 1:
            arguments[name] = _json(name, values[0]) if "object" in forms[name] else values[0]
        else:
            raise InvalidArgument(f"{name} of {tool.name} takes one value; {len(values)} were given.")
    return arguments


@cache
def forms_of(tool: Tool) -> dict[str, set[str]]:
    """Give the JSON types that each parameter of a tool may take."""
    schema = tool.parameters.model_json_schema()
    parts = schema.get("$defs", {})
    return {name: set(_types(part, parts)) for name, part in schema.get("properties", {}).items()}


def _types(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _types(parts[schema["$ref"].rpartition("/")[2]], parts)
    for choice in [*schema.get("anyOf", ()), *schema.get("allOf", ())]:
        yield from _types(choice, parts)
    kinds = schema.get("type", [])
    yield from [kinds] if isinstance(kinds, str) else kinds


def _items(name: str, text: str) -> list[Any]:
    if not text.startswith(("[", "{")):
        return [text]
    value = _json(name, text)
    return value if isinstance(value, list) else [value]


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"{name} is not valid JSON: {error}.") from None
