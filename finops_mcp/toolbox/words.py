"""Arguments that arrive as text, from a command line or an address: one rule for both."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from finops_mcp.cache.dimensions import near
from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.tool import Tool


def arguments_from(tool: Tool, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read a tool's arguments from texts; underscores or dashes alike in names.

    A list is given by repeating its name, or as one JSON array; objects are JSON. The tool's own model
    then reads numbers and booleans. Raises InvalidArgument.
    """
    fields = tool.parameters.model_fields
    arguments: dict[str, Any] = {}
    for text, values in given.items():
        name = text.replace("-", "_")
        if name not in fields:
            raise InvalidArgument(
                f"{tool.name} has no parameter {text!r}.", valid=list(fields), near=near(name, fields)
            )
        if isinstance(fields[name].default, list):
            arguments[name] = [item for value in values for item in _items(name, value)]
        elif len(values) == 1:
            arguments[name] = values[0]
        else:
            raise InvalidArgument(f"{name} of {tool.name} takes one value; {len(values)} were given.")
    return arguments


def _items(name: str, text: str) -> list[Any]:
    if not text.startswith(("[", "{")):
        return [text]
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"{name} is not valid JSON: {error}.") from None
    return value if isinstance(value, list) else [value]
