"""What is asked: a tool's arguments, from the query string, a JSON body, or both."""

import json
import re
from typing import Any

import anyio
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.requests import Request

from finops_mcp.errors import InvalidArgument
from finops_mcp.surfaces.limits import BODY_SECONDS, MOST_BODY
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.words import arguments_from
from finops_mcp.vocabulary import MOST_OF_A_KEY

IDEMPOTENCY_KEY = "Idempotency-Key"


async def arguments_of(tool: Tool, request: Request) -> dict[str, Any]:
    """Read the arguments of a question; one given both in the query and in the body is refused.

    Raises InvalidArgument, and HTTPException for a body that is not a question.
    """
    query = request.query_params
    given = arguments_from(tool, {name: query.getlist(name) for name in query})
    body = _object(await _body(request)) if request.method == "POST" else {}
    for name, value in body.items():
        word = name.replace("-", "_")
        if word in given:
            raise InvalidArgument(f"{word} of {tool.name} is given twice.")
        given[word] = value
    return _plain(given)


def key_of(request: Request) -> str:
    """Read the key under which a question is to be asked once, if it has one. Raises InvalidArgument."""
    given = request.headers.get(IDEMPOTENCY_KEY)
    if given is None:
        return ""
    key = given.strip().removeprefix('"').removesuffix('"')  # written as RFC 9651 has it, or plain
    if not 0 < len(key) <= MOST_OF_A_KEY:
        raise InvalidArgument(f"{IDEMPOTENCY_KEY} has one to {MOST_OF_A_KEY} characters.")
    return key


async def _body(request: Request) -> bytes:
    """Read a body of JSON, of bounded size and in bounded time.

    Nothing but JSON is read: a page of another site can have a browser send a form without asking us first,
    but not this content type.
    """
    kind, _, options = request.headers.get("content-type", "").lower().partition(";")
    charset = re.search(r'charset="?([^";\s]+)', options)
    if kind.strip() != "application/json" or (charset and charset[1] != "utf-8"):
        raise HTTPException(
            415,
            "Send the parameters as one JSON object with content-type: application/json ({} for none).",
            {"Accept": "application/json"},
        )
    body = bytearray()
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > MOST_BODY:
                    raise HTTPException(413, f"A body has at most {MOST_BODY} bytes.")
    except TimeoutError:
        said = f"The body did not arrive within {BODY_SECONDS:g} s."
        raise HTTPException(408, said, {"Connection": "close"}) from None
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body, object_pairs_hook=_once) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"The body is not JSON: {error}.") from None
    if not isinstance(given, dict):
        raise HTTPException(400, "The body must be one JSON object, the parameters by name.")
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    """Refuse what Python's JSON lets pass and nothing behind it holds: lone surrogates, NaN, deep nesting."""
    try:
        from_json(json.dumps(given), allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise InvalidArgument(f"The parameters hold what cannot be read: {error}.") from None
    return given
