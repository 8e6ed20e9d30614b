"""What a tool takes and gives as JSON Schema, as small as it can be: models pay for every word of it."""

from typing import Any

from finops_mcp.toolbox.tool import Tool


def input_schema(tool: Tool) -> dict[str, Any]:
    """Give the schema of a tool's parameters; any other parameter is forbidden."""
    schema: dict[str, Any] = _lean(tool.parameters.model_json_schema())
    return schema


def output_schema(tool: Tool) -> dict[str, Any]:
    """Give the schema of a tool's answer: its fields and their types, no deeper.

    What lies deeper is the same in every answer, and would cost every model more than the tools themselves;
    the OpenAPI document has it whole.
    """
    schema: dict[str, Any] = _lean(tool.answer.model_json_schema())
    fields = {name: _outline(field) for name, field in schema["properties"].items()}
    return {"type": "object", "properties": fields, "required": schema["required"]}


def _outline(field: dict[str, Any]) -> dict[str, Any]:
    """Give the type of a field. One that may be absent is left out then, and never null."""
    kinds = [c.get("type", "object") for c in field.get("anyOf", [field])]
    flat = [k for kind in kinds for k in ([kind] if isinstance(kind, str) else kind) if k != "null"]
    return {"type": flat[0] if len(flat) == 1 else flat}


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
