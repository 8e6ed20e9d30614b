"""How good were the alarms, held against the labels?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from benchmarks.anomalies.replay import Detector, Replay, Report, foremost, replay, second_look
from benchmarks.anomalies.truth import CAUSE, Event, Organisation

GRACE = 2
"""Days by which an incident may miss the days of its surprise."""
STALE = 7
"""Days before a surprise from which on an incident that covers it is about something else."""
A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Found:
    """How a surprise was told: after how many days, and whether its cause was named first or among three."""

    event: Event
    delay: int | None = None
    first: bool = False
    third: bool = False


@dataclass
class Score:
    """What counts, over any number of organisations."""

    found: list[Found] = field(default_factory=list)
    false_alarms: list[Report] = field(default_factory=list)
    account_months: float = 0.0
    seconds: list[float] = field(default_factory=list)

    @classmethod
    def of_all(cls, scores: Iterable["Score"]) -> Self:
        """Put scores together."""
        whole = cls()
        for score in scores:
            whole.found += score.found
            whole.false_alarms += score.false_alarms
            whole.account_months += score.account_months
            whole.seconds += score.seconds
        return whole

    @property
    def hits(self) -> list[Found]:
        """The surprises that were told in time."""
        return [found for found in self.found if found.delay is not None]

    @property
    def precision(self) -> float:
        """How many alarms were of a surprise."""
        return _ratio(len(self.hits), len(self.hits) + len(self.false_alarms))

    @property
    def recall(self) -> float:
        """How many surprises were told."""
        return _ratio(len(self.hits), len(self.found))

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)

    @property
    def money_recall(self) -> float:
        """How much of the money of surprises was of told ones."""
        return _ratio(sum(f.event.money for f in self.hits), sum(f.event.money for f in self.found))

    @property
    def alarms_a_month(self) -> float:
        """False alarms for each account and month."""
        return _ratio(len(self.false_alarms), self.account_months)

    @property
    def delay(self) -> float:
        """Days from the first day of a surprise to its alarm, on average."""
        return _ratio(sum(found.delay or 0 for found in self.hits), len(self.hits))

    def named(self, *, first: bool) -> float:
        """How often the cause of what was told came first, or among the first three."""
        return _ratio(sum(f.first if first else f.third for f in self.hits), len(self.hits))

    def of(self, kind: str) -> "Score":
        """Keep the surprises of a kind."""
        return Score([found for found in self.found if found.event.kind == kind])


def judge(organisations: Iterable[Organisation], detector: Detector) -> Score:
    """Replay organisations and score what was told of them."""
    return Score.of_all(scored(known, replay(known, detector), detector) for known in organisations)


def scored(organisation: Organisation, told: Replay, detector: Detector) -> Score:
    """Hold the alarms of one organisation against its labels.

    The first alarm that is about a surprise tells it; others about the same are false, and so is one about
    nothing. An alarm about an earlier surprise, or that stood before the judged days, is neither.
    """
    about: dict[int, list[Report]] = {}
    false: list[Report] = []
    for alarm in (*told.known, *told.alarms):
        new = alarm in told.known
        for number, event in enumerate(organisation.events):
            report = next((r for r in alarm.reports if tells(r, event, organisation)), None)
            if report is not None:
                new = new or not event.judged or number not in about
                about.setdefault(number, []).append(report)
        if not new:
            false.append(alarm.reports[0])
    found = [
        _found(organisation, event, about.get(number, []), detector)
        for number, event in enumerate(organisation.events)
        if event.judged
    ]
    months = organisation.accounts * len(organisation.judged) / A_MONTH
    return Score(found, false, months, told.seconds)


def tells(report: Report, event: Event, organisation: Organisation) -> bool:
    """Tell whether an incident is about a surprise: its direction, its days, its account and service."""
    incident, day = report.incident, organisation.final.day
    ends = incident.end or day(report.at)
    return (
        incident.direction == event.direction
        and report.at >= event.start
        and incident.start <= day(event.end - 1) + timedelta(days=GRACE)
        and ends >= day(event.start) - timedelta(days=GRACE)
        and incident.start >= day(event.start) - timedelta(days=STALE)
        and any(_names(cause.of, event, organisation, CAUSE[:2]) for cause in foremost(incident))
    )


def _found(organisation: Organisation, event: Event, reports: list[Report], detector: Detector) -> Found:
    report = min(reports, key=lambda report: report.at, default=None)
    account = organisation.keys[event.main[0]][0]
    missing = organisation.arrival.missing(account, event.start, event.start + event.within)
    if report is None or report.at - event.start > event.within + missing:
        return Found(event)
    causes = foremost(second_look(organisation, detector, report))
    right = [
        _names(cause.of, event, organisation, CAUSE) and event.resource in (None, cause.of.get("resource_id"))
        for cause in causes
    ]
    return Found(event, report.at - event.start, right[:1] == [True], any(right))


def _names(
    cause: Mapping[str, str | None], event: Event, organisation: Organisation, dimensions: tuple[str, ...]
) -> bool:
    """Tell whether a cause is one of the streams of a surprise, named by all that they have in common."""
    streams = [dict(zip(CAUSE, organisation.keys[row], strict=False)) for row in event.main]
    common = [name for name in dimensions if len({stream[name] for stream in streams}) == 1]
    return all(name in cause for name in common) and any(
        all(cause[name] == stream[name] for name in dimensions if name in cause) for stream in streams
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
