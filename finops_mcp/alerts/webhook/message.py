"""What is sent of an event: text and blocks as Slack shows them, and the same as fields for programs.

Slack is sent `text` and `blocks` alone; any other receiver also `type`, `timestamp` and `data`, the form that
Standard Webhooks has.
"""

import json
from collections.abc import Mapping
from typing import Any

from finops_mcp.cache.alert_records import Event

MOST_HEADER, MOST_TEXT, MOST_SMALL = 150, 3000, 2000
"""Characters of a header and of a section's text, which Slack refuses more of; and of a line below."""
_WORDS = {"alert.raised": "", "alert.worsened": "Worse: ", "alert.resolved": "Resolved: "}


def body_of(event: Event, *, only_slack: bool) -> bytes:
    """Write an event as it is sent."""
    title, said, below = _told(event)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(title, MOST_HEADER)},
        {"type": "section", "text": _plain(said, MOST_TEXT)},
    ]
    if below:
        blocks.append({"type": "context", "elements": [_plain(below, MOST_SMALL)]})
    sent: dict[str, Any] = {"text": _escaped(_cut(f"{title}. {said}", MOST_TEXT)), "blocks": blocks}
    if not only_slack:
        sent |= {"type": event.name, "timestamp": event.at, "data": dict(event.data)}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


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
