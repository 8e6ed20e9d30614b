"""Puts the parts together from settings; the only module that knows them all."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from finops_mcp.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from finops_mcp.alerts.watch import Alerts
    from finops_mcp.cache.freshness import Timing
    from finops_mcp.cache.home import Home
    from finops_mcp.cache.refresh import Refresher
    from finops_mcp.ledger.ledger import Ledger
    from finops_mcp.savings.check import Checks
    from finops_mcp.surfaces.leaving import Leaving
    from finops_mcp.surfaces.schedule import Outcome, Schedule
    from finops_mcp.toolbox.library import Library
    from finops_mcp.toolbox.toolbox import Toolbox


NICENESS = 10
"""A refresh may take longer, so that questions asked meanwhile do not: here, or of another process."""


class App:
    """One home with everything that serves it, each part made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def home(self) -> Home:
        """The folder of all its state."""
        from finops_mcp.cache.home import Home

        return Home(self.settings.home)

    @cached_property
    def refresher(self) -> Refresher:
        """What brings exports into this home."""
        from finops_mcp.cache.refresh import Refresher
        from finops_mcp.cache.retention import Keeping
        from finops_mcp.exports.patience import Patience

        return Refresher(
            self.home,
            self._limits,
            default_source=self.settings.source,
            s3_endpoint=self.settings.s3_endpoint,
            keep_generations=self.settings.keep_generations,
            ask_above_gb=self.settings.ask_above_gb,
            keeping=Keeping(
                mirror_months=self.settings.keep_mirror_months,
                charges_months=self.settings.keep_charges_months,
                rollups_months=self.settings.keep_rollups_months,
                mirror_gb=self.settings.keep_mirror_gb,
                charges_gb=self.settings.keep_charges_gb,
                rollups_gb=self.settings.keep_rollups_gb,
            ),
            mirror_key=self.settings.mirror_key,
            patience=Patience(tries=self.settings.s3_tries, silence=self.settings.s3_silence),
            prices=self.settings.prices,
            niceness=NICENESS,
            afterwards=(
                ("Noting what can be saved", self._note_findings),
                ("Holding the rules of alerts against it", self._check_alerts),
            ),
        )

    @cached_property
    def toolbox(self) -> Toolbox:
        """Every tool over this home's cache."""
        from finops_mcp.cache.engine import SqlLimits
        from finops_mcp.cache.opened import Cache
        from finops_mcp.cache.tally import tally_of
        from finops_mcp.toolbox.folder import built_in, find_tools
        from finops_mcp.toolbox.toolbox import Toolbox

        own = [self.settings.tools] if self.settings.tools else []
        tools = find_tools(built_in("tools"), *own)
        statements = SqlLimits(
            seconds=self.settings.sql_seconds,
            memory_mb=self.settings.sql_memory_mb,
            rows=self.settings.sql_rows,
            threads=self.settings.threads,
        )
        cache = Cache(self.home, self._limits, statements, self.timing)
        tally = tally_of(cache.home) if self.settings.count_answers else None
        return Toolbox(tools, cache, self.refresher, tally, self.checks, self.settings.exports)

    @cached_property
    def checks(self) -> Checks:
        """Every check of savings."""
        from finops_mcp.content import built_in
        from finops_mcp.savings.check import Checks

        own = [self.settings.checks] if self.settings.checks else []
        return Checks((built_in("checks"), *own))

    @cached_property
    def ledger(self) -> Ledger:
        """What became of findings of savings."""
        from finops_mcp.ledger.ledger import Ledger

        return Ledger(self.toolbox.cache, self.checks)

    @cached_property
    def alerts(self) -> Alerts:
        """What is to be told without being asked. What it asks is not counted among the answers given."""
        from functools import partial

        from finops_mcp.alerts.watch import Alerts
        from finops_mcp.alerts.webhook import place_of
        from finops_mcp.toolbox.toolbox import Toolbox

        asking = Toolbox(list(self.toolbox.tools.values()), self.toolbox.cache, self.refresher)
        return Alerts(asking, partial(place_of, self.settings), self.timing.clock)

    @cached_property
    def timing(self) -> Timing:
        """When the data is refreshed, and from what age it is stale."""
        from datetime import timedelta

        from finops_mcp.cache.freshness import Timing

        hours = self.settings.stale_after_hours
        return Timing(timedelta(hours=hours) if hours > 0 else None, self.settings.refresh_cron)

    @property
    def schedule(self) -> Schedule:
        """When a serving process refreshes this home by itself."""
        from datetime import timedelta

        from finops_mcp.surfaces.schedule import Schedule

        return Schedule(
            self.home,
            self.timing,
            self._refreshed_apart,
            age=lambda: self.toolbox.cache.freshness().age,
            jitter=timedelta(minutes=self.settings.refresh_jitter_minutes),
        )

    @cached_property
    def library(self) -> Library:
        """What is known beside the tools: prompts, skills, resources, and the reports saved in this home."""
        from finops_mcp.toolbox.folder import built_in
        from finops_mcp.toolbox.library import Library

        folders = {kind: built_in(kind) for kind in ("prompts", "skills", "resources")}
        return Library.of(folders, self.home.reports)

    def mcp_server(self, *, lasting: bool = True) -> Any:
        """Make the MCP server; whether connections of the 2025 era last is up to how it is reached."""
        from finops_mcp.surfaces.mcp import mcp_server

        return mcp_server(
            self.toolbox,
            self.library,
            version=version("finops-duck"),
            lasting=lasting,
            leaving=self.leaving,
        )

    @cached_property
    def leaving(self) -> Leaving:
        """Who is told when the server is about to end."""
        from finops_mcp.surfaces.leaving import Leaving

        return Leaving()

    def serve_stdio(self) -> None:
        """Serve MCP over standard input and output until the client leaves."""
        import anyio

        from finops_mcp.surfaces.mcp import serve_stdio
        from finops_mcp.surfaces.schedule import scheduled

        async def serve() -> None:
            async with scheduled(self.schedule):
                await serve_stdio(self.mcp_server())

        anyio.run(serve)

    def http(self, allowed_hosts: Sequence[str] = (), *, sessions: bool = False) -> Starlette:
        """Make the HTTP app: MCP at /mcp (and /sse), REST at /v1, one page of documentation at /docs."""
        from starlette.applications import Starlette
        from starlette.middleware import Middleware

        from finops_mcp.surfaces import mcp, rest
        from finops_mcp.surfaces.headers import TrimmedHeaders
        from finops_mcp.surfaces.hosts import LOCAL, HostCheck
        from finops_mcp.surfaces.schedule import scheduled

        server = self.mcp_server(lasting=sessions)
        routes = [
            *mcp.http_routes(server, sessions=sessions),
            *rest.routes(self.toolbox, self.leaving),
        ]

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            async with server.session_manager.run(), scheduled(self.schedule):
                yield

        return Starlette(
            routes=routes,
            lifespan=lifespan,
            exception_handlers=rest.exception_handlers(),
            middleware=[Middleware(TrimmedHeaders), Middleware(HostCheck, allowed=[*LOCAL, *allowed_hosts])],
        )

    async def _refreshed_apart(self) -> Outcome:
        """Refresh in a process of its own; one that died left it to us to look at the alerts."""
        import anyio.to_thread

        from finops_mcp.surfaces.schedule import refreshed_apart

        outcome = await refreshed_apart(self.home, self.timing, default_source=self.settings.source)
        if outcome.failed:
            await anyio.to_thread.run_sync(self._check_alerts)
        return outcome

    def _note_findings(self) -> None:
        try:
            ledger = self.ledger
        except (ValueError, ImportError, SyntaxError) as error:  # of a user's own tools, which doctor tells
            logging.getLogger("finops_mcp.ledger").warning("Findings cannot be noted: %s", error)
        else:
            ledger.after_refresh()

    def _check_alerts(self) -> None:
        try:
            alerts = self.alerts
        except (ValueError, ImportError, SyntaxError) as error:
            logging.getLogger("finops_mcp.alerts").warning("Alerts cannot be checked: %s", error)
        else:
            alerts.after_refresh()

    @cached_property
    def _limits(self) -> Any:
        from finops_mcp.cache.engine import EngineLimits

        return EngineLimits(
            memory_limit=self.settings.memory_limit,
            threads=self.settings.threads,
            spill=self.home.spill,
        )


def main() -> None:
    """Run the command line. Whatever it writes, no other user of the machine may read."""
    os.umask(0o077)
    from finops_mcp.surfaces.cli import command

    command(obj=App)
