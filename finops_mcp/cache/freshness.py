"""How old is the data, how did the last refresh go, when is the next one due? The one place with a clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from finops_mcp.cache.history import Attempt, last_attempt
from finops_mcp.cache.home import Home
from finops_mcp.cache.published import held

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Give the time of day in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Freshness:
    """How old the data is and what became of the last refresh."""

    refreshed_at: datetime
    age: timedelta
    stale_after: timedelta | None
    last: Attempt | None
    due: datetime | None
    held: str = ""
    """The generation that a rollback holds in force, and since when; nothing where none does."""

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
        held = "".join(f" {each[0].upper()}{each[1:]}." for each in self._held())
        return [f"The data is stale: last refreshed {written(self.refreshed_at)}, {since}.{failed}{held}"]

    def sentences(self) -> list[str]:
        """Say how old the data is, how the last refresh went and when the next one is due."""
        stale = ", which is more than it may be" if self.is_stale else ""
        said = [f"last refreshed {written(self.refreshed_at)}, {told(self.age)} ago{stale}"]
        if self.last and self.last.error:
            said.append(f"the last attempt, {written(self.last.began)}, failed: {self.last.error}")
        said += self._held()
        if self.due:
            said.append(f"the next refresh is due {written(self.due)}")
        return said

    def _held(self) -> list[str]:
        if not self.held:
            return []
        until = "nothing is refreshed until `finops-duck rollback --release`"
        return [f"a rollback holds generation {self.held} in force, and {until}"]


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
        if last and not last.error and last.generation == generation.stem:
            refreshed_at = max(refreshed_at, last.ended)
        age = max(now - refreshed_at, timedelta(0))
        return Freshness(refreshed_at, age, self.stale_after, last, self.due_after(now), held(home))

    def caveats(self, home: Home, generation: Path, created_at: datetime) -> list[str]:
        """Say that a generation is stale, having looked at the clock alone while it is not."""
        if self.stale_after is None or self.clock() - created_at.replace(tzinfo=UTC) <= self.stale_after:
            return []
        return self.freshness(home, generation, created_at).caveats()


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
