"""In which format an answer is wanted, and an answer written in it."""

import json
import re
from collections.abc import Iterator, Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from finops_mcp.answers import Answer
from finops_mcp.toolbox.picture import picture_of
from finops_mcp.toolbox.text import markdown
from finops_mcp.toolbox.toolbox import as_json

JSON = "application/json"
MARKDOWN = "text/markdown"
LINES = "application/x-ndjson"
EVENTS = "text/event-stream"
PNG = "image/png"
FILES = {
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
"""What a file is sent as, and the form that a tool which gives files calls it."""

ROWS_AT_ONCE = 1_000
HEADERS = {"Vary": "Accept", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every answer: whose figures they are is nobody's business but the caller's, so nothing is kept."""

_WEIGHT = re.compile(r"^q=([01](\.\d{0,3})?)$")


def offered(method: str, *, charted: bool, files: bool) -> list[str]:
    """List the formats an answer comes in, the preferred one first."""
    more = [*([EVENTS] if method == "POST" else []), *([PNG] if charted else []), *(FILES if files else [])]
    return [JSON, MARKDOWN, LINES, *more]


def wanted(accept: str, formats: Sequence[str]) -> str:
    """Choose the format of the answer: the best liked; among equals one asked for by name.

    Raises HTTPException where none of them is accepted.
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    best = max(formats, key=lambda f: (_liking(f, ranges), -formats.index(f)))
    if _liking(best, ranges)[0] == 0:
        said = f"Answers come as {', '.join(formats)}; `Accept: {accept}` takes none of them."
        raise HTTPException(406, said)
    return best


def _range(part: str) -> tuple[str, float]:
    kind, *options = (p.strip().lower() for p in part.split(";"))
    weights = [float(m[1]) for o in options if (m := _WEIGHT.match(o))]
    return kind, min([*weights, 1.0])


def _liking(format_: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """Say how much a format is liked, and how closely it was named; the closest range counts."""
    names = ["*/*", f"{format_.partition('/')[0]}/*", format_]
    closeness, weight = max(((names.index(k), w) for k, w in ranges if k in names), default=(0, 0.0))
    return weight, closeness


def written(answer: Answer, format_: str) -> Response:
    """Write an answer in one of the formats. Raises NothingToDraw."""
    if format_ == PNG:
        drawn, _ = picture_of(answer)
        return Response(drawn, headers=HEADERS, media_type=PNG)
    if format_ == LINES:
        return StreamingResponse(lines(answer), headers=HEADERS, media_type=LINES)
    text = markdown(answer) if format_ == MARKDOWN else as_json(answer)
    return Response(text.encode(), headers=HEADERS, media_type=format_)


def lines(answer: Answer) -> Iterator[bytes]:
    """Write an answer line by line: the envelope without its rows, then every row as an object."""
    names = _apart(answer.columns)
    envelope = answer.model_dump(mode="json", exclude={"rows"}) | {"columns": names}
    yield _line(envelope)
    for start in range(0, len(answer.rows), ROWS_AT_ONCE):
        rows = answer.rows[start : start + ROWS_AT_ONCE]
        yield b"".join(_line(dict(zip(names, row, strict=True))) for row in rows)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _apart(columns: Sequence[str]) -> list[str]:
    """Name columns apart, since an object holds each name once and free SQL may repeat one."""
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names
