"""What a tool takes and gives as JSON Schema, as small as it can be: models pay for every word of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finops_mcp.toolbox.tool import Tool

MOST_CHARACTERS = 32_000
"""Of the whole list of tools, a quarter of what the smaller hosts have for everything."""

_DEPTHS = (4, 3, 2, 1)
"""How deep the answers may be described: whole; two levels below a field; one; the fields alone."""


@dataclass(frozen=True)
class Schemas:
    """What one tool takes, and what it gives."""

    input: dict[str, Any]
    output: dict[str, Any]


def schemas_of(tools: Sequence[Tool]) -> dict[str, Schemas]:
    """Give the schemas of some tools: their answers as deep as a list of all of them has room for.

    The envelope of an answer is the same in every tool, and a list repeats it for each; so the more tools
    there are, the less of it is repeated. The OpenAPI document has every answer whole.
    """
    inputs = {t.name: input_schema(t) for t in tools}
    said = sum(_size(inputs[t.name]) + len(t.title) + len(t.description) + _OF_A_TOOL for t in tools)
    outputs: dict[str, dict[str, Any]] = {}
    for depth in _DEPTHS:
        outputs = {t.name: output_schema(t, depth) for t in tools}
        if said + sum(map(_size, outputs.values())) <= MOST_CHARACTERS:
            break
    return {name: Schemas(inputs[name], outputs[name]) for name in inputs}


_OF_A_TOOL = 330
"""Room for what a list says of a tool beside its texts and schemas: names of fields, hints, its app."""


def input_schema(tool: Tool) -> dict[str, Any]:
    """Give the schema of a tool's parameters; any other parameter is forbidden."""
    schema: dict[str, Any] = _lean(tool.parameters.model_json_schema())
    return schema


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
    """Put in what is referred to, and take out that a value may be null."""
    choices = [c for c in schema.get("anyOf", ()) if c != {"type": "null"}]
    own = {k: v for k, v in schema.items() if k not in {"anyOf", "$ref"}}
    if len(choices) == 1:
        return _resolved({**choices[0], **own}, parts)
    if "$ref" in schema:
        return _resolved({**_lean(parts[schema["$ref"].rpartition("/")[2]]), **own}, parts)
    kinds = own.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        left = [k for k in kinds if k != "null"]
        own["type"] = left[0] if len(left) == 1 else left
    return own


def _size(schema: Mapping[str, Any]) -> int:
    return len(json.dumps(schema, ensure_ascii=False, separators=(",", ":")))


def _lean(node: Any) -> Any:
    """Drop what says nothing: generated titles, absent defaults, what is true anyway."""
    if isinstance(node, list):
        return [_lean(n) for n in node]
    if not isinstance(node, dict):
        return node
    kept = {k: _lean(v) for k, v in node.items() if not _idle(k, v)}
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices and "default" not in kept:
        named = [c for c in choices if c != {"type": "null"}]
        if len(named) == 1 and isinstance(named[0], dict) and "type" in named[0]:
            kept.pop("anyOf")
            kept |= {**named[0], "type": [named[0]["type"], "null"]}
    return kept


def _idle(key: str, value: Any) -> bool:
    if key == "title" and isinstance(value, str):
        return True
    return (key == "default" and value in (None, [])) or (key == "additionalProperties" and value is True)
