"""Which incidents touch the days asked about, under which ids, and which of them are muted?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from finops_mcp.analytics.anomalies import Cause, Incident, incidents
from finops_mcp.analytics.incident_ids import incident_id
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.mutes import Mutes
from finops_mcp.errors import RecordsUnreadable, TooFewDays
from finops_mcp.incidents.reading import Asked, Read, read, stretches

LEAST_DAYS = 21
"""With fewer, no weekday has been seen three times: what is usual on it cannot be told."""
_BEFORE = 15
"""An incident that goes on is told, although it began some days before those asked about."""
_NOT_OVER = timedelta(days=7)
"""An incident without an end that was last seen longer ago than this stayed, and is what is usual by now."""


@dataclass(frozen=True)
class Found:
    """An incident with the currency of its amounts, its id, and why it is muted, if it is."""

    id: str
    currency: str
    incident: Incident
    muted: str | None
    goes_on: bool
    """Whether it is still unusual; what stayed for long is usual by now, and was over with its last day."""

    @property
    def cause(self) -> Cause:
        """The first of what explains it."""
        return self.incident.causes[0]

    @property
    def of(self) -> Sequence[Mapping[str, str | None]]:
        """What its charges have in common: those of each of its streams, or of all of its scope."""
        return self.incident.streams or (self.incident.scope,)

    @property
    def shared(self) -> Mapping[str, str | None]:
        """What all its charges have in common."""
        first, *others = self.of
        return {name: value for name, value in first.items() if all(o.get(name) == value for o in others)}

    @property
    def last(self) -> date:
        """Its last day so far: of a fall, the last that is final."""
        return self.incident.start + timedelta(days=self.incident.days - 1)


@dataclass(frozen=True)
class Findings:
    """What was found in all currencies, the largest first within each, and what to know about it."""

    found: Sequence[Found]
    caveats: Sequence[str]


def find(costs: Costs, asked: Asked) -> Findings:
    """Find what was unusual in the days asked about, as known on a day.

    Raises TooFewDays where no currency has days enough, and what a selection raises.
    """
    mutes, caveats = _mutes(costs, asked.day)
    found: list[Found] = []
    short: dict[str, int] = {}
    judged = 0
    for currency in costs.currencies:
        known = read(costs, asked, currency)
        if known is None:
            continue
        if known.days < LEAST_DAYS:
            short[currency] = known.days
            continue
        judged += 1
        caveats += _gaps(known, asked, currency)
        found += _of_currency(known, asked, currency, mutes)
    if short and not judged:
        raise TooFewDays(
            "Anomalies", needed=LEAST_DAYS, held=max(short.values()), when=f"the time up to {asked.day}"
        )
    caveats += [
        f"Nothing is told of {currency}: it has {days} days of charges, and {LEAST_DAYS} are needed."
        for currency, days in short.items()
    ]
    return Findings(found, caveats)


def _of_currency(known: Read, asked: Asked, currency: str, mutes: Mutes) -> list[Found]:
    judged = max((asked.day - asked.start).days + 1 + _BEFORE, asked.settings.judged_days)
    told = []
    for one in incidents(known.streams, asked.day, replace(asked.settings, judged_days=judged)):
        name = incident_id(one.start, one.direction, currency, one.causes[0].of)
        last = one.start + timedelta(days=one.days - 1)
        goes_on = one.end is None and last >= asked.final - _NOT_OVER
        if one.start < asked.end and (goes_on or last >= asked.start):
            told.append(Found(name, currency, one, mutes.reason(name), goes_on))
    return sorted(told, key=lambda f: (-abs(f.incident.amount), f.incident.start, f.id))


def _mutes(costs: Costs, day: date) -> tuple[Mutes, list[str]]:
    try:
        return costs.own.mutes(day), []
    except RecordsUnreadable as error:
        return Mutes([], day), [f"What is muted is not known, and all is told: {error}"]


def _gaps(known: Read, asked: Asked, currency: str) -> list[str]:
    return [
        f"No export tells what payer {payer} ({currency}) used on {stretches(days)}: these days are missing"
        " data, no fall in cost, and nothing is judged by them."
        for payer, days in known.missing(asked.start, asked.end).items()
    ]
