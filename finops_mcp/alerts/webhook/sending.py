"""One message sent to a webhook: signed, to the address that was checked, again where that may help."""

import random
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

import anyio

from finops_mcp.alerts.webhook.place import Place
from finops_mcp.alerts.webhook.secret import signature
from finops_mcp.cache.freshness import Clock, system_clock

if TYPE_CHECKING:
    from httpx2 import AsyncClient

TRIES = 4
FIRST_WAIT = 0.5
"""Seconds before the second try, on average twice as many before each one after it."""
SECONDS_FOR_ONE = 10.0
"""Longest that a receiver may take to answer, whatever it sends meanwhile."""


_DAY = 86_400.0


@dataclass(frozen=True)
class Sent:
    """What became of a message: taken or not, after how many tries, in words, and when to try it again."""

    taken: bool
    tries: int
    said: str
    not_before: datetime | None = None
    hopeless: bool = False
    """Whether other messages would fare no better now."""


@dataclass(frozen=True)
class _Answer:
    status: int
    retry_after: str


@dataclass(frozen=True)
class Sender:
    """Sends to one place, within the time that there is."""

    place: Place
    clock: Clock = system_clock
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep

    async def send(self, message: str, body: bytes, until: datetime) -> Sent:
        """Send a message under its id until it is taken, refused, or there is no time left.

        Raises WebhookUnusable where the host stands for an address that is not allowed.
        """
        said, tries = "", 0
        while tries < TRIES:
            tries += 1
            answer, said = await self._tried(message, body)
            if answer and HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                return Sent(taken=True, tries=tries, said=said)
            if answer and not _may_pass(answer.status):
                return Sent(taken=False, tries=tries, said=said)
            asked = _asked_to_wait(answer.retry_after, self.clock()) if answer else None
            wait = asked if asked is not None else _by_chance(tries)
            again = self.clock() + timedelta(seconds=wait)
            if again > until:
                return Sent(
                    taken=False, tries=tries, said=said, not_before=again if asked else None, hopeless=True
                )
            if tries < TRIES:
                await self.sleep(wait)
        return Sent(taken=False, tries=tries, said=said, hopeless=True)

    async def _tried(self, message: str, body: bytes) -> tuple[_Answer | None, str]:
        import httpx2

        try:
            with anyio.fail_after(SECONDS_FOR_ONE):
                address = await self._address()
                # The transport alone heeds the environment, which may name certificates; no proxy is used.
                transport = httpx2.AsyncHTTPTransport()
                async with httpx2.AsyncClient(
                    transport=transport, trust_env=False, follow_redirects=False, timeout=SECONDS_FOR_ONE
                ) as client:
                    answer = await self._posted(client, address, message, body)
        except TimeoutError:
            return None, f"it did not answer within {SECONDS_FOR_ONE:g} s"
        except OSError as error:
            return None, f"its name could not be looked up ({error.strerror or error})"
        except httpx2.HTTPError as error:  # what it says may name the address, which may be a secret
            return None, f"it could not be reached ({type(error).__name__})"
        return answer, _told(answer.status)

    async def _posted(self, client: "AsyncClient", address: str, message: str, body: bytes) -> _Answer:
        """Post to the very address that was checked; the certificate must be of the name, as ever."""
        place, now = self.place, int(self.clock().timestamp())
        host = f"[{address}]" if isinstance(ip_address(address), IPv6Address) else address
        headers = {
            "host": place.netloc,
            "content-type": "application/json",
            "user-agent": f"finops-duck/{version('finops-duck')}",
            "webhook-id": message,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(place.secret, message, now, body),
        }
        url = place.url._replace(netloc=f"{host}:{place.port}", fragment="").geturl()
        known_as = {"sni_hostname": place.host} if place.url.scheme == "https" else {}
        async with client.stream("POST", url, content=body, headers=headers, extensions=known_as) as answer:
            return _Answer(answer.status_code, answer.headers.get("retry-after", ""))

    async def _address(self) -> str:
        found = await anyio.getaddrinfo(self.place.host, self.place.port, type=socket.SOCK_STREAM)
        return self.place.allowed([str(each[4][0]).partition("%")[0] for each in found])


def _may_pass(status: int) -> bool:
    """Tell whether the same message may be taken a little later."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }


def _asked_to_wait(said: str, now: datetime) -> float | None:
    """Read for how many seconds a receiver asks not to be tried again; nothing where it does not."""
    if said.isdecimal():
        return min(float(said), _DAY)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    left: timedelta = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(left.total_seconds(), 0.0), _DAY)


def _by_chance(tries: int) -> float:
    """Give how long to wait before the next try: longer each time, and not all senders at once."""
    return random.uniform(0.5, 1.5) * FIRST_WAIT * 2.0 ** (tries - 1)  # noqa: S311 - no secret


def _told(status: int) -> str:
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"it answered {status}, a redirect, which is not followed"
    return f"it answered {status}"
