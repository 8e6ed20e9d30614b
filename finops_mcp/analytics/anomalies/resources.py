"""Which resources are behind an incident?"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.anomalies.incident import Cause, Incident
from finops_mcp.analytics.anomalies.scopes import STREAM
from finops_mcp.analytics.daily import DailyCosts, Floats

_RESOURCE = "resource_id"
_BEFORE = 14
"""Days that tell what a resource was expected to cost."""
_UNSEEN = 4
"""Days before an incident that do not: what grows is seen late, and its first days are no habit."""
_MAIN = 0.5
"""A resource is named when it explains this part of its stream's amount."""
_ALIKE = 2.0
"""What takes the place of another costs between half of it and twice as much."""
_SHAPES = frozenset({"spike", "shift", "ramp"})
"""Kinds that say nothing of what is behind them yet."""


def with_resources(incident: Incident, resources: DailyCosts, as_of: date, unfinished: int) -> Incident:
    """Name the resource behind each cause that has one; credits have none."""
    place = resources.dimensions.index("charge_category")
    used = resources.of([at for at, key in enumerate(resources.keys) if key[place] not in {"Credit", "Tax"}])
    costs = used.by((*STREAM, _RESOURCE)).until(as_of + timedelta(days=1))
    start = costs.at(incident.start)
    until = min(costs.at(incident.end or as_of), costs.days - 1)
    last = min(until, costs.days - 1 - unfinished)
    last = last if last >= start else until
    if start < 1 or incident.kind == "credit_expiry":
        return incident
    causes = tuple(_of_resource(cause, costs, start, last) for cause in incident.causes)
    first, beside = causes[0], _rows(causes[0], costs)
    runs_away = _RESOURCE in first.of and len(beside) > 1 and incident.kind in _SHAPES
    return replace(incident, causes=causes, kind="runaway_resource" if runs_away else incident.kind)


def _rows(cause: Cause, costs: DailyCosts) -> list[int]:
    stream = tuple(cause.of.get(name) for name in STREAM)
    return [row for row, key in enumerate(costs.keys) if key[: len(STREAM)] == stream]


def _of_resource(cause: Cause, costs: DailyCosts, start: int, last: int) -> Cause:
    """Name a cause's resource where one explains most of it, and how much of the amount is its own."""
    rows = _rows(cause, costs)
    if not rows:
        return cause
    amounts, held = costs.amounts[rows], np.asarray(costs.held[rows].all(axis=0))
    habit = max(start - _UNSEEN, 1)
    sign = 1 if cause.amount > 0 else -1
    beyond = sign * _beyond(amounts, habit, start, last)
    before = slice(max(habit - _BEFORE, 0), habit)
    usual = float(amounts[:, before].sum()) / max(int(held[before].sum()), 1)
    whole = sign * (float(amounts[:, start : last + 1].sum()) - usual * int(held[start : last + 1].sum()))
    best = int(np.argmax(beyond))
    if beyond[best] <= 0 or beyond[best] < _MAIN * whole:
        return cause
    part = min(1.0, float(beyond[best]) / whole) if whole > 0 else 1.0
    named = {**cause.of, _RESOURCE: costs.keys[rows[best]][-1]}
    return Cause(named, cause.amount * part, cause.share * part)


def _beyond(amounts: Floats, habit: int, start: int, last: int) -> Floats:
    """Give what each resource cost from a start on beyond its habit until then, on days that it was there.

    A resource that begins on the day after another ended, or on that day, and costs about as much is taken to
    have replaced it, and expected to cost what that one did.
    """
    seen = amounts > 0
    first_seen = np.where(seen.any(axis=1), seen.argmax(axis=1), amounts.shape[1])
    last_seen = np.where(seen.any(axis=1), amounts.shape[1] - 1 - seen[:, ::-1].argmax(axis=1), -1)
    usual = _mean_of_use(amounts[:, max(habit - _BEFORE, 0) : habit])
    expected = usual * (last + 1 - start)
    for new in np.flatnonzero((first_seen >= habit) & (first_seen <= last)):
        own = _mean_of_use(amounts[new : new + 1, first_seen[new] : last + 1])[0]
        ended = np.isin(last_seen, (first_seen[new] - 1, first_seen[new])) & (usual > 0)
        alike = ended & (usual <= _ALIKE * own) & (own <= _ALIKE * usual)
        if alike.any():
            old = int(np.argmax(np.where(alike, usual, 0)))
            expected[new] = usual[old] * (last + 1 - max(first_seen[new], start))
            usual[old] = 0.0
    return np.asarray(amounts[:, start : last + 1].sum(axis=1) - expected)


def _mean_of_use(amounts: Floats) -> Floats:
    """Give the mean of the days on which each resource cost something."""
    return np.asarray(amounts.sum(axis=1) / np.maximum((amounts > 0).sum(axis=1), 1))
