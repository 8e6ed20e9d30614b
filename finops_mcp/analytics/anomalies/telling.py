"""From groups of episodes to what is told of them."""

from collections.abc import Sequence

import numpy as np

from finops_mcp.analytics.anomalies.contributions import actual, contributions, expected, fewest
from finops_mcp.analytics.anomalies.incident import Cause, Incident, Kind
from finops_mcp.analytics.anomalies.kinds import kind_of
from finops_mcp.analytics.anomalies.merging import Group, joined
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.anomalies.scopes import STREAM, Indices
from finops_mcp.analytics.daily import DailyCosts

_SAME_CAUSE: dict[Kind, tuple[tuple[str, ...], int]] = {
    "commitment_expiry": ((), 1),
    "new_account": (STREAM[:1], 7),
    "new_region": ((STREAM[0], STREAM[2]), 3),
}
"""Kinds of which several are one: when they share these dimensions, and began within so many days."""
_WIDTH = 2.0
"""An expected range is so many standard deviations to each side: nineteen days in twenty are inside."""


def told(groups: Sequence[Group], charges: DailyCosts, ready: Prepared) -> list[Incident]:
    """Tell each group, and those of one cause together."""
    kinds: list[tuple[Group, Kind]] = []
    for group in groups:
        kind = kind_of(group, _named(group, ready), charges, ready)
        same = next((one for one, other in kinds if other == kind and _same(one, group, kind, ready)), None)
        if same is None:
            kinds.append((group, kind))
        else:
            joined(same, group)
    return [_incident(group, kind, ready) for group, kind in kinds]


def _same(one: Group, other: Group, kind: Kind, ready: Prepared) -> bool:
    if kind not in _SAME_CAUSE or one.sign != other.sign:
        return False
    dimensions, days = _SAME_CAUSE[kind]
    mine, its = _named(one, ready), _named(other, ready)
    return abs(one.start - other.start) <= days and all(mine[name] == its[name] for name in dimensions)


def _streams(group: Group, ready: Prepared) -> Indices:
    if group.wide:
        return ready.scopes.members[group.scope]
    return np.array(sorted(group.rows), dtype=np.intp)


def _named(group: Group, ready: Prepared) -> dict[str, str | None]:
    """Name the largest stream of a group."""
    rows = _streams(group, ready)
    sizes = group.sign * contributions(ready, rows, group.start, group.until)
    return dict(ready.scopes.named(int(rows[np.argmax(sizes)])))


def _incident(group: Group, kind: Kind, ready: Prepared) -> Incident:
    rows = _streams(group, ready)
    beyond = contributions(ready, rows, group.start, group.until)
    amounts = dict(zip(rows.tolist(), beyond.tolist(), strict=True))
    chosen = fewest(rows, beyond, group.sign) or rows.tolist()
    cost = float(actual(ready, rows, group.start, group.until).sum())
    usual = float(expected(ready, rows, group.start, group.until).sum())
    days = group.until - group.start + 1
    around = _WIDTH * group.lead.sigma * days
    return Incident(
        start=ready.day(group.start),
        end=ready.day(group.until) if group.ended else None,
        direction="rise" if group.sign > 0 else "fall",
        kind=kind,
        actual=cost,
        expected=usual,
        low=usual - around,
        high=usual + around,
        confidence=1 - 1 / (1 + group.score**2),
        causes=tuple(_cause(row, amounts[row], cost - usual, ready) for row in chosen),
        scope=_scope(group, ready),
        days=days,
        streams=() if group.wide else tuple(ready.scopes.named(row) for row in rows),
    )


def _cause(row: int, amount: float, whole: float, ready: Prepared) -> Cause:
    return Cause(ready.scopes.named(row), amount, max(0.0, amount / whole) if whole else 0.0)


def _scope(group: Group, ready: Prepared) -> dict[str, str | None]:
    """Give the dimensions that all its streams share."""
    if group.wide:
        return dict(ready.scopes.named(group.scope))
    keys = [ready.scopes.keys[row] for row in group.rows]
    return {
        name: keys[0][place] for place, name in enumerate(STREAM) if len({key[place] for key in keys}) == 1
    }
