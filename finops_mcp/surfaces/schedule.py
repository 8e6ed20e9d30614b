"""Refreshing by the clock while `serve` answers: at start when the data is stale, then as cron says.

The refresh runs in a process of its own, with less right to the processor than the questions have. It can be
ended at any moment, since a generation is published whole or not at all.
"""

import json
import logging
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import anyio
import anyio.to_thread

from finops_mcp.cache.freshness import Timing, written
from finops_mcp.cache.history import last_attempt, note_death
from finops_mcp.cache.home import Home
from finops_mcp.cache.published import held
from finops_mcp.errors import NoDataYet

SECONDS_BETWEEN_LOOKS = 20.0
"""How often the clock is looked at: one that was set, or a machine that slept, is noticed by then."""

_log = logging.getLogger("finops_mcp.schedule")


@dataclass(frozen=True)
class Outcome:
    """What became of a refresh: a sentence, and whether it is bad news."""

    said: str
    failed: bool = False


Refresh = Callable[[], Awaitable[Outcome]]


@dataclass(frozen=True)
class Schedule:
    """When one serving process refreshes its home. Times come from the clock, waits from a steady one."""

    home: Home
    timing: Timing
    refresh: Refresh
    age: Callable[[], timedelta]
    """How old the data is; raises NoDataYet while there is none."""
    jitter: timedelta = timedelta(0)
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    _holds_told: set[str] = field(default_factory=set)

    @property
    def is_wanted(self) -> bool:
        """Whether it would ever refresh."""
        return bool(self.timing.cron) or self.timing.stale_after is not None

    async def run(self) -> None:
        """Refresh whenever it is due, until cancelled; no failure ends it."""
        if await anyio.to_thread.run_sync(self._stale_at_start):
            await self._refreshed("the data is stale")
        while (due := self.timing.due_after(self.timing.clock())) is not None:
            late = timedelta(seconds=random.uniform(0, self.jitter.total_seconds()))  # noqa: S311 - no secret
            if not await self._waited(due + late):
                continue
            last = last_attempt(self.home)
            if last and last.began >= due:
                _log.info("The refresh due %s was done already, at %s", written(due), written(last.began))
                continue
            await self._refreshed(f"it was due {written(due)}")

    async def _waited(self, until: datetime) -> bool:
        """Wait for a moment, looking at the clock now and then; say no when the clock was set back."""
        before = self.timing.clock()
        while (now := self.timing.clock()) < until:
            if now < before:
                return False
            before = now
            await self.sleep(min((until - now).total_seconds(), SECONDS_BETWEEN_LOOKS))
        return True

    def _stale_at_start(self) -> bool:
        if self.timing.stale_after is None:
            return False
        try:
            return self.age() > self.timing.stale_after
        except NoDataYet:
            return True
        except Exception:  # noqa: BLE001 - a cache that cannot be read must not keep the server from starting
            _log.exception("How old the data is cannot be told")
            return False

    async def _refreshed(self, why: str) -> None:
        if hold := held(self.home):
            if hold not in self._holds_told:
                self._holds_told.add(hold)
                _log.warning(
                    "A rollback holds generation %s in force: nothing is refreshed until"
                    " `finops-duck rollback --release`",
                    hold,
                )
            return
        _log.info("Refreshing, since %s", why)
        began = time.monotonic()
        try:
            outcome = await self.refresh()
        except Exception as error:  # noqa: BLE001 - it is told, and the next one is due all the same
            outcome = Outcome(f"it could not be started: {type(error).__name__}: {error}", failed=True)
        level = logging.ERROR if outcome.failed else logging.INFO
        _log.log(level, "Scheduled refresh, %.1f s: %s", time.monotonic() - began, outcome.said)


@asynccontextmanager
async def scheduled(schedule: Schedule) -> AsyncIterator[None]:
    """Keep a schedule while the block runs; a refresh that is under way then is ended with it."""
    if not schedule.is_wanted:
        yield
        return
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(schedule.run)
        try:
            yield
        finally:
            tasks.cancel_scope.cancel()


async def refreshed_apart(home: Home, timing: Timing, *, default_source: str = "") -> Outcome:
    """Refresh in a process of its own, which ends when this task is cancelled or this process ends."""
    if not (home.remembered_source() or default_source):
        return Outcome("nothing to refresh from is known yet")
    began = timing.clock()
    command = [sys.executable, "-P", "-m", "finops_mcp", "refresh-apart", "--home", str(home.path)]
    # Its standard input stays open for as long as this process lives; by its end the child knows.
    async with await anyio.open_process(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None
    ) as child:
        try:
            assert child.stdout is not None  # noqa: S101 - it was asked for
            said = b"".join([part async for part in child.stdout])
            status = await child.wait()
        finally:
            with suppress(ProcessLookupError):
                child.kill()
    try:
        return Outcome(**json.loads(said))
    except (ValueError, TypeError):
        note_death(home, began, f"the process that refreshed ended with status {status}", timing.clock)
        last = last_attempt(home)
        return Outcome(last.error if last else "", failed=True)
