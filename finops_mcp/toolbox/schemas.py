"""What a tool takes and gives as JSON Schema, as small as it can be: models pay for every word of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finops_mcp.toolbox.tool import Tool

MOST_CHARACTERS = 32_000
"""Of the whole list of tools, a quarter of what the smaller hosts have for everything."""

_FRUGALITY = ((4, True), (3, True), (2, True), (1, True), (1, False))
"""How deep answers are described (whole; two levels below a field; one; the fields alone), and whether what
a parameter holds is described apart from its own sentence."""


@dataclass(frozen=True)
class Schemas:
    """What one tool takes, and what it gives."""

    input: dict[str, Any]
    output: dict[str, Any]


def schemas_of(tools: Sequence[Tool]) -> dict[str, Schemas]:
    """Give the schemas of some tools, as much of them as a list of all has room for.

    The envelope of an answer and the shape of a filter are the same in every tool, and a list repeats them
    for each; so the more tools there are, the less of them it repeats. The OpenAPI document has them whole.
    """
    found: dict[str, Schemas] = {}
    said = sum(len(t.title) + len(t.description) + _OF_A_TOOL for t in tools)
    for depth, shapes in _FRUGALITY:
        found = {t.name: Schemas(input_schema(t, shapes=shapes), output_schema(t, depth)) for t in tools}
        if said + sum(_size(s.input) + _size(s.output) for s in found.values()) <= MOST_CHARACTERS:
            break
    return found


_OF_A_TOOL = 250
"""Room for what a list says of a tool beside its texts and schemas: names of fields, hints, its app."""


def input_schema(tool: Tool, *, shapes: bool = True) -> dict[str, Any]:
    """Give the schema of a tool's parameters; any other parameter is forbidden.

    Without `shapes`, what a list holds is told by the parameter's own sentence.
    """
    schema: dict[str, Any] = _lean(tool.parameters.model_json_schema())
    if not shapes:
        parts = schema.pop("$defs", {})
        schema["properties"] = {n: _bare(p, parts) for n, p in schema.get("properties", {}).items()}
    return schema


def _bare(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Say of what is referred to its type alone."""
    kept = dict(schema)
    if "$ref" in kept:
        kept["type"] = parts[kept.pop("$ref").rpartition("/")[2]]["type"]
    if "items" in kept:
        kept["items"] = _bare(kept["items"], parts)
    return kept


def output_schema(tool: Tool, depth: int) -> dict[str, Any]:
    """Give the schema of a tool's answer, so many levels deep."""
    whole = tool.answer.model_json_schema()
    schema: dict[str, Any] = _cut(_lean(whole), whole.get("$defs", {}), depth)
    schema.pop("description", None)  # the tool's own says it
    return schema


def _cut(schema: Mapping[str, Any], parts: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """Describe a value down to some depth. One that may be absent is left out then, and never null."""
    schema = _resolved(schema, parts)
    kept = {k: v for k, v in schema.items() if k in {"description", "enum", "type"}}
    if depth <= 0:
        kept.pop("description", None)
        return kept
    if "properties" in schema:
        kept["properties"] = {n: _cut(p, parts, depth - 1) for n, p in schema["properties"].items()}
        if "required" in schema:
            kept["required"] = schema["required"]
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict) and depth > 1:
            kept[inner] = _cut(schema[inner], parts, depth - 1)
    return kept


def _resolved(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put in what is referred to."""
    if "$ref" not in schema:
        return dict(schema)
    own = {k: v for k, v in schema.items() if k != "$ref"}
    return _resolved({**_lean(parts[schema["$ref"].rpartition("/")[2]]), **own}, parts)


def _size(schema: Mapping[str, Any]) -> int:
    return len(json.dumps(schema, ensure_ascii=False, separators=(",", ":")))


def _lean(node: Any) -> Any:
    """Drop what says nothing: generated titles, absent defaults, what is true anyway.

    What may be null may as well be left out, and that says it already.
    """
    if isinstance(node, list):
        return [_lean(n) for n in node]
    if not isinstance(node, dict):
        return node
    kept = {k: _lean(v) for k, v in node.items() if not _idle(k, v)}
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        named = [c for c in choices if c != {"type": "null"}]
        if len(named) == 1:
            kept.pop("anyOf")
            kept = {**named[0], **kept}
        else:
            kept["anyOf"] = named
    return kept


def _idle(key: str, value: Any) -> bool:
    if key == "title" and isinstance(value, str):
        return True
    return (key == "default" and value in (None, [])) or (key == "additionalProperties" and value is True)
