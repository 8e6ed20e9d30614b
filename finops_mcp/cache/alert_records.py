"""What is remembered of alerts: each one, the events that they and refreshes were, what was sent where."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from finops_mcp.cache.records import Records

MOST_EVENTS = 10_000
"""So many events are kept, the newest; who was away for longer reads the alerts themselves."""
MOST_RESOLVED = 1_000
"""So many alerts that are resolved are kept, those that were raised last."""


@dataclass(frozen=True)
class Alert:
    """One alert as it is kept. Times are UTC, in ISO 8601; `resolved_at` is empty while it is open."""

    identity: str
    kind: str
    rank: int
    threshold: str
    title: str
    said: str
    facts: Mapping[str, Any]
    first_seen: str
    last_seen: str
    raised_at: str
    resolved_at: str = ""
    times_raised: int = 1

    @property
    def is_open(self) -> bool:
        """Whether its cause was seen at the last look that could see it."""
        return not self.resolved_at


@dataclass(frozen=True)
class Event:
    """Something that happened: an alert raised, worsened or resolved, or a refresh that ended."""

    id: int
    at: str
    name: str
    identity: str
    """Of its alert; empty for a refresh."""
    message: str
    """Under which id it is sent, whenever and however often."""
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Delivery:
    """How far one event has got to one place."""

    event: int
    place: str
    attempts: int
    last_at: str
    not_before: str
    """The receiver asked not to be tried again before then; empty where it did not."""
    delivered_at: str
    """Empty until it was taken."""
    said: str
    """What became of the last attempt."""


@dataclass(frozen=True)
class Note:
    """What could not be judged at the last look, and whether that is a fault."""

    kind: str
    said: str
    failed: bool


class AlertRecords(Records):
    """The part of a home's records that is about alerts. Raises RecordsUnreadable."""

    def alerts(self) -> list[Alert]:
        """List every alert, the one that was raised last first."""
        rows = self._rows("select * from alerts order by raised_at desc, identity")
        return [Alert(**{**row, "facts": json.loads(row["facts"])}) for row in rows]

    def note_look(
        self, at: str, changed: Iterable[tuple[Alert, str, Mapping[str, Any]]], notes: Sequence[Note]
    ) -> None:
        """Keep alerts as they are from now on, with their events, and what could not be judged; all or none.

        Of each alert: the name of its event, empty for none, and what is told of it.
        """
        with self._writing() as db:
            for alert, name, data in changed:
                row = {**asdict(alert), "facts": json.dumps(alert.facts)}
                db.table("alerts").insert(row, replace=True)
                if name:
                    db.table("events").insert(_event(at, name, data, identity=alert.identity))
            db.execute("delete from alert_looks")
            told = json.dumps([asdict(note) for note in notes])
            db.table("alert_looks").insert({"at": at, "notes": told})
            db.execute(
                "delete from alerts where identity in (select identity from alerts where resolved_at <> ''"
                " order by raised_at desc, identity limit -1 offset ?)",
                [MOST_RESOLVED],
            )
            db.execute("delete from events where id <= (select max(id) from events) - ?", [MOST_EVENTS])
            db.execute("delete from deliveries where event not in (select id from events)")

    def note_refreshes_ended(self) -> None:
        """Make an event of each refresh that ended since the last one that was made an event."""
        with self._writing() as db:
            found = db.query(
                "select * from refreshes where id > coalesce((select nullif(max(refresh), 0) from events),"
                " (select max(id) - 1 from refreshes)) order by id"
            )
            for row in list(found):
                ended = {name: row[name] for name in ("began_at", "seconds", "outcome", "said", "loaded")}
                told = ended | {"generation": row["generation"]}
                name = f"refresh.{row['outcome']}"
                db.table("events").insert(_event(row["began_at"], name, told, refresh=row["id"]))

    def last_look(self) -> tuple[str, list[Note]]:
        """Say when rules were last held against the data, and what could not be judged; "" for never."""
        rows = self._rows("select * from alert_looks")
        return (rows[0]["at"], [Note(**note) for note in json.loads(rows[0]["notes"])]) if rows else ("", [])

    def events(self, after: int = 0) -> list[Event]:
        """List the events after one, the oldest first."""
        rows = self._rows(f"select {_EVENT} from events where id > ? order by id", after)
        return [Event(**{**row, "data": json.loads(row["data"])}) for row in rows]

    def last_event(self) -> int:
        """Give the number of the newest event; 0 before the first."""
        rows = self._rows("select coalesce(max(id), 0) as id from events")
        return rows[0]["id"] if rows else 0

    def deliveries(self, place: str) -> dict[int, Delivery]:
        """Give what was sent to a place, or could not be, by event."""
        rows = self._rows("select * from deliveries where place = ?", place)
        return {row["event"]: Delivery(**row) for row in rows}

    def sent_of_alerts(self) -> dict[str, list[dict[str, Any]]]:
        """Give what became of each event that was to be sent, by its alert, the oldest first."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows(
            "select e.identity, e.name, d.place, d.attempts, d.last_at, d.delivered_at, d.said"
            " from deliveries as d join events as e on e.id = d.event order by e.id, d.place"
        ):
            found.setdefault(row.pop("identity"), []).append(row)
        return found

    def note_delivery(self, delivery: Delivery) -> None:
        """Keep how far an event has got to a place."""
        with self._writing() as db:
            db.table("deliveries").insert(asdict(delivery), replace=True)

    def forget_alerts(self, is_about: Callable[[str], bool]) -> int:
        """Remove the alerts whose texts or figures are about something, and say how many."""
        found = [
            row["identity"]
            for row in self._rows("select * from alerts")
            if is_about(" ".join((row["identity"], row["title"], row["said"], row["facts"])))
        ]
        events = [row["id"] for row in self._rows("select * from events") if is_about(row["data"])]
        looked = any(is_about(row["notes"]) for row in self._rows("select notes from alert_looks"))
        if found or events or looked:
            with self._writing() as db:
                if looked:
                    db.execute("delete from alert_looks")
                for identity in found:
                    db.execute("delete from alerts where identity = ?", [identity])
                    db.execute("delete from events where identity = ?", [identity])
                for event in events:  # that a refresh was told of is remembered, or it would be told again
                    db.execute("delete from events where id = ? and refresh = 0", [event])
                    db.execute("update events set data = '{}' where id = ?", [event])
                db.execute("delete from deliveries where event not in (select id from events)")
        return len(found)


_EVENT = ", ".join(Event.__dataclass_fields__)


def _event(
    at: str, name: str, data: Mapping[str, Any], *, identity: str = "", refresh: int = 0
) -> dict[str, Any]:
    return {
        "at": at,
        "name": name,
        "identity": identity,
        "refresh": refresh,
        "message": f"msg_{uuid.uuid4().hex}",
        "data": json.dumps(data),
    }
