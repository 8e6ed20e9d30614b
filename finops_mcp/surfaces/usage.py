"""How to ask a tool on the command line: what `ask TOOL --help` prints."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from finops_mcp.toolbox.schemas import input_schema
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.words import forms_of

_WIDTH = 100


def usage(tool: Tool) -> str:
    """Write what a tool answers and what it takes."""
    schema = input_schema(tool)
    forms = forms_of(tool)
    lines = [
        f"Usage: finops-duck ask {tool.name} [--name VALUE]... [--json] [--home PATH]",
        "",
        tool.title,
        "",
    ]
    lines += textwrap.indent(tool.description, "  ").splitlines()
    properties = schema.get("properties", {})
    lines += ["", "Parameters:" if properties else "It takes no parameters."]
    for name, part in properties.items():
        several = "array" in forms[name]
        lines.append(f"  --{name.replace('_', '-')} {_form(name, part)}{' (repeatable)' if several else ''}")
        said = [str(part.get("description", "")), *_facts(part, needed=name in schema.get("required", ()))]
        lines += textwrap.wrap(" ".join(said), _WIDTH, initial_indent="      ", subsequent_indent="      ")
    shapes = schema.get("$defs", {})
    if "DimensionName" in shapes:
        named = shapes["DimensionName"]["anyOf"][0]["enum"]
        text = f"Dimensions: {', '.join(named)}, tag:KEY, cost_category:KEY, account_tag:KEY."
        lines += ["", *textwrap.wrap(text, _WIDTH)]
    if "Filter" in shapes:
        example = {"dimension": "service_code", "op": "in", "values": ["AmazonEC2"]}
        ops = ", ".join(shapes["Filter"]["properties"]["op"]["enum"])
        lines += ["", f"A filter is JSON: '{json.dumps(example)}'", f"op is one of {ops}."]
    return "\n".join(lines)


def _form(name: str, part: Mapping[str, Any]) -> str:
    if name == "filters":
        return "FILTER"
    if "$ref" in part.get("items", part):
        return str(part.get("items", part)["$ref"]).rpartition("/")[2].removesuffix("Name").upper()
    if part.get("enum"):
        return "WORD"
    kinds = [k for k in _kinds(part) if k != "null"]
    return {"integer": "NUMBER", "number": "NUMBER", "boolean": "true|false"}.get(
        kinds[0] if kinds else "", "TEXT"
    )


def _kinds(part: Mapping[str, Any]) -> Iterator[str]:
    kinds = part.get("type", "string")
    yield from [kinds] if isinstance(kinds, str) else kinds


def _facts(part: Mapping[str, Any], *, needed: bool) -> Iterator[str]:
    choices = [str(c) for c in part.get("enum", ()) if c is not None]
    if choices:
        yield f"One of {', '.join(choices)}."
    if "minimum" in part and "maximum" in part:
        yield f"From {part['minimum']} to {part['maximum']}."
    if needed:
        yield "Needed."
    elif part.get("default") is not None:
        default = part["default"]
        yield f"Default: {default if isinstance(default, str) else json.dumps(default)}."
