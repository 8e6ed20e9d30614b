"""Where may alerts be sent? The address, the allowed hosts and the secret, checked before any use."""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from finops_mcp.alerts.webhook.secret import secret_of
from finops_mcp.errors import WebhookUnusable
from finops_mcp.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SLACK = ("hooks.slack.com", "hooks.slack-gov.com")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS = {"https": 443, "http": 80}
_NAME_IT = "Name it in FINOPS_ALERT_HOSTS if that is meant."


@dataclass(frozen=True)
class Place:
    """Where alerts are sent, and what allows it. The address may be a secret: its host alone is told."""

    url: SplitResult = field(repr=False)
    host: str
    port: int
    networks: tuple[Network, ...]
    """Addresses that are allowed by number, private ones too."""
    secret: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What it is called in records: its host, and a digest that tells one address there from another."""
        return f"{self.host}#{hashlib.sha256(self.url.geturl().encode()).hexdigest()[:8]}"

    @property
    def is_slack(self) -> bool:
        """Whether Slack itself receives, which is sent the fields that it knows and no others."""
        return self.host in _SLACK

    @property
    def netloc(self) -> str:
        """Its host as HTTP names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.url.scheme] else f"{host}:{self.port}"

    def allowed(self, resolved: Sequence[str]) -> str:
        """Give the address to connect to. Raises WebhookUnusable where any is one that is not allowed.

        All that a name stands for must be allowed: what is checked here is what is connected to.
        """
        if not resolved:
            raise WebhookUnusable(f"{self.host} has no address", "Look whether its name is right.")
        for text in resolved:
            address = ipaddress.ip_address(text)
            if not self._may_reach(address):
                raise WebhookUnusable(f"{self.host} stands for {address}, a private address", _NAME_IT)
            if self.url.scheme == "http" and not _plain(address).is_loopback:
                raise WebhookUnusable(f"{self.host} is not this machine ({address})", "Use https.")
        return resolved[0]

    def _may_reach(self, address: Address) -> bool:
        plain = _plain(address)
        by_number = any(plain in net for net in self.networks if net.version == plain.version)
        own = self.host == "localhost" and plain.is_loopback
        return by_number or own or (plain.is_global and not plain.is_multicast)


def place_of(settings: Settings) -> Place | None:
    """Read where alerts are sent; nothing where that is not set. Raises WebhookUnusable."""
    if not settings.alert_webhook:
        return None
    try:
        url = urlsplit(settings.alert_webhook)
        port = url.port or _PORTS.get(url.scheme, 0)
    except ValueError:
        url, port = SplitResult("", "", "", "", ""), 0
    host = (url.hostname or "").rstrip(".")
    if url.scheme not in _PORTS or not host or not host.isascii() or url.username is not None:
        raise WebhookUnusable(
            "FINOPS_ALERT_WEBHOOK is no address of the form https://host/path",
            "Give one without a user name; write a host of other letters as xn--.",
        )
    names, networks = _named(settings.alert_hosts)
    if host not in names and not any(str(net.network_address) == host for net in networks):
        raise WebhookUnusable(f"FINOPS_ALERT_HOSTS does not name its host, {host}", _NAME_IT)
    if url.scheme == "http" and not _is_this_machine(host):
        raise WebhookUnusable(f"{host} would be sent to without encryption", "Use https.")
    return Place(url, host, port, tuple(networks), secret_of(settings.alert_secret))


def needed(place: Place | None) -> Place:
    """Give the place of who is to send now. Raises WebhookUnusable where none is set."""
    if place is None:
        raise WebhookUnusable(
            "none is set", "Set FINOPS_ALERT_WEBHOOK, FINOPS_ALERT_HOSTS and FINOPS_ALERT_SECRET."
        )
    return place


def _named(hosts: Sequence[str]) -> tuple[set[str], list[Network]]:
    names: set[str] = set()
    networks: list[Network] = []
    for host in hosts:
        try:
            networks.append(ipaddress.ip_network(host.strip("[]"), strict=False))
        except ValueError:
            names.add(host.lower().rstrip("."))
    return names, networks


def _is_this_machine(host: str) -> bool:
    try:
        return _plain(ipaddress.ip_address(host)).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(address: Address) -> Address:
    """Read an IPv4 address that is written as one of IPv6, or reached through one, as what it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
