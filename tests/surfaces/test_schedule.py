"""Does `serve` refresh when it is due, once, without holding anything up, and end when it is told to?"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio
import anyio.lowlevel
import pytest

from finops_mcp.cache.freshness import Timing
from finops_mcp.cache.home import Home
from finops_mcp.cache.published import release, roll_back
from finops_mcp.errors import NoDataYet
from finops_mcp.surfaces.schedule import SECONDS_BETWEEN_LOOKS, Outcome, Schedule, scheduled
from tests.support.homes import TinyHome, charge

Make = Callable[[], TinyHome]
START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)


class EnoughError(Exception):
    """The time of the test is over."""


@dataclass
class World:
    """A clock that moves only when somebody sleeps, and a refresh that notes when it was asked for."""

    home: Home
    now: datetime = START
    until: datetime = START + timedelta(days=2)
    refreshed: list[datetime] = field(default_factory=list)
    asleep: list[float] = field(default_factory=list)
    jumps: dict[datetime, timedelta] = field(default_factory=dict)
    outcomes: list[Outcome | Exception] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.asleep.append(seconds)
        self.now += timedelta(seconds=seconds)
        if self.now >= self.until:
            raise EnoughError
        for moment, jump in list(self.jumps.items()):
            if self.now >= moment:
                self.now += jump
                del self.jumps[moment]

    async def refresh(self) -> Outcome:
        self.refreshed.append(self.now)
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome("done")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def schedule(
        self, *, age: timedelta | None = None, jitter: timedelta = timedelta(0), **timing: object
    ) -> Schedule:
        def asked() -> timedelta:
            if age is None:
                raise NoDataYet
            return age

        made = Timing(**timing, clock=self.clock)  # type: ignore[arg-type]
        return Schedule(self.home, made, self.refresh, asked, jitter, self.sleep)


async def lived(world: World, schedule: Schedule) -> list[str]:
    """Live until the time is over; give the minutes at which it refreshed."""
    with pytest.raises(EnoughError):
        await schedule.run()
    return [f"{moment:%d %H:%M}" for moment in world.refreshed]


@pytest.fixture
def world(tiny_home: Make) -> World:
    return World(tiny_home().home.made())


async def test_it_refreshes_whenever_cron_says(world: World) -> None:
    assert await lived(world, world.schedule(cron="30 6,18 * * *")) == [
        "05 06:30", "05 18:30", "06 06:30", "06 18:30",
    ]  # fmt: skip
    assert max(world.asleep) <= SECONDS_BETWEEN_LOOKS


@pytest.mark.parametrize(("age", "times"), [(23, 0), (25, 1), (None, 1)])
async def test_at_start_it_refreshes_what_is_stale_or_not_there(
    age: int | None, times: int, world: World
) -> None:
    given = None if age is None else timedelta(hours=age)
    await world.schedule(age=given, stale_after=timedelta(hours=24)).run()
    assert len(world.refreshed) == times


async def test_a_cache_that_cannot_be_read_keeps_nothing_from_starting(world: World) -> None:
    def broken() -> timedelta:
        raise OSError("gone")

    timing = Timing(timedelta(hours=1), clock=world.clock)
    await Schedule(world.home, timing, world.refresh, broken).run()
    assert not world.refreshed


async def test_a_failure_is_told_and_the_next_one_comes(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.outcomes = [OSError("no process"), Outcome("access denied", failed=True), Outcome("2 of 3 new")]
    with caplog.at_level(logging.INFO):
        assert len(await lived(world, world.schedule(cron="0 */12 * * *"))) == 4
    bad = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert len(bad) == 2
    assert bad[0].endswith("OSError: no process")
    assert bad[1].endswith("access denied")
    assert any(r.getMessage().endswith("2 of 3 new") for r in caplog.records)


async def test_a_rollback_in_force_is_told_once_and_nothing_is_tried_until_it_is_released(
    tiny_home: Make, caplog: pytest.LogCaptureFixture
) -> None:
    made = tiny_home()
    for cost in ("1", "2"):
        made.deliver([charge(cost)], execution=cost)
        made.refresh()
    roll_back(made.home)
    world = World(made.home)
    world.now, world.until = START + timedelta(days=36_500), START + timedelta(days=36_502)
    with caplog.at_level(logging.INFO):
        assert await lived(world, world.schedule(cron="0 */6 * * *")) == []
    (notice,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert "A rollback holds generation 1 since " in notice.getMessage()
    release(made.home)
    world.until += timedelta(days=1)
    assert await lived(world, world.schedule(cron="0 */6 * * *")) == ["14 12:00", "14 18:00", "15 00:00"]


async def test_what_another_process_did_meanwhile_is_not_done_again(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()  # noted with the real time, which is after every hour of the test
    world = World(made.home)
    assert await lived(world, world.schedule(cron="0 * * * *")) == []


async def test_what_was_slept_through_is_done_once(world: World) -> None:
    """A laptop that was closed for a day and an hour: nine were missed."""
    world.jumps = {START + timedelta(hours=1): timedelta(hours=25)}
    assert await lived(world, world.schedule(cron="0 */3 * * *")) == [
        "06 08:00", "06 09:00", "06 12:00", "06 15:00", "06 18:00", "06 21:00", "07 00:00", "07 03:00",
    ]  # fmt: skip


async def test_a_clock_set_back_a_day_does_not_put_off_the_next_by_a_day(world: World) -> None:
    world.jumps = {START + timedelta(minutes=59): -timedelta(days=1)}
    world.until = START + timedelta(hours=1)
    assert await lived(world, world.schedule(cron="0 */12 * * *")) == ["04 12:00", "05 00:00"]


async def test_chance_puts_a_refresh_off_by_so_much_and_no_more(world: World) -> None:
    world.until = START + timedelta(days=20)
    jitter = timedelta(minutes=30)
    await lived(world, world.schedule(cron="0 12 * * *", jitter=jitter))
    late = [moment - moment.replace(hour=12, minute=0, second=0, microsecond=0) for moment in world.refreshed]
    assert len(late) == 20
    assert all(timedelta(0) <= each <= jitter for each in late)
    assert len(set(late)) > 10


async def test_without_a_schedule_nothing_runs(world: World) -> None:
    schedule = world.schedule()
    assert not schedule.is_wanted
    async with scheduled(schedule):
        await anyio.lowlevel.checkpoint()
    assert not world.refreshed
    assert not world.asleep


async def test_a_refresh_under_way_is_ended_with_the_server_and_holds_up_nobody(world: World) -> None:
    begun, ended = anyio.Event(), anyio.Event()

    async def refresh() -> Outcome:
        begun.set()
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError

    def no_age() -> timedelta:
        raise NoDataYet

    with anyio.fail_after(5):
        async with scheduled(Schedule(world.home, Timing(timedelta(hours=1)), refresh, no_age)):
            await begun.wait()
            assert not ended.is_set()
        assert ended.is_set()
