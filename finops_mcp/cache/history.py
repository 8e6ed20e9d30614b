"""How each refresh went, remembered: when, how long, what it asked of the store, how it ended."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from finops_mcp.cache.home import Home
from finops_mcp.cache.records import HELD, Records, RefreshRecord
from finops_mcp.cache.sources import Sources
from finops_mcp.errors import FinopsError, RecordsUnreadable, RefreshHeld, RefreshRunning
from finops_mcp.exports.storage import Requests

_MOST_SAID = 500
_log = logging.getLogger("finops_mcp.history")


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


@dataclass(frozen=True)
class Attempt:
    """One refresh that was tried: from when to when, what was in force then, and why it failed."""

    began: datetime
    ended: datetime
    generation: str = ""
    error: str = ""


@dataclass
class Remembering:
    """One refresh under way: what it asks, and what comes of it."""

    sources: Sources = field(default_factory=lambda: Sources(()))
    ended: Ended | None = None

    def asks(self, sources: Sources) -> Sources:
        """Note where the exports are looked for, and what will have been asked there."""
        self.sources = sources
        return sources

    def done(self, refreshed: T) -> T:
        """Note what came of it."""
        self.ended = refreshed
        return refreshed


@contextlib.contextmanager
def remembered_in(records: Records) -> Iterator[Remembering]:
    """Remember a refresh when the block ends, however it ends."""
    began_at, began = datetime.now(UTC), time.monotonic()
    this = Remembering()

    def note(outcome: str, said: str = "") -> None:
        ended = this.ended
        records.note_refresh(
            RefreshRecord(
                began_at=began_at.isoformat(),
                seconds=round(time.monotonic() - began, 3),  # the clock may be set meanwhile
                source=this.sources.address,
                outcome=outcome,
                said=said,
                deliveries=ended.deliveries if ended else 0,
                loaded=ended.loaded if ended else 0,
                **Requests().told() | this.sources.asked(),
                generation=ended.generation.stem if ended else "",
            )
        )

    try:
        yield this
    except BaseException as error:
        try:
            note(HELD if isinstance(error, RefreshHeld) else "failed", _in_one_line(error))
        except RecordsUnreadable as also:  # what went wrong first is what is to be told
            _log.warning("How the refresh went could not be noted: %s", also)
        raise
    note("published" if this.ended and this.ended.published else "same")


def last_attempt(home: Home) -> Attempt | None:
    """Give the last refresh that was tried in a home; nothing before the first, or if no record can be read.

    One that a rollback held off is none: nothing was tried, and how the one before went still holds.
    """
    try:
        with Records(home) as records:
            last = records.last_refresh()
    except RecordsUnreadable as error:  # data_status and doctor tell it; an answer is none the worse
        _log.warning("How the last refresh went cannot be told: %s", error)
        return None
    if last is None:
        return None
    began = datetime.fromisoformat(last.began_at)
    ended = began + timedelta(seconds=last.seconds)
    return Attempt(began, ended, last.generation, last.said if last.outcome == "failed" else "")


def note_death(home: Home, began: datetime, error: str, clock: Callable[[], datetime]) -> None:
    """Note that a refresh of another process ended without a word, unless it or a later one left its own."""
    with contextlib.suppress(RefreshRunning), home.refreshing(), Records(home) as records:
        last = last_attempt(home)
        if last is None or last.began < began:
            records.note_refresh(
                RefreshRecord(
                    began_at=began.isoformat(),
                    seconds=round(max(clock() - began, timedelta(0)).total_seconds(), 3),
                    source=home.remembered_source(),
                    outcome="failed",
                    said=error[:_MOST_SAID],
                    deliveries=0,
                    loaded=0,
                    **Requests().told(),
                    generation="",
                )
            )


def _in_one_line(error: BaseException) -> str:
    said = str(error) if isinstance(error, FinopsError) else f"{type(error).__name__}: {error}"
    return said.partition("\n")[0][:_MOST_SAID]
