"""`GET /v1/events`: alerts and refreshes as server-sent events, from now on or from where a reader was."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from finops_mcp.alerts.news import SECONDS_BETWEEN_LOOKS, Position, news_since, position_of
from finops_mcp.cache.alert_records import Event
from finops_mcp.cache.home import Home
from finops_mcp.errors import InvalidArgument, RecordsUnreadable
from finops_mcp.surfaces.leaving import Leaving
from finops_mcp.surfaces.rest.events import STILL_HERE_SECONDS
from finops_mcp.surfaces.rest.formats import EVENTS, HEADERS, wanted

LAST_EVENT_ID = "Last-Event-ID"
SECONDS_TO_SEND = 20.0
"""Longest that one event may take to be taken; a reader who stopped reading is let go."""
_MOST_DIGITS = 18
_log = logging.getLogger("finops_mcp.rest")


@dataclass(frozen=True)
class EventFeed:
    """What happens in one home, for as long as somebody reads."""

    home: Home
    leaving: Leaving

    async def respond(self, request: Request) -> Response:
        """Stream what happens. Raises InvalidArgument, and RecordsUnreadable before anything is sent."""
        if request.method not in {"GET", "HEAD"}:
            raise HTTPException(405, "Events are read by GET.", {"Allow": "GET, HEAD"})
        wanted(",".join(request.headers.getlist("accept")), [EVENTS])
        now = await position_of(self.home)
        told = _told_already(request)
        position = now if told is None else Position(min(told, now.event), now.generation)
        return EventSourceResponse(
            self._events(position),
            headers=HEADERS,
            sep="\n",
            ping=STILL_HERE_SECONDS,
            ping_message_factory=lambda: ServerSentEvent(comment="still here"),
            send_timeout=SECONDS_TO_SEND,
        )

    async def _events(self, position: Position) -> AsyncIterator[ServerSentEvent]:
        """Give each event, until the reader goes or the server ends."""
        over = anyio.Event()
        self.leaving.tells(over.set)
        try:
            while not over.is_set():
                news = await news_since(self.home, position)
                position = news.position
                for event in news.events:
                    yield _written(event)
                with anyio.move_on_after(SECONDS_BETWEEN_LOOKS):
                    await over.wait()
        except RecordsUnreadable as error:  # a reader comes back, and is told by then
            _log.warning("A stream of events ends: %s", error)
        finally:
            self.leaving.no_longer(over.set)


def _told_already(request: Request) -> int | None:
    """Read which event a reader was told last: by the header that browsers send, or, at first, by `after`."""
    said = request.headers.get(LAST_EVENT_ID) or request.query_params.get("after")
    if said is None:
        return None
    if not (said.isdecimal() and len(said) <= _MOST_DIGITS):
        raise InvalidArgument(f"{said!r} is not the id of an event; send {LAST_EVENT_ID} as it was received.")
    return int(said)


def _written(event: Event) -> ServerSentEvent:
    told = json.dumps({"at": event.at, **event.data}, ensure_ascii=False)
    return ServerSentEvent(told, event=event.name, id=str(event.id), sep="\n")
