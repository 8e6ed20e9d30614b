"""Which incidents are not to be told of, why, and how long? What people said of them, kept in the home."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from finops_mcp.analytics.incident_ids import is_incident_id, same_incident
from finops_mcp.cache.home import Home
from finops_mcp.cache.records import MuteRecord, Records
from finops_mcp.errors import InvalidArgument


@dataclass(frozen=True)
class Mutes:
    """What is muted, as of a day of the data."""

    records: Sequence[MuteRecord]
    day: date

    def reason(self, incident: str) -> str | None:
        """Say why an incident is muted; nothing where it is not, or no longer."""
        for record in self.records:
            over = record.until and date.fromisoformat(record.until) <= self.day
            if not over and same_incident(record.incident, incident):
                return record.reason
        return None


def mute(home: Home, incidents: Iterable[str], reason: str, until: date | None) -> None:
    """Keep incidents from being told of, up to the day before `until`. Raises InvalidArgument."""
    if not reason.strip():
        raise InvalidArgument("A reason is needed: it is shown to whoever asks for what is muted.")
    with Records(home) as records:
        for incident in _ids(incidents):
            records.note_mute(MuteRecord(incident, reason.strip(), until.isoformat() if until else ""))


def unmute(home: Home, incidents: Iterable[str]) -> int:
    """Have incidents told of again, and say how many were muted. Raises InvalidArgument."""
    asked = _ids(incidents)
    with Records(home) as records:
        known = [m.incident for m in records.mutes()]
        ended = [k for k in known if any(same_incident(k, each) for each in asked)]
        if ended:
            records.end_mutes(ended)
    return len(ended)


def muted(home: Home) -> list[MuteRecord]:
    """List what is muted, the oldest incident first."""
    with Records(home) as records:
        return records.mutes()


def _ids(incidents: Iterable[str]) -> list[str]:
    found = list(incidents)
    for each in found:
        if not is_incident_id(each):
            raise InvalidArgument(
                f"{each!r} is not the id of an incident, such as 2026-03-09-1a2b3c4d:"
                " `finops-duck ask cost_anomalies` shows the ids."
            )
    return found
