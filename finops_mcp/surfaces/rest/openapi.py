"""What can be asked, as OpenAPI 3.1, derived from the tools alone."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from finops_mcp.surfaces.rest.examples import arguments_like, value_like
from finops_mcp.surfaces.rest.formats import EVENTS, FILES, JSON, LINES, MARKDOWN, PNG
from finops_mcp.surfaces.rest.problems import MEDIA_TYPE, Problem, kinds
from finops_mcp.surfaces.rest.question import IDEMPOTENCY_KEY
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.toolbox import Toolbox
from finops_mcp.vocabulary import MOST_OF_A_KEY

_REF = "#/components/schemas/{model}"
_KEY = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": MOST_OF_A_KEY},
    "description": "Made up by the caller. With the same key and parameters, the answer given before is given"
    " again for a day and nothing is done; with other parameters the key is refused.",
}
_ABOUT = """\
Questions about AWS cost exports, answered exactly from a local cache.

Ask with GET and a query string, or with POST and a JSON object: parameters and answer are the same. In a
query string a list is a repeated key or a JSON array, and a list of objects is a JSON array or repeated JSON
objects. Dashes and underscores are alike in names. Amounts are strings of exact decimals.

`Accept` chooses the format: application/json (at most 10 KB, cut with a caveat), text/markdown,
application/x-ndjson (the envelope on the first line, then every row as an object, never cut), image/png where
the answer is drawn (`response_format=png` asks for it too) and, for POST, text/event-stream (`progress`
events, then one `answer` or one `problem` event).

`POST /v1/export_report` sends the file itself where `Accept` asks for text/csv, XLSX or
application/vnd.apache.parquet, and it is gone once it is sent; else it is kept, and `GET /v1/exports/{name}`
sends it.

`GET /v1/events` streams alerts and refreshes as they happen: `alert.raised`, `alert.worsened`,
`alert.resolved`, `refresh.published`, `refresh.same`, `refresh.failed`, `refresh.held`. Each has an id; who
was away sends the last one as `Last-Event-ID` (or `?after=`) and is told what came since.

Mistakes and faults are problem JSON (RFC 9457), with the accepted words where there are any."""


@lru_cache(maxsize=1)
def openapi(toolbox: Toolbox) -> dict[str, Any]:
    """Describe the tools of a toolbox."""
    described = [*toolbox.tools.values()]
    # Answers leave absent fields out, which only the schema of what may come in knows.
    models: list[type[BaseModel]] = [Problem]
    models += [m for tool in described for m in (tool.parameters, tool.answer)]
    refs, shared = models_json_schema([(m, "validation") for m in models], ref_template=_REF)
    parts = shared["$defs"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "finops-duck",
            "version": version("finops-duck"),
            "summary": "Exact answers about AWS cost exports.",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": folder} for folder in dict.fromkeys(tool.folder for tool in described)],
        "paths": {
            f"/v1/{tool.name}": _path(
                tool,
                refs[tool.parameters, "validation"],
                refs[tool.answer, "validation"],
                parts,
            )
            for tool in described
        },
        "components": {"schemas": parts, "responses": _problems(refs[Problem, "validation"])},
    }


def _path(tool: Tool, asked: dict[str, Any], answer: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    said = {"summary": tool.title, "description": tool.description, "tags": [tool.folder]}
    schema = parts[asked["$ref"].rpartition("/")[2]]
    example = arguments_like({**schema, "$defs": parts})
    body = {"required": True, "content": {JSON: {"schema": asked, "example": example}}}
    shape = value_like(answer, parts)
    post = {
        **said,
        "operationId": f"{tool.name}_by_post",
        "requestBody": body,
        "responses": _responses(answer, shape, post=True, charted=tool.mark.charted, files=tool.mark.files),
    }
    if tool.writes:
        return {"post": {**post, "parameters": [_KEY]}}
    get = {
        **said,
        "operationId": tool.name,
        "parameters": _query(schema, parts, example),
        "responses": _responses(answer, shape, post=False, charted=tool.mark.charted, files=False),
    }
    return {"get": get, "post": post}


def _query(
    schema: Mapping[str, Any], parts: Mapping[str, Any], example: Mapping[str, Any]
) -> list[dict[str, Any]]:
    found = []
    for name, part in schema.get("properties", {}).items():
        value = {k: v for k, v in _without_null(part).items() if k not in {"title", "description"}}
        if value.get("default", 0) is None:
            del value["default"]
        written = (
            {"content": {JSON: {"schema": value}}} if _holds_objects(value, parts) else {"schema": value}
        )
        told = {"name": name, "in": "query", "required": name in schema.get("required", ()), **written}
        told |= {"description": part["description"]} if "description" in part else {}
        found.append(told | ({"example": example[name]} if name in example else {}))
    return found


def _holds_objects(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> bool:
    """Tell whether a value must be written as JSON, since repeating a key cannot."""
    inner = schema.get("items", schema)
    inner = parts[inner["$ref"].rpartition("/")[2]] if "$ref" in inner else inner
    return bool(inner.get("type") == "object")


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Leave null out of a schema: a query string says nothing by leaving the key away."""
    options = [o for o in schema.get("anyOf", ()) if o.get("type") != "null"]
    if len(options) == len(schema.get("anyOf", ())):
        return dict(schema)
    rest = {k: v for k, v in schema.items() if k != "anyOf"}
    return {**rest, **options[0]} if len(options) == 1 else {**rest, "anyOf": options}


def _responses(
    answer: dict[str, Any], shape: Any, *, post: bool, charted: bool, files: bool
) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    content = {JSON: {"schema": answer, "example": shape}, MARKDOWN: text, LINES: text}
    if post:
        content[EVENTS] = text
    if charted:
        content[PNG] = {"schema": {"type": "string", "contentMediaType": PNG}}
    if files:
        content |= {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in FILES}
    statuses = sorted({status for status, _ in kinds().values()} - (set() if post else {400, 408, 413, 415}))
    problems = {str(s): {"$ref": f"#/components/responses/Problem{s}"} for s in statuses}
    return {"200": {"description": "The answer.", "content": content}, **problems}


def _problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Describe each status that a problem may have by the kinds of problem that have it."""
    meanings: dict[int, list[str]] = {}
    for kind, (status, title) in kinds().items():
        meanings.setdefault(status, []).append(f"`{kind}`: {title}")
    return {
        f"Problem{status}": {"description": " ".join(told), "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, told in sorted(meanings.items())
    }
