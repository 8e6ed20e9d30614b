"""Is a client told when alerts or figures change, in either era, over stdio and HTTP, whoever refreshed?"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.server.subscriptions import ResourceUpdated
from mcp.shared.exceptions import MCPError

from finops_mcp.alerts.listing import ADDRESS, listed
from finops_mcp.cache.home import Home
from finops_mcp.cache.published import roll_back
from tests.support.homes import TinyHome, charge
from tests.surfaces.serving import run, running, stdio
from tests.tools.tiny import app_at

pytestmark = pytest.mark.filterwarnings("ignore:resources/.*subscribe is removed")  # the client warns

Make = Callable[[], TinyHome]
PATIENCE = 30
MONTH = "costs://months/2026-01"
MODERN, FORMER = "2026-07-28", "legacy"


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    """A home with a generation that no rule was held against yet."""
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    return made


class Heard:
    """What a client of the former era is told."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.news = anyio.Event()

    async def __call__(self, message: Any) -> None:
        if isinstance(message, types.ResourceUpdatedNotification):
            self.addresses.append(str(message.params.uri))
            self.news.set()

    async def wait(self) -> None:
        with anyio.fail_after(PATIENCE):
            await self.news.wait()


@asynccontextmanager
async def connected(made: TinyHome, way: str, mode: str, heard: Heard) -> AsyncIterator[Client]:
    """Connect to our server over stdio or HTTP."""
    if way == "stdio":
        async with Client(stdio(made.home.path), mode=mode, message_handler=heard) as client:
            yield client
        return
    app = app_at(made.home.path).http(sessions=mode == FORMER)
    with running(app, timeout_graceful_shutdown=1) as address:
        async with Client(f"{address}/mcp", mode=mode, message_handler=heard) as client:
            yield client


async def checked(home: Home) -> None:
    """Hold the rules against the data in another process, which raises that the charge is old."""
    done = await anyio.to_thread.run_sync(lambda: run("alerts", "check", home=home.path))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("way", ["stdio", "http"])
async def test_who_listens_is_told_of_alerts_and_reads_them(made: TinyHome, way: str) -> None:
    async with connected(made, way, MODERN, Heard()) as client:
        before = await client.read_resource(ADDRESS)
        async with client.listen(resource_subscriptions=[ADDRESS, MONTH]) as stream:
            assert stream.honored.resource_subscriptions == [ADDRESS, MONTH]
            await checked(made.home)
            with anyio.fail_after(PATIENCE):
                assert await anext(aiter(stream)) == ResourceUpdated(ADDRESS)
        (read,) = (await client.read_resource(ADDRESS)).contents
    assert isinstance(read, types.TextResourceContents)
    assert read.text == listed(made.home)
    assert read.text.startswith("1 alert(s) are open")
    assert before.contents[0] != read


@pytest.mark.parametrize("way", ["stdio", "http"])
async def test_who_subscribed_within_a_connection_is_told_until_it_unsubscribes(
    made: TinyHome, way: str
) -> None:
    heard = Heard()
    async with connected(made, way, FORMER, heard) as client:
        assert client.server_capabilities.resources
        assert client.server_capabilities.resources.subscribe
        for address in (ADDRESS, MONTH, "costs://status"):
            await client.session.subscribe_resource(address)
        await client.session.unsubscribe_resource("costs://status")
        await checked(made.home)
        await heard.wait()
        assert heard.addresses == [ADDRESS]


@pytest.mark.parametrize("mode", [MODERN, FORMER])
async def test_another_generation_tells_of_every_figure_that_was_asked_for(made: TinyHome, mode: str) -> None:
    """By whatever puts it in force: a refresh of another process, and a rollback."""
    heard = Heard()
    server = app_at(made.home.path).mcp_server()
    async with Client(server, mode=mode, message_handler=heard) as client:

        async def told_after(change: Callable[[], object]) -> set[str]:
            found: set[str] = set()
            if mode == FORMER:
                heard.addresses.clear()
                heard.news = anyio.Event()
                await anyio.to_thread.run_sync(change)
                while len(heard.addresses) < 2:
                    await heard.wait()
                    heard.news = anyio.Event()
                return set(heard.addresses)
            async with client.listen(resource_subscriptions=addresses) as stream:
                await anyio.to_thread.run_sync(change)
                with anyio.fail_after(PATIENCE):
                    async for event in stream:
                        assert isinstance(event, ResourceUpdated)
                        found.add(event.uri)
                        if len(found) == 2:
                            return found
            raise AssertionError

        addresses = [MONTH, ADDRESS, "skill://cost-sql/SKILL.md"]
        if mode == FORMER:
            for address in addresses:
                await client.session.subscribe_resource(address)
        made.deliver([charge("2")], execution="second")
        assert await told_after(made.refresh) == {MONTH, ADDRESS}
        assert await told_after(lambda: roll_back(made.home, None)) == {MONTH, ADDRESS}


async def test_where_connections_do_not_last_nobody_can_subscribe_in_them(made: TinyHome) -> None:
    with running(app_at(made.home.path).http(), timeout_graceful_shutdown=1) as address:
        async with Client(f"{address}/mcp", mode=FORMER) as client:
            assert client.server_capabilities.resources
            assert not client.server_capabilities.resources.subscribe
            with pytest.raises(MCPError, match="Method not found"):
                await client.session.subscribe_resource(ADDRESS)


async def test_who_left_is_told_no_longer(made: TinyHome) -> None:
    server = app_at(made.home.path).mcp_server()
    heard = Heard()
    async with Client(server, mode=FORMER) as gone:
        await gone.session.subscribe_resource(ADDRESS)
    async with Client(server, mode=FORMER, message_handler=heard) as client:
        await client.session.subscribe_resource(ADDRESS)
        await checked(made.home)
        await heard.wait()


async def test_the_address_is_listed(made: TinyHome) -> None:
    async with Client(app_at(made.home.path).mcp_server()) as client:
        listed_ = {str(r.uri) for r in (await client.list_resources()).resources}
    assert ADDRESS in listed_
