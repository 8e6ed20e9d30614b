"""Subscriptions over MCP: who is told when alerts, or the figures behind an address, have changed.

In the era of 2026-07-28 a client listens on a stream of its own; in the one before it subscribes within its
connection. Both are told of the addresses that they named, and read them again if they care.
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.connection import Connection
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated

from finops_mcp.alerts.listing import ADDRESS as ALERTS
from finops_mcp.alerts.news import News, Position, followed
from finops_mcp.cache.home import Home
from finops_mcp.errors import RecordsUnreadable

Context = ServerRequestContext[Any, Any]
STATUS = "costs://status"
_FIGURES = "costs://"
_SECONDS_TO_SEND = 5.0
MOST_ADDRESSES = 1_000
"""Addresses that one connection may subscribe to; more are not told of."""
_log = logging.getLogger("finops_mcp.mcp")


class Subscriptions:
    """Who asked to be told of what, on one server."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._bus = InMemorySubscriptionBus()
        self._listening = ListenHandler(self._bus)
        self._listened: Counter[str] = Counter()
        self._subscribed: dict[Connection, tuple[ServerSession, set[str]]] = {}
        self._is_watched = False

    @asynccontextmanager
    async def watched(self, _: Server[Any]) -> AsyncIterator[dict[str, Any]]:
        """Look for changes while a server runs; of several ways in, the first one looks for all."""
        if self._is_watched:
            yield {}
            return
        self._is_watched = True
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch)
                yield {}
                tasks.cancel_scope.cancel()
        finally:
            self._is_watched = False

    async def listen(
        self, context: Context, params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        """Serve one stream until its client, or the server, ends it."""
        addresses = list(params.notifications.resource_subscriptions or ())
        self._listened.update(addresses)
        try:
            return await self._listening(context, params)
        finally:
            self._listened.subtract(addresses)
            self._listened = +self._listened

    async def subscribe(self, context: Context, params: types.SubscribeRequestParams) -> types.EmptyResult:
        """Tell a connection of an address from now on."""
        connection = context.session._connection  # noqa: SLF001 - the SDK names what lasts nowhere else
        if connection not in self._subscribed:
            self._subscribed[connection] = (context.session, set())
            connection.exit_stack.callback(self._subscribed.pop, connection, None)
        _, addresses = self._subscribed[connection]
        if len(addresses) < MOST_ADDRESSES:
            addresses.add(str(params.uri))
        return types.EmptyResult()

    async def unsubscribe(
        self, context: Context, params: types.UnsubscribeRequestParams
    ) -> types.EmptyResult:
        """Tell a connection of an address no longer."""
        known = self._subscribed.get(context.session._connection)  # noqa: SLF001 - as above
        if known:
            known[1].discard(str(params.uri))
        return types.EmptyResult()

    def close(self) -> None:
        """End every stream that is listened on, telling its client that this is meant."""
        self._listening.close()

    async def _watch(self) -> None:
        """Tell of what changes until cancelled; records that cannot be read are looked at again later."""
        while True:
            with suppress(RecordsUnreadable):
                position = await anyio.to_thread.run_sync(Position.of, self._home)
                async for news in followed(self._home, position):
                    await self._tell(news)
            _log.warning("Nobody is told of changes while the records cannot be read")
            await anyio.sleep(_SECONDS_TO_SEND)

    async def _tell(self, news: News) -> None:
        for address in _changed(news, [*self._listened]):
            await self._bus.publish(ResourceUpdated(address))
        for connection, (session, addresses) in list(self._subscribed.items()):
            for address in _changed(news, addresses):
                await self._send(connection, session, address)

    async def _send(self, connection: Connection, session: ServerSession, address: str) -> None:
        try:
            with anyio.fail_after(_SECONDS_TO_SEND):
                await session.send_resource_updated(address)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError, TimeoutError):
            self._subscribed.pop(connection, None)


def _changed(news: News, addresses: Iterable[str]) -> list[str]:
    """List the addresses that say something else since: with another generation, all that tell figures."""
    if news.is_new_generation:
        return sorted(a for a in addresses if a.startswith(_FIGURES))
    alerts = {ALERTS} if any(event.name.startswith("alert.") for event in news.events) else set()
    return sorted({*alerts, STATUS}.intersection(addresses)) if news.events else []
