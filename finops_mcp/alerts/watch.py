"""Holding the rules against the data: at the end of every refresh, and whenever somebody asks for it."""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio

from finops_mcp.alerts.delivering import Delivered, deliver
from finops_mcp.alerts.fields import told_of
from finops_mcp.alerts.judging import Change, judged
from finops_mcp.alerts.kinds import KINDS
from finops_mcp.alerts.kinds.asking import Kind, Look, looked_safely
from finops_mcp.alerts.reading import kept_rules
from finops_mcp.alerts.rules import Rules
from finops_mcp.alerts.webhook import Place, needed
from finops_mcp.alerts.webhook.message import body_of
from finops_mcp.alerts.webhook.sending import Sender
from finops_mcp.cache.alert_records import AlertRecords, Event, Note
from finops_mcp.cache.freshness import Clock, system_clock
from finops_mcp.cache.home import Home
from finops_mcp.errors import FinopsError, WebhookFailed, WebhookUnusable
from finops_mcp.toolbox.toolbox import Toolbox

WEBHOOK = "webhook"
"""The kind of a note that is about delivery."""
_log = logging.getLogger("finops_mcp.alerts")


@dataclass(frozen=True)
class Checked:
    """What one look came to."""

    open: int
    events: int
    notes: tuple[Note, ...]
    delivered: Delivered | None
    """Nothing where no webhook is set."""


@dataclass(frozen=True)
class Alerts:
    """The alerts of one home."""

    toolbox: Toolbox
    place: Callable[[], Place | None]
    """Where they are sent; nothing where that is not set. Raises WebhookUnusable."""
    clock: Clock = system_clock
    sender: Callable[[Place], Sender] = Sender
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)

    @property
    def home(self) -> Home:
        """Where they are kept."""
        return self.toolbox.cache.home

    def after_refresh(self) -> None:
        """Check, and let no failure be one of the refresh: it is logged, and doctor tells it."""
        try:
            self.check()
        except Exception as error:  # noqa: BLE001 - what was published is published
            said = str(error) if isinstance(error, FinopsError) else f"{type(error).__name__}: {error}"
            _log.warning("Alerts could not be checked: %s", said, exc_info=error)
            try:
                with _alone(self.home), AlertRecords(self.home) as records:
                    records.note_look(_at(self.clock()), (), [Note("rules", said, failed=True)])
            except (FinopsError, OSError):
                _log.warning("That could not be noted", exc_info=True)

    def check(self) -> Checked:
        """Hold the rules against the data, keep what has changed, and send what is to be sent.

        Raises AlertRulesUnreadable and RecordsUnreadable.
        """
        with _alone(self.home.made()), AlertRecords(self.home) as records:
            records.note_refreshes_ended()
            return self._checked(kept_rules(self.home), records)

    def send_test(self) -> str:
        """Send a message that is no alert, and say who took it. Raises WebhookUnusable, WebhookFailed."""
        place = needed(self.place())
        now = self.clock()
        body, message = self.test_body(only_slack=place.is_slack), f"test_{int(now.timestamp())}"
        became = anyio.run(self.sender(place).send, message, body, now)
        if not became.taken:
            raise WebhookFailed(place.host, became.said)
        return place.host

    def test_body(self, *, only_slack: bool) -> bytes:
        """Write the message that is no alert."""
        said = "Nothing is wrong: somebody asked for this test."
        told = {
            "title": "A test of finops-duck's alerts",
            "said": said,
            "threshold": "none",
            "tool": "nothing",
        }
        return body_of(Event(0, _at(self.clock()), "alert.test", "", "", told), only_slack=only_slack)

    def _checked(self, rules: Rules, records: AlertRecords) -> Checked:
        now, kept = self.clock(), records.alerts()
        look = Look(self.toolbox, rules, kept, now)
        looked = [looked_safely(name, kind, look) for name, kind in self.kinds.items()]
        changes = judged(kept, looked, _at(now))
        notes = [Note(each.kind, each.note, each.failed) for each in looked if each.note]
        events = [(c.alert, c.event, _told(c)) for c in changes]
        records.note_look(_at(now), events, notes)
        delivered, failed = self._delivered(records)
        if failed:
            notes.append(failed)
            records.note_look(_at(now), (), notes)
        still_open = sum(alert.is_open for alert in records.alerts())
        return Checked(still_open, sum(bool(c.event) for c in changes), tuple(notes), delivered)

    def _delivered(self, records: AlertRecords) -> tuple[Delivered | None, Note | None]:
        try:
            place = self.place()
            if place is None:
                return None, None
            delivered = anyio.run(deliver, records, place, self.clock, self.sender)
        except WebhookUnusable as error:
            return None, Note(WEBHOOK, str(error), failed=True)
        if not delivered.said:
            return delivered, None
        said = f"{delivered.left} alert(s) are not delivered to {place.host}: {delivered.said}"
        return delivered, Note(WEBHOOK, said, failed=True)


def _told(change: Change) -> dict[str, Any]:
    """Give what an event tells of its alert."""
    return told_of(change.alert) | {"state": change.event.removeprefix("alert.")}


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Hold the right to judge and to send; who comes second waits, and finds it done."""
    with os.fdopen(os.open(home.path / "alerts.lock", os.O_CREAT | os.O_RDWR, 0o600), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
