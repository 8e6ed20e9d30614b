"""What a tool takes and gives as JSON Schema, as small as it can be: models pay for every word of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finops_mcp.answers import Answer
from finops_mcp.toolbox.tool import Tool

MOST_CHARACTERS = 32_000
"""Of the whole list of tools, a quarter of what the smaller hosts have for everything."""


@dataclass(frozen=True)
class Thrift:
    """How much of the schemas is said."""

    depth: int = 4
    """Levels of an answer: four are all of it, one its fields, none the names of those that tell it apart."""
    shapes: bool = True
    """Whether what a parameter's list holds is described, apart from the parameter's own words."""
    bounds: bool = True
    """Whether patterns and limits of parameters stand there; a refusal says them too."""
    details: bool = True
    """Whether parameters have their defaults, and more words than their first sentence."""
    paragraphs: bool = True
    """Whether a tool has more words than its first paragraph."""
    common: bool = True
    """Whether each says what all do alike: that there are no other parameters, and names of an answer."""


_LADDER = (
    Thrift(),
    Thrift(depth=3),
    Thrift(depth=2),
    Thrift(depth=1),
    Thrift(depth=1, shapes=False),
    Thrift(depth=0, shapes=False),
    Thrift(depth=0, shapes=False, bounds=False),
    Thrift(depth=0, shapes=False, bounds=False, details=False),
    Thrift(depth=0, shapes=False, bounds=False, details=False, paragraphs=False),
    Thrift(depth=0, shapes=False, bounds=False, details=False, paragraphs=False, common=False),
)
_FOREMOST = {"summary", "columns", "rows", "totals"}
_FIRST_SENTENCE = re.compile(r"(?<=\.)\s")
_BOUNDS = {
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
}


@dataclass(frozen=True)
class Schemas:
    """What one tool is for, what it takes, and what it gives."""

    description: str
    input: dict[str, Any]
    output: dict[str, Any]


def schemas_of(tools: Sequence[Tool]) -> dict[str, Schemas]:
    """Give the schemas of some tools, as much of them as a list of all has room for.

    The envelope of an answer and the shape of a filter are the same in every tool, and a list repeats them
    for each; so the more tools there are, the less of them it repeats. The OpenAPI document has them whole.
    """
    found: dict[str, Schemas] = {}
    for thrift in _LADDER:
        found = {t.name: _schemas(t, thrift) for t in tools}
        if sum(_size(t, found[t.name]) for t in tools) <= MOST_CHARACTERS:
            break
    return found


_OF_A_TOOL, _OF_A_CHART = 180, 64
"""Room for what a list says of a tool beside its texts and schemas: names of fields, hints, its page."""


def _schemas(tool: Tool, thrift: Thrift) -> Schemas:
    described = tool.description if thrift.paragraphs else tool.description.partition("\n\n")[0]
    return Schemas(described, input_schema(tool, thrift), output_schema(tool, thrift))


def _size(tool: Tool, schemas: Schemas) -> int:
    told = (tool.name, tool.title, schemas.description, schemas.input, schemas.output)
    texts = (json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in told)
    return _OF_A_TOOL + _OF_A_CHART * tool.mark.charted + sum(map(len, texts))


def input_schema(tool: Tool, thrift: Thrift = _LADDER[0]) -> dict[str, Any]:
    """Give the schema of a tool's parameters; any other parameter is refused, whether it says so or not."""
    schema: dict[str, Any] = _lean(tool.parameters.model_json_schema())
    if not thrift.common:
        del schema["additionalProperties"]
    if not thrift.shapes:
        parts = schema.pop("$defs", {})
        schema["properties"] = {n: _bare(p, parts, thrift) for n, p in schema.get("properties", {}).items()}
    return schema


def _bare(schema: Mapping[str, Any], parts: Mapping[str, Any], thrift: Thrift) -> dict[str, Any]:
    """Say of what is referred to its type alone, and of the parameter itself what there is room for."""
    left_out = (set() if thrift.bounds else _BOUNDS) | (set() if thrift.details else {"default"})
    kept = {k: v for k, v in schema.items() if k not in left_out}
    if "$ref" in kept:
        kept["type"] = parts[kept.pop("$ref").rpartition("/")[2]]["type"]
    if "items" in kept:
        kept["items"] = _bare(kept["items"], parts, thrift)
    if "description" in kept and not thrift.details:
        kept["description"] = _FIRST_SENTENCE.split(kept["description"], maxsplit=1)[0]
    return kept


def output_schema(tool: Tool, thrift: Thrift = _LADDER[0]) -> dict[str, Any]:
    """Give the schema of a tool's answer."""
    whole, depth = tool.answer.model_json_schema(), thrift.depth
    if not thrift.common:
        return {"type": "object"}
    if depth == 0:
        told = (n for n in whole["properties"] if n in _FOREMOST or n not in Answer.model_fields)
        return {"type": "object", "properties": {name: {} for name in told}}
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
