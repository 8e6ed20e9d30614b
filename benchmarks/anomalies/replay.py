"""What did a detector tell, day by day, when it saw only what the export held?"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from benchmarks.anomalies.truth import CAUSE, DIMENSIONS, Organisation
from finops_mcp.analytics.anomalies import Cause, Incident
from finops_mcp.analytics.daily import DailyCosts

FOREMOST = 3
"""Causes of an incident that count: what is named after them is not looked at by anybody."""

Look = Callable[[DailyCosts, date], list[Incident]]
LookAgain = Callable[[Incident, DailyCosts, date], Incident]


@dataclass(frozen=True)
class Detector:
    """Something that tells incidents, and perhaps looks a second time, at resources."""

    name: str
    look: Look
    again: LookAgain | None = None


@dataclass(frozen=True)
class Report:
    """An incident as it was told on the day of a column."""

    at: int
    incident: Incident


@dataclass
class Alarm:
    """The reports of one incident: what a person would take for the same thing, and be alarmed by once."""

    reports: list[Report] = field(default_factory=list)

    def goes_on(self, incident: Incident, as_of: date) -> bool:
        """Tell whether an incident is this one: it shares days, direction and a cause with the last."""
        last = self.reports[-1].incident
        return (
            last.direction == incident.direction
            and last.start <= (incident.end or as_of)
            and incident.start <= (last.end or as_of)
            and any(agree(one.of, other.of) for one in foremost(last) for other in foremost(incident))
        )

    def days_from(self, start: date) -> int:
        """Tell how many days a start is from that of its last report."""
        return abs((self.reports[-1].incident.start - start).days)


@dataclass(frozen=True)
class Replay:
    """All alarms of a replay, and the seconds that each look took. Known ones stood before."""

    alarms: list[Alarm]
    known: list[Alarm]
    seconds: list[float]


def foremost(incident: Incident) -> tuple[Cause, ...]:
    """Give the causes that count."""
    return incident.causes[:FOREMOST]


def agree(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    """Tell whether two causes name nothing different, and something alike."""
    both = [name for name in CAUSE if name in one and name in other]
    return bool(both) and all(one[name] == other[name] for name in both)


def replay(organisation: Organisation, detector: Detector) -> Replay:
    """Ask a detector on the day before the judged days and on each of them."""
    final = organisation.final
    alarms: list[Alarm] = []
    known: list[Alarm] = []
    seconds: list[float] = []
    for at in (organisation.judged_from - 1, *organisation.judged):
        if not organisation.arrival.told_on(at):
            continue
        seen, as_of = organisation.held_on(at, final), final.day(at)
        began = time.perf_counter()
        told = detector.look(seen, as_of)
        seconds.append(time.perf_counter() - began)
        for incident in told:
            same = [alarm for alarm in (*known, *alarms) if alarm.goes_on(incident, as_of)]
            alarm = min(same, key=lambda alarm: alarm.days_from(incident.start), default=None)
            if alarm is None:
                alarm = Alarm()
                (alarms if at in organisation.judged else known).append(alarm)
            alarm.reports.append(Report(at, incident))
    return Replay(alarms, known, seconds)


def second_look(organisation: Organisation, detector: Detector, report: Report) -> Incident:
    """Let a detector look at the resources behind the causes of what it told."""
    if detector.again is None:
        return report.incident
    rows = [
        row
        for row, key in enumerate(organisation.keys)
        if any(agree(dict(zip(DIMENSIONS, key, strict=True)), cause.of) for cause in report.incident.causes)
    ]
    resources = organisation.held_on(report.at, organisation.resources(rows))
    return detector.again(report.incident, resources, resources.last_day)
