"""How each refresh went, remembered: when, how long, what it asked of the store, how it ended."""

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

from finops_mcp.cache.records import Records, RefreshRecord
from finops_mcp.cache.sources import Sources
from finops_mcp.errors import RecordsUnreadable


class Ended(Protocol):
    """What is remembered of a refresh that ended well."""

    @property
    def generation(self) -> Path:
        """The generation in force."""

    @property
    def deliveries(self) -> int:
        """How many deliveries there are."""

    @property
    def loaded(self) -> int:
        """How many of them were new."""

    @property
    def published(self) -> bool:
        """Whether there was anything new."""


T = TypeVar("T", bound=Ended)


@contextlib.contextmanager
def remembered_as(records: Records, sources: Sources) -> Iterator[Callable[[T], T]]:
    """Remember a refresh when the block ends, however it ends; the block hands over what came of it."""
    began_at, began = datetime.now(UTC), time.monotonic()
    came_of_it: list[Ended] = []

    def done(refreshed: T) -> T:
        came_of_it.append(refreshed)
        return refreshed

    def note(outcome: str, said: str = "") -> None:
        ended = came_of_it[0] if came_of_it else None
        records.note_refresh(
            RefreshRecord(
                began_at=began_at.isoformat(timespec="seconds"),
                seconds=round(time.monotonic() - began, 3),  # the clock may be set meanwhile
                source=sources.address,
                outcome=outcome,
                said=said,
                deliveries=ended.deliveries if ended else 0,
                loaded=ended.loaded if ended else 0,
                **sources.asked(),
                generation=ended.generation.stem if ended else "",
            )
        )

    try:
        yield done
    except BaseException as error:
        with contextlib.suppress(RecordsUnreadable):  # what went wrong first is what is to be told
            note("failed", f"{type(error).__name__}: {error}")
        raise
    note("published" if came_of_it and came_of_it[0].published else "same")
