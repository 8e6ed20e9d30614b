"""From streams to incidents: charges by themselves, and credits by themselves."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.anomalies.alarms import alarms
from finops_mcp.analytics.anomalies.at_once import one_for_many
from finops_mcp.analytics.anomalies.episodes import LONGEST, episodes
from finops_mcp.analytics.anomalies.incident import Incident
from finops_mcp.analytics.anomalies.merging import groups_of
from finops_mcp.analytics.anomalies.prepared import prepared
from finops_mcp.analytics.anomalies.sensitivity import Settings
from finops_mcp.analytics.anomalies.telling import told
from finops_mcp.analytics.anomalies.widening import widened
from finops_mcp.analytics.daily import DailyCosts

FEWEST_DAYS = 14
"""Days that must be known before one is judged: two of each weekday."""
_PAST = 215
"""Days before the judged ones that are read: half a year is more than any test looks back."""
_NOTHING = 0.02
"""A day on which the whole organisation costs less than this part of its usual was not delivered."""
_CREDIT, _TAX = "Credit", "Tax"


def detected(costs: DailyCosts, as_of: date, settings: Settings) -> list[Incident]:
    """Tell the incidents that were known on a day, the newest first, the largest first of a day."""
    end = as_of + timedelta(days=1)
    costs = costs.between(end - timedelta(days=settings.judged_days + _PAST), end)
    if not costs.keys or costs.days <= FEWEST_DAYS:
        return []
    nothing = costs.total < _NOTHING * np.median(costs.total)
    costs = replace(costs, held=costs.held & ~nothing)
    credit = _of(costs, [_CREDIT])
    credit = replace(credit, amounts=-credit.amounts)
    charged = {key[costs.dimensions.index("charge_category")] for key in costs.keys} - {_CREDIT, _TAX}
    found = _found(_of(costs, charged), settings)
    lost = [_as_charge(one) for one in _found(credit, settings) if one.direction == "fall"]
    return sorted(found + lost, key=lambda one: (-one.start.toordinal(), -abs(one.amount)))


def _of(costs: DailyCosts, categories: Iterable[str | None]) -> DailyCosts:
    place = costs.dimensions.index("charge_category")
    wanted = set(categories)
    return costs.of([at for at, key in enumerate(costs.keys) if key[place] in wanted])


def _found(costs: DailyCosts, settings: Settings) -> list[Incident]:
    if not costs.keys:
        return []
    ready = prepared(costs, settings.unfinished_days)
    judged = max(0, ready.days - settings.judged_days)
    off = [
        one
        for scope, mine in alarms(ready, settings, max(FEWEST_DAYS, judged - LONGEST)).items()
        for one in episodes(scope, mine, ready)
    ]
    groups = [one for one in groups_of(off, ready) if one.score >= settings.told_from]
    groups = one_for_many(widened(groups, ready), ready)
    return [one for one in told(groups, costs, ready) if one.start >= ready.day(judged)]


def _as_charge(credit: Incident) -> Incident:
    """Tell of a credit that is less than it was as what it is for the bill: a rise."""
    return replace(
        credit,
        direction="rise",
        kind="credit_expiry",
        actual=-credit.actual,
        expected=-credit.expected,
        low=-credit.high,
        high=-credit.low,
        causes=tuple(
            replace(cause, of={**cause.of, "charge_category": _CREDIT}, amount=-cause.amount)
            for cause in credit.causes
        ),
    )
