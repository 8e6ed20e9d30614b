"""Did all of a service, or of an account, move along with the part that was told? Then it is about all."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from finops_mcp.analytics.anomalies.breadth import everywhere
from finops_mcp.analytics.anomalies.contributions import contributions, counted, expected
from finops_mcp.analytics.anomalies.episodes import Episode
from finops_mcp.analytics.anomalies.merging import Group, stand_in
from finops_mcp.analytics.anomalies.prepared import Prepared

_BEYOND = 4.0
"""Standard deviations by which a whole is off when it moved, and did not only wobble."""
_SHARE = 0.15
"""And part of what it was expected to cost: growth is less."""
_YOUNG = 10
"""Days for which a part may be ahead of its whole, which is told by its own size after that."""
_ACCOUNT, _SERVICE = 1, 2


def widened(groups: Sequence[Group], ready: Prepared) -> list[Group]:
    """Let an account, or else a service, stand for its parts where the rest of it moved along with them.

    Small streams are steady and are told first; what they are part of is told by its own size days later.
    """
    scopes = {key: at for at, key in enumerate(ready.scopes.keys) if at >= ready.scopes.streams}
    kept = list(groups)
    for depth in (_ACCOUNT, _SERVICE):
        for group in groups:
            keys = {ready.scopes.keys[row][:depth] for row in group.rows}
            scope = scopes.get(next(iter(keys))) if len(keys) == 1 else None
            young = group.until - group.start < _YOUNG
            if group not in kept or group.wide or scope is None or not young:
                continue
            one = replace(group.lead, scope=scope, start=group.start, until=group.until, ended=group.ended)
            if not _known(one, kept) and _moved(one, ready) and everywhere(one, ready):
                stand_in(one, group, kept, ready)
    return kept


def _known(one: Episode, groups: Sequence[Group]) -> bool:
    return any(
        g.wide
        and g.scope == one.scope
        and g.sign == one.sign
        and g.start <= one.until
        and one.start <= g.until
        for g in groups
    )


def _moved(one: Episode, ready: Prepared) -> bool:
    inside = ready.scopes.members[one.scope]
    beyond = one.sign * float(contributions(ready, inside, one.start, one.until).sum())
    days = counted(ready, one.start, one.until)
    wobble = float(ready.typical[one.scope, max(one.start - 1, 0)]) * np.sqrt(days.stop - days.start)
    usual = float(expected(ready, inside, one.start, one.until).sum())
    return bool(beyond > _BEYOND * wobble and beyond > _SHARE * usual)
