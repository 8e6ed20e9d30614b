"""What went wrong, as RFC 9457 problem JSON: never more than we say on purpose."""

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from finops_mcp.errors import FinopsError

MEDIA_TYPE = "application/problem+json"
MOST_WORDS = 50
MOST_DETAIL = 4_000
"""Longest detail: a message may quote what the caller sent, which may be a megabyte."""

HTTP_KINDS = {
    400: ("malformed-body", "The body is not the JSON object it should be."),
    404: ("unknown-path", "Nothing lies at that path."),
    405: ("method-not-allowed", "The path does not take that method."),
    406: ("not-acceptable", "There is no answer in any of the formats asked for."),
    408: ("body-too-slow", "The body did not arrive in time."),
    413: ("body-too-large", "The body is larger than any question."),
    415: ("unsupported-media-type", "The body is of a type that is not read."),
    500: ("internal-error", "Something failed on our side."),
}
"""Problems of HTTP itself, by status; those of the question are the classes of `finops_mcp.errors`."""

UriReference = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]

_log = logging.getLogger("finops_mcp.rest")


class Problem(BaseModel):
    """Why a question was not answered, and what would be accepted."""

    type: UriReference = Field(description="Where this kind of problem is explained.")
    title: str = Field(description="The kind of problem in a sentence; the same for every occurrence.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened here, and what to do about it.")
    instance: UriReference = Field(description="The path that was asked.")
    kind: str = Field(description="The kind of problem in one word, for programs.")
    valid: list[str] = Field(default=[], description=f"What would be accepted, at most {MOST_WORDS}.")
    near: list[str] = Field(default=[], description="Accepted words that are close to the one given.")


def problem_of(error: Exception, request: Request) -> Problem:
    """Describe an error to the caller; one we did not foresee is logged, and its text kept to ourselves."""
    kind, title, status, detail = _described(error)
    root = request.scope.get("root_path", "")
    return Problem(
        type=f"{root}/docs#{kind}" if kind else "about:blank",
        title=title,
        status=status,
        detail=detail if len(detail) <= MOST_DETAIL else f"{detail[:MOST_DETAIL]} …",
        instance=quote(request.scope["path"]),
        kind=kind or "http-error",
        valid=error.valid[:MOST_WORDS] if isinstance(error, FinopsError) else [],
        near=error.near[:MOST_WORDS] if isinstance(error, FinopsError) else [],
    )


def problem_response(error: Exception, request: Request) -> Response:
    """Answer a request with the problem that an error is to its caller."""
    problem = problem_of(error, request)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return Response(
        problem.model_dump_json(),
        problem.status,
        {**headers, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        MEDIA_TYPE,
    )


def exception_handlers() -> dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]:
    """Give the handlers of the app that holds the routes, so that its own errors are problems too."""

    async def handled(request: Request, error: Exception) -> Response:
        return problem_response(error, request)

    return {HTTPException: handled, FinopsError: handled, Exception: handled}


def kinds() -> dict[str, tuple[int, str]]:
    """List every kind of problem: its status, and what it means."""
    own = {e.__new__(e).kind: (e.status, _title(e)) for e in _classes(FinopsError)}
    return dict(sorted({**own, **{kind: (s, title) for s, (kind, title) in HTTP_KINDS.items()}}.items()))


def _described(error: Exception) -> tuple[str, str, int, str]:
    if isinstance(error, FinopsError):
        return error.kind, _title(type(error)), error.status, str(error)
    if not isinstance(error, HTTPException):
        _log.error("A question failed", exc_info=error)
        return *HTTP_KINDS[500], 500, "The question could not be answered. The server's log says why."
    phrase = HTTPStatus(error.status_code).phrase
    kind, title = HTTP_KINDS.get(error.status_code, ("", phrase))
    return kind, title, error.status_code, title if error.detail == phrase else error.detail


def _title(error: type[FinopsError]) -> str:
    return (inspect.getdoc(error) or "").partition("\n")[0]


def _classes(parent: type[FinopsError]) -> Iterator[type[FinopsError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _classes(child)
