"""What a question may look like: words for the documentation alone.

They are kept out of the tools' own schemas, which every model reads in full and pays for by the word.
"""

from collections.abc import Mapping
from typing import Any

_WORDS: Mapping[str, Any] = {
    "month": "2026-03",
    "dimension": "service_name",
    "resource": "i-0a1b2c3d4e5f67890",
    "resource_id": "i-0a1b2c3d4e5f67890",
    "sql": "select service_name, sum(billed_cost) as cost from charges_daily group by 1 order by 2 desc",
}
_OF_A_KIND: Mapping[str, Any] = {"string": "text", "integer": 1, "number": 0.5, "boolean": True, "null": None}


def arguments_like(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give arguments a tool could be asked with: what it needs, and what is most often said."""
    asked: dict[str, Any] = {}
    for name, part in schema.get("properties", {}).items():
        if name in _WORDS:
            word = _allowed(_WORDS[name], part.get("items", part))
            asked[name] = [word] if part.get("type") == "array" else word
        elif name in schema.get("required", ()):
            asked[name] = value_like(part, schema.get("$defs", {}))
    return asked


def _allowed(word: Any, part: Mapping[str, Any]) -> Any:
    """Give a word, or the first of those that a closed choice has instead."""
    choices = part.get("enum", ())
    return word if not choices or word in choices else choices[0]


def value_like(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Any:
    """Give a value of the shape of a JSON schema."""
    if "$ref" in schema:
        return value_like(parts[schema["$ref"].rpartition("/")[2]], parts)
    if "enum" in schema or "const" in schema:
        return schema.get("const", next(iter(schema.get("enum", ())), None))
    if "anyOf" in schema and "type" not in schema:
        return value_like(schema["anyOf"][0], parts)
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "array":
        return [value_like(schema.get("items", {}), parts)]
    return _object_like(schema, parts) if kind == "object" else _OF_A_KIND[kind]


def _object_like(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: value_like(part, parts) for name, part in schema.get("properties", {}).items()}
    free = schema.get("additionalProperties")
    return named if named or not isinstance(free, dict) else {"name": value_like(free, parts)}
