"""Which events are sent to the webhook? How each alert stands now, once; what was not taken, again later."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from finops_mcp.alerts.judging import RAISED, RESOLVED
from finops_mcp.alerts.webhook.message import body_of
from finops_mcp.alerts.webhook.place import Place
from finops_mcp.alerts.webhook.sending import Sender, Sent
from finops_mcp.cache.alert_records import AlertRecords, Delivery, Event
from finops_mcp.cache.freshness import Clock

MOST_AT_ONCE = 20
"""Messages of one round: who receives them should be able to read them. The others follow in the next."""
SECONDS_IN_ALL = 30
"""After so long nothing more is tried in a round, since somebody may wait for the refresh before it."""


@dataclass(frozen=True)
class Delivered:
    """What one round came to."""

    taken: int = 0
    left: int = 0
    said: str = ""
    """Why the first that was not taken was not."""


def to_send(events: Sequence[Event], sent: Mapping[int, Delivery], now: datetime) -> list[Event]:
    """List the events that one place is still to be sent, the oldest first.

    Of each alert the last event alone counts: how it stands. That it is over is told to who was told of it.
    """
    told: dict[str, bool] = {}
    last: dict[str, Event] = {}
    for event in events:
        if not event.identity:
            continue
        if event.name == RAISED:
            told[event.identity] = False
        before = sent.get(event.id)
        told[event.identity] = told.get(event.identity, False) or bool(before and before.delivered_at)
        last[event.identity] = event
    return [
        event
        for event in sorted(last.values(), key=lambda e: e.id)
        if _is_due(sent.get(event.id), now) and (event.name != RESOLVED or told[event.identity])
    ]


async def deliver(
    records: AlertRecords, place: Place, clock: Clock, sender: Callable[[Place], Sender] = Sender
) -> Delivered:
    """Send what is to be sent, and keep what became of it. Raises WebhookUnusable."""
    sends, now = sender(place), clock()
    until = now + timedelta(seconds=SECONDS_IN_ALL)
    sent = records.deliveries(place.name)
    due = to_send(records.events(), sent, now)
    taken, said = 0, ""
    for event in due[:MOST_AT_ONCE]:
        body = body_of(event, only_slack=place.is_slack)
        became = await sends.send(event.message, body, until)
        before = sent.get(event.id)
        records.note_delivery(_noted(event, place, became, before.attempts if before else 0, clock()))
        taken += became.taken
        said = said or ("" if became.taken else became.said)
        if became.hopeless or clock() >= until:
            break
    return Delivered(taken, len(due) - taken, said)


def _is_due(before: Delivery | None, now: datetime) -> bool:
    if before is None:
        return True
    later = before.not_before and datetime.fromisoformat(before.not_before) > now
    return not (before.delivered_at or later)


def _noted(event: Event, place: Place, became: Sent, tries_before: int, now: datetime) -> Delivery:
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    later = became.not_before.isoformat(timespec="seconds") if became.not_before else ""
    return Delivery(
        event.id,
        place.name,
        tries_before + became.tries,
        at,
        not_before=later,
        delivered_at=at if became.taken else "",
        said=became.said,
    )
