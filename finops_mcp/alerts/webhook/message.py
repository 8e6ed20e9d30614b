"""What is sent: text and blocks as Slack shows them, and the same as fields for programs.

Slack is sent `text` and `blocks` alone; any other receiver also `type`, `timestamp` and `data`, the form that
Standard Webhooks has.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from finops_mcp.cache.alert_records import Event

MOST_HEADER, MOST_TEXT, MOST_SMALL = 150, 3000, 2000
"""Characters of a header and of a section's text, which Slack refuses more of; and of a line below."""
_WORDS = {"alert.raised": "", "alert.worsened": "Worse: ", "alert.resolved": "Resolved: "}


def body_of(event: Event, *, only_slack: bool) -> bytes:
    """Write an event as it is sent."""
    title, said, below = _told(event)
    blocks = [_header(title), _section(said)]
    if below:
        blocks.append({"type": "context", "elements": [_plain(below, MOST_SMALL)]})
    fields = {"type": event.name, "timestamp": event.at, "data": dict(event.data)}
    return _body(f"{title}. {said}", blocks, {} if only_slack else fields)


def body_of_report(
    title: str, said: str, text: str, *, at: str, data: Mapping[str, Any], only_slack: bool
) -> bytes:
    """Write an answer as it is sent: its question, its summary, its text in as many sections as it takes."""
    blocks = [_header(title), _section(said), *map(_section, _in_parts(text))]
    fields = {"type": "report", "timestamp": at, "data": dict(data)}
    return _body(f"{title} {said}", blocks, {} if only_slack else fields)


def _body(text: str, blocks: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]) -> bytes:
    sent = {"text": _escaped(_cut(text, MOST_TEXT)), "blocks": blocks, **fields}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def _header(title: str) -> dict[str, Any]:
    return {"type": "header", "text": _plain(title, MOST_HEADER)}


def _section(said: str) -> dict[str, Any]:
    return {"type": "section", "text": _plain(said, MOST_TEXT)}


def _in_parts(text: str) -> Iterator[str]:
    """Part a text at its lines, into parts that a section can hold; a longer line is parted where it must."""
    part = ""
    for line in text.splitlines(keepends=True):
        if part and len(part) + len(line) > MOST_TEXT:
            yield part
            part = ""
        part += line
        while len(part) > MOST_TEXT:
            yield part[:MOST_TEXT]
            part = part[MOST_TEXT:]
    if part:
        yield part


def _told(event: Event) -> tuple[str, str, str]:
    data = event.data
    title = f"{_WORDS.get(event.name, '')}{data['title']}"
    if event.name == "alert.resolved":
        return title, f"This no longer holds: {data['said']}", f"first seen {data['first_seen']}"
    return title, data["said"], "; ".join(_about(data))


def _about(data: Mapping[str, Any]) -> list[str]:
    """Say by which question it was found, and what its figures mean."""
    said = [f"past {data['threshold']}", f"asked of {data['tool']}"]
    basis = data.get("basis")
    if basis:
        period = basis["period"]
        days = f"{period['start']} to {period['end_exclusive']} exclusive"
        said.append(f"{basis['measure']} in {basis['currency']}, {days}")
    return [*said, *data.get("caveats", ())]


def _plain(text: str, most: int) -> dict[str, Any]:
    """Write text that Slack shows as it is: nothing in a name can mention a channel or be a link."""
    return {"type": "plain_text", "text": _cut(text, most), "emoji": False}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 2]} …"
