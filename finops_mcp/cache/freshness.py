"""How old is the data, how did the last refresh go, when is the next one due? The one place with a clock."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from finops_mcp.cache.home import Home, replace_text
from finops_mcp.errors import FinopsError, RefreshRunning

_MOST_SAID = 500
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_log = logging.getLogger("finops_mcp.freshness")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Give the time of day in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Attempt:
    """One refresh that was tried: from when to when, what was in force then, and why it failed."""

    began: datetime
    ended: datetime
    generation: str = ""
    error: str = ""


@dataclass(frozen=True)
class Freshness:
    """How old the data is and what became of the last refresh."""

    refreshed_at: datetime
    age: timedelta
    stale_after: timedelta | None
    last: Attempt | None
    due: datetime | None

    @property
    def is_stale(self) -> bool:
        """Whether the data is older than it may be."""
        return self.stale_after is not None and self.age > self.stale_after

    def caveats(self) -> list[str]:
        """Say that the data is older than it may be, and why; nothing while it is not."""
        if not self.is_stale or self.stale_after is None:
            return []
        failed = f" The last refresh failed: {self.last.error}" if self.last and self.last.error else ""
        since = f"{told(self.age)} ago, and it should never be older than {told(self.stale_after)}"
        return [f"The data is stale: last refreshed {written(self.refreshed_at)}, {since}.{failed}"]

    def sentences(self) -> list[str]:
        """Say how old the data is, how the last refresh went and when the next one is due."""
        stale = ", which is more than it may be" if self.is_stale else ""
        said = [f"last refreshed {written(self.refreshed_at)}, {told(self.age)} ago{stale}"]
        if self.last and self.last.error:
            said.append(f"the last attempt, {written(self.last.began)}, failed: {self.last.error}")
        if self.due:
            said.append(f"the next refresh is due {written(self.due)}")
        return said


@dataclass(frozen=True)
class Timing:
    """When data is to be refreshed, and from what age it is stale."""

    stale_after: timedelta | None = None
    cron: str = ""
    clock: Clock = system_clock

    def due_after(self, moment: datetime) -> datetime | None:
        """Say when the next scheduled refresh is due; nothing where none is, or none ever will be."""
        if not self.cron:
            return None
        from cronsim import CronSim

        return next(CronSim(self.cron, moment), None)

    def freshness(self, home: Home, generation: Path, created_at: datetime) -> Freshness:
        """Say how fresh a generation is. A clock that was set back makes it new, never younger than that."""
        now, last = self.clock(), last_attempt(home)
        refreshed_at = created_at.replace(tzinfo=UTC)
        if last and not last.error and last.generation == generation.name:
            refreshed_at = max(refreshed_at, last.ended)
        age = max(now - refreshed_at, timedelta(0))
        return Freshness(refreshed_at, age, self.stale_after, last, self.due_after(now))

    def caveats(self, home: Home, generation: Path, created_at: datetime) -> list[str]:
        """Say that a generation is stale, having looked at the clock alone while it is not."""
        if self.stale_after is None or self.clock() - created_at.replace(tzinfo=UTC) <= self.stale_after:
            return []
        return self.freshness(home, generation, created_at).caveats()


def last_attempt(home: Home) -> Attempt | None:
    """Give the last refresh that was tried in a home; nothing before the first, or if its note is damaged."""
    try:
        kept = json.loads(home.attempt_note.read_text())
        began, ended = (datetime.fromisoformat(kept[name]) for name in ("began", "ended"))
        return Attempt(began, ended, str(kept["generation"]), str(kept["error"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def noted(home: Home, clock: Clock = system_clock) -> Iterator[None]:
    """Keep a note of how the refresh of the block went, whichever way it was asked for."""
    began = clock()
    try:
        yield
    except BaseException as error:
        said = str(error) if isinstance(error, FinopsError) else f"{type(error).__name__}: {error}"
        _keep(home, Attempt(began, clock(), error=said.partition("\n")[0][:_MOST_SAID]))
        raise
    _keep(home, Attempt(began, clock(), home.pointer.read_text().strip()))


def note_death(home: Home, began: datetime, error: str, clock: Clock = system_clock) -> None:
    """Note that a refresh of another process ended without a word, unless it or a later one left its own."""
    with suppress(RefreshRunning), home.refreshing():
        last = last_attempt(home)
        if last is None or last.began < began:
            _keep(home, Attempt(began, clock(), error=error[:_MOST_SAID]))


def _keep(home: Home, attempt: Attempt) -> None:
    try:
        replace_text(home.attempt_note, json.dumps(asdict(attempt), default=datetime.isoformat))
    except OSError as error:  # a full disk must not hide how the refresh itself went
        _log.warning("How the refresh went could not be noted: %s", error)


def written(moment: datetime) -> str:
    """Write a moment to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def told(span: timedelta) -> str:
    """Say how long a time is as people do, rounded down."""
    if span < _HOUR:
        return "less than an hour"
    if span < 2 * _DAY:
        return f"{span // _HOUR} hour{'' if span < 2 * _HOUR else 's'}"
    return f"{span // _DAY} days"
