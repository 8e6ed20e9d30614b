"""Subscriptions over MCP: who is told when alerts, or the figures behind an address, have changed.

In the era of 2026-07-28 a client listens on a stream of its own; in the one before it subscribes within its
connection. Both are told of the addresses that they named, and read them again if they care.
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import mcp_types as types
from mcp.server.connection import Connection
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.shared.exceptions import MCPError

from finops_mcp.alerts.listing import ADDRESS as ALERTS
from finops_mcp.alerts.news import SECONDS_BETWEEN_LOOKS, News, Position, news_since, position_of
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
        self._position: Position | None = None
        self._wanted = anyio.Event()

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
            await self._from_now_on()
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
        await self._from_now_on()
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

    async def _from_now_on(self) -> None:
        """Note what is known already, before who asked is told that it is listened to."""
        if self._position is None:
            try:
                self._position = await position_of(self._home)
            except RecordsUnreadable as error:
                raise MCPError(types.INTERNAL_ERROR, str(error)) from None
        self._wanted.set()

    async def _watch(self) -> None:
        """Tell of what changes, while anybody asked to be told, until cancelled."""
        while True:
            await self._wanted.wait()
            while self._position and (self._listened or self._subscribed):
                try:
                    news = await news_since(self._home, self._position)
                    self._position = news.position
                    await self._tell(news)
                except Exception:  # noqa: BLE001 - it must not take the server down; it is looked at again
                    _log.exception("Nobody is told of changes for now")
                await anyio.sleep(SECONDS_BETWEEN_LOOKS)
            self._position, self._wanted = None, anyio.Event()

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
