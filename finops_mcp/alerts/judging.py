"""What has changed since the last look? Causes held against what is kept; pure, so that it can be proved.

An alert is raised once, however often its cause is seen. It is raised again when it passes a threshold beyond
every one that it passed before, and resolved when its cause is seen no longer. A kind that could not be
looked at whole resolves nothing: not to see is not the same as not to be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from finops_mcp.cache.alert_records import Alert

RAISED, WORSENED, RESOLVED = "alert.raised", "alert.worsened", "alert.resolved"


@dataclass(frozen=True)
class Cause:
    """One thing that a rule finds."""

    kind: str
    identity: str
    """The same from look to look, and of no other cause."""
    rank: int
    """How many thresholds it has passed, at least one."""
    threshold: str
    """The last of them, in words."""
    title: str
    said: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The tool that told it, its arguments, its row, the basis and the caveats."""


@dataclass(frozen=True)
class Looked:
    """What was found of one kind."""

    kind: str
    causes: Sequence[Cause] = ()
    whole: bool = True
    """Whether every cause of the kind would have been seen."""
    unknown: frozenset[str] = frozenset()
    """Identities of which it cannot be told whether they hold."""
    note: str = ""
    """What could not be judged, and why."""
    failed: bool = False
    """Whether that is a fault, and not what the data cannot tell."""


@dataclass(frozen=True)
class Change:
    """An alert as it is from now on, and the event that this is; none where it only goes on."""

    alert: Alert
    event: str = ""


def judged(kept: Iterable[Alert], looked: Iterable[Looked], now: str) -> list[Change]:
    """Say what is to be kept of each alert that is seen, or seen no longer, as of `now`."""
    known = {alert.identity: alert for alert in kept}
    changes: dict[str, Change] = {}
    whole: set[str] = set()
    unknown: set[str] = set()
    for each in looked:
        whole |= {each.kind} if each.whole else set()
        unknown |= each.unknown
        for cause in each.causes:
            changes[cause.identity] = _seen(known.get(cause.identity), cause, now)
    left = [a for a in known.values() if a.is_open and a.identity not in {*changes, *unknown}]
    gone = [a for a in left if a.kind in whole]
    return [*changes.values(), *(Change(replace(a, resolved_at=now), RESOLVED) for a in gone)]


def _seen(before: Alert | None, cause: Cause, now: str) -> Change:
    as_seen = Alert(
        cause.identity,
        cause.kind,
        cause.rank,
        cause.threshold,
        cause.title,
        cause.said,
        cause.facts,
        first_seen=now,
        last_seen=now,
        raised_at=now,
    )
    if before is None:
        return Change(as_seen, RAISED)
    if not before.is_open:
        return Change(replace(as_seen, times_raised=before.times_raised + 1), RAISED)
    worse = cause.rank > before.rank
    alert = replace(
        as_seen,
        rank=max(cause.rank, before.rank),
        threshold=cause.threshold if cause.rank >= before.rank else before.threshold,
        first_seen=before.first_seen,
        raised_at=now if worse else before.raised_at,
        times_raised=before.times_raised + worse,
    )
    return Change(alert, WORSENED if worse else "")
