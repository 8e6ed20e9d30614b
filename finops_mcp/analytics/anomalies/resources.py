"""Which resources are behind an incident?"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.anomalies.incident import Cause, Incident
from finops_mcp.analytics.anomalies.scopes import STREAM
from finops_mcp.analytics.daily import DailyCosts, Floats

_BEFORE = 14
"""Days before an incident that tell what a resource was expected to cost."""
_MAIN = 0.5
"""A resource is named when it explains this part of its stream's amount."""
_SHAPES = frozenset({"spike", "shift", "ramp"})


def with_resources(incident: Incident, resources: DailyCosts, as_of: date, unfinished: int) -> Incident:
    """Name the resource behind each cause that has one."""
    costs = resources.by((*STREAM, "resource_id")).until(as_of + timedelta(days=1))
    start = costs.at(incident.start)
    until = min(costs.at(incident.end or as_of), costs.days - 1)
    last = min(until, costs.days - 1 - unfinished)
    last = last if last >= start else until
    found: list[Cause] = []
    ran_away = False
    for cause in incident.causes:
        rows = [
            r
            for r, key in enumerate(costs.keys)
            if all(cause.of.get(n) == v for n, v in zip(STREAM, key, strict=False))
        ]
        if not rows or start < 1:
            found.append(cause)
            continue
        amounts = costs.amounts[rows]
        beyond = _beyond(amounts, start, last)
        sign = 1 if cause.amount > 0 else -1
        best = int(np.argmax(sign * beyond))
        total = float(
            amounts[:, start : last + 1].sum() - len(range(start, last + 1)) * _usual(amounts, start).sum()
        )
        if sign * beyond[best] < _MAIN * sign * total:
            found.append(cause)
            continue
        of = {**cause.of, "resource_id": costs.keys[rows[best]][-1]}
        share = min(1.0, float(beyond[best]) / total) if total else 1.0
        found.append(Cause(of, cause.amount * share, cause.share * share))
        ran_away = ran_away or (cause is incident.causes[0] and len(rows) > 1)
    kind = "runaway_resource" if ran_away and incident.kind in _SHAPES else incident.kind
    return replace(incident, causes=tuple(found), kind=kind)


def _usual(amounts: Floats, start: int) -> Floats:
    return np.asarray(amounts[:, max(start - _BEFORE, 0) : start].mean(axis=1))


def _beyond(amounts: Floats, start: int, last: int) -> Floats:
    """Give what each resource cost beyond what it did before; what took the place of another, less than that.

    A resource that begins on the day another ends is taken to have replaced it.
    """
    days = last + 1 - start
    before = np.array([row[max(start - _BEFORE, 0) : start] for row in amounts])
    usual = np.where(
        (before > 0).any(axis=1),
        np.nan_to_num(before.sum(axis=1) / np.maximum((before > 0).sum(axis=1), 1)),
        0,
    )
    seen = amounts > 0
    beyond = amounts[:, start : last + 1].sum(axis=1) - days * usual
    firsts = np.where(seen.any(axis=1), seen.argmax(axis=1), -1)
    lasts = np.where(seen.any(axis=1), amounts.shape[1] - 1 - seen[:, ::-1].argmax(axis=1), -1)
    for row in np.flatnonzero(firsts >= start - _BEFORE):
        ended = [
            o
            for o in np.flatnonzero(lasts >= 0)
            if o != row and abs(lasts[o] + 1 - firsts[row]) <= 1 and lasts[o] < last
        ]
        for other in ended:
            level = amounts[other, max(lasts[other] - _BEFORE, 0) : lasts[other] + 1]
            level = level[level > 0].mean()
            own = amounts[row, firsts[row] : last + 1]
            if own.size and 0.5 * level <= own[own > 0].mean() <= 2 * level:
                beyond[row] -= level * max(0, last + 1 - max(firsts[row], start)) - (days * usual[row])
                break
    return np.asarray(beyond)
