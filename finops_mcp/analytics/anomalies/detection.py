"""From streams to incidents."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.anomalies.alarms import alarms
from finops_mcp.analytics.anomalies.contributions import actual, contributions, expected, fewest
from finops_mcp.analytics.anomalies.episodes import episodes
from finops_mcp.analytics.anomalies.incident import Cause, Incident
from finops_mcp.analytics.anomalies.kinds import kind_of
from finops_mcp.analytics.anomalies.merging import Group, groups_of
from finops_mcp.analytics.anomalies.prepared import Prepared, prepared
from finops_mcp.analytics.anomalies.sensitivity import Settings
from finops_mcp.analytics.daily import DailyCosts

_PAST = 200
_LONGEST = 67
_APART = ("Credit", "Tax")


def detected(costs: DailyCosts, as_of: date, settings: Settings) -> list[Incident]:
    """Tell the incidents that were known on a day, the newest first; credits are looked at by themselves."""
    end = as_of + timedelta(days=1)
    costs = costs.between(end - timedelta(days=settings.judged_days + _PAST), end)
    if not costs.keys or not costs.days:
        return []
    category = costs.dimensions.index("charge_category")
    kinds = [key[category] for key in costs.keys]
    charges = costs.of([at for at, kind in enumerate(kinds) if kind not in _APART])
    lent = costs.of([at for at, kind in enumerate(kinds) if kind == "Credit"])
    lent = replace(lent, amounts=-lent.amounts)
    found = _told(charges, settings) + [
        _lost(one) for one in _told(lent, settings) if one.direction == "fall"
    ]
    return sorted(found, key=lambda i: (-i.start.toordinal(), -abs(i.amount)))


def _told(costs: DailyCosts, settings: Settings) -> list[Incident]:
    if not costs.keys:
        return []
    ready = prepared(costs, settings.unfinished_days)
    judged = ready.days - settings.judged_days
    found = [
        one
        for scope, mine in alarms(ready, settings, max(0, judged - _LONGEST)).items()
        for one in episodes(scope, mine, ready)
    ]
    return [_incident(group, ready) for group in groups_of(found, ready) if group.start >= judged]


def _lost(credit: Incident) -> Incident:
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
            replace(cause, of={**cause.of, "charge_category": "Credit"}, amount=-cause.amount)
            for cause in credit.causes
        ),
    )


def _incident(group: Group, ready: Prepared) -> Incident:
    rows = np.array(sorted(group.rows), dtype=np.intp)
    within = ready.scopes.members[group.scope] if group.wide else rows
    beyond = contributions(ready, within, group.start, group.until)
    chosen = fewest(within, beyond, group.sign) or list(rows)
    cost = float(actual(ready, within, group.start, group.until).sum())
    usual = float(expected(ready, within, group.start, group.until).sum())
    amount = cost - usual
    by_row = dict(zip(within.tolist(), beyond.tolist(), strict=True))
    causes = tuple(
        Cause(ready.scopes.named(row), by_row[row], max(0.0, by_row[row] / amount) if amount else 0.0)
        for row in chosen
    )
    wide = 2 * group.lead.sigma * (group.until - group.start + 1)
    score = max(e.score for e in group.episodes)
    return Incident(
        start=ready.day(group.start),
        end=ready.day(group.until) if group.ended else None,
        direction="rise" if group.sign > 0 else "fall",
        kind=kind_of(group, ready, dict(causes[0].of)),
        actual=cost,
        expected=usual,
        low=usual - wide,
        high=usual + wide,
        confidence=1 - 1 / (1 + score**2),
        causes=causes,
        scope=ready.scopes.named(group.scope),
        days=group.until - group.start + 1,
    )
