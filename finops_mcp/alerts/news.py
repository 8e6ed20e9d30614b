"""What happened since? Events of alerts and refreshes, and another generation in force, whoever did it.

A refresh may run in any process of the machine: so the records and the pointer are looked at now and then.
"""

from dataclasses import dataclass

import anyio.to_thread

from finops_mcp.cache.alert_records import AlertRecords, Event
from finops_mcp.cache.home import Home

SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True)
class Position:
    """How far somebody has been told: the last event, and the generation in force then."""

    event: int
    generation: str

    @classmethod
    def of(cls, home: Home) -> "Position":
        """Give the position of who knows everything until now. Raises RecordsUnreadable."""
        with AlertRecords(home) as records:
            return cls(records.last_event(), _generation(home))


@dataclass(frozen=True)
class News:
    """What happened, and the position of who knows it."""

    events: list[Event]
    is_new_generation: bool
    position: Position

    def __bool__(self) -> bool:
        """Whether anything did."""
        return bool(self.events) or self.is_new_generation

    @classmethod
    def since(cls, home: Home, before: Position) -> "News":
        """Look what happened since. Raises RecordsUnreadable."""
        with AlertRecords(home) as records:
            events = records.events(before.event)
        generation = _generation(home)
        last = events[-1].id if events else before.event
        return cls(events, generation != before.generation, Position(last, generation))


async def position_of(home: Home) -> Position:
    """Give the position of who knows everything until now. Raises RecordsUnreadable."""
    return await anyio.to_thread.run_sync(Position.of, home, abandon_on_cancel=True)


async def news_since(home: Home, before: Position) -> News:
    """Look what happened since. Raises RecordsUnreadable."""
    return await anyio.to_thread.run_sync(News.since, home, before, abandon_on_cancel=True)


def _generation(home: Home) -> str:
    try:
        return home.pointer.read_text().strip()
    except FileNotFoundError:
        return ""
