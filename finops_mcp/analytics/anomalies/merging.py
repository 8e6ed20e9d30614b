"""Which episodes have one cause? Those of a stream, and of all that sums it up, are told once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from finops_mcp.analytics.anomalies.breadth import everywhere
from finops_mcp.analytics.anomalies.contributions import contributions, expected, fewest
from finops_mcp.analytics.anomalies.episodes import Episode
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.anomalies.replacing import replaced
from finops_mcp.analytics.anomalies.scopes import STREAM, Indices

_TOGETHER = 3
"""Days between starts within which two things are taken to have begun at once."""
_AT_ONCE = 7
"""The same for usage types of one service: a small one is told later than a large one."""
_EXPLAINED = 0.5
"""A wider scope is off because of a narrower one that explains this part of it."""
_SERVICE, _PARTS = 2, 2
"""A sum is off by itself when several parts are; a single one would be off by itself, or it is used to it."""
_FAR_MORE = 2.5
"""What is off by so many times more than the whole is not off because the whole is."""


@dataclass
class Group:
    """Episodes with one cause: the streams it is about, its days, and the scope that these share."""

    lead: Episode
    rows: list[int]
    start: int
    until: int
    ended: bool
    scope: int
    wide: bool = False
    episodes: list[Episode] = field(default_factory=list)

    @property
    def sign(self) -> int:
        """1 where more was spent than expected, -1 where less."""
        return self.lead.sign

    @property
    def score(self) -> float:
        """How many times as far off it was as it had to be, on the day on which it was most."""
        return max(one.score for one in self.episodes)


def groups_of(found: Iterable[Episode], ready: Prepared) -> list[Group]:
    """Join episodes that have one cause, from the finest scopes up."""
    groups: list[Group] = []
    depth = ready.scopes.depths
    for one in sorted(found, key=lambda e: (-depth[e.scope], e.start, e.scope)):
        near = [g for g in groups if _related(g, one, ready)]
        if depth[one.scope] == len(STREAM):
            _join_stream(one, near, groups)
        else:
            _join_sum(one, near, groups, ready)
    return [g for g in groups if g.wide or not replaced(g.rows, g.sign, g.start, g.until, ready)]


def _join_stream(one: Episode, near: list[Group], groups: list[Group]) -> None:
    beside = [g for g in near if abs(g.start - one.start) <= _AT_ONCE]
    if beside:
        _absorb(beside[0], one, [one.scope])
    else:
        groups.append(Group(one, [one.scope], one.start, one.until, one.ended, one.scope, episodes=[one]))


def _join_sum(one: Episode, near: list[Group], groups: list[Group], ready: Prepared) -> None:
    depth = int(ready.scopes.depths[one.scope])
    inside: Indices = ready.scopes.members[one.scope]
    amounts = contributions(ready, inside, one.start, one.until)
    total = one.sign * float(amounts.sum())
    if depth < _SERVICE and everywhere(one, ready):
        _join_all(one, near, groups, ready)
        return
    known = {row for g in near for row in g.rows}
    explained = one.sign * float(sum(a for row, a in zip(inside, amounts, strict=True) if row in known))
    if explained >= _EXPLAINED * total or (near and depth < _SERVICE):
        for group in near:
            if len(group.rows) >= _PARTS and depth == _SERVICE:
                group.episodes.append(one)
        return
    rows = fewest(inside, amounts, one.sign)
    if len(rows) < _PARTS:
        return
    new = Group(one, rows, one.start, one.until, one.ended, one.scope, episodes=[one])
    for group in near:
        if abs(group.start - one.start) <= _TOGETHER:
            joined(new, group)
            groups.remove(group)
    groups.append(new)


def _join_all(one: Episode, near: list[Group], groups: list[Group], ready: Prepared) -> None:
    """Let a scope that is off everywhere stand for what is in it, but for what is off by far more."""
    inside = ready.scopes.members[one.scope]
    whole = _relative(inside, one, ready)
    new = Group(one, [], one.start, one.until, one.ended, one.scope, wide=True, episodes=[one])
    new.rows = fewest(inside, contributions(ready, inside, one.start, one.until), one.sign)
    for group in near:
        at_once = abs(group.start - one.start) <= _AT_ONCE
        if at_once and _relative(np.array(group.rows), one, ready) <= _FAR_MORE * whole:
            new.episodes += group.episodes
            groups.remove(group)
    groups.append(new)


def stand_in(one: Episode, group: Group, groups: list[Group], ready: Prepared) -> None:
    """Let an episode of a wider scope that is off everywhere stand for a group, and for those near it."""
    near = [g for g in groups if not g.wide and _related(g, one, ready)]
    if ready.scopes.depths[one.scope] < _SERVICE:
        _join_all(one, near, groups, ready)
        return
    inside = ready.scopes.members[one.scope]
    rows = fewest(inside, contributions(ready, inside, one.start, one.until), one.sign)
    _absorb(group, one, rows)
    for other in near:
        if other is not group and abs(other.start - one.start) <= _TOGETHER:
            joined(group, other)
            groups.remove(other)


def _relative(rows: Indices, one: Episode, ready: Prepared) -> float:
    usual = float(expected(ready, rows, one.start, one.until).sum())
    beyond = one.sign * float(contributions(ready, rows, one.start, one.until).sum())
    return beyond / usual if usual > 0 else np.inf


def _absorb(group: Group, one: Episode, rows: list[int]) -> None:
    group.episodes.append(one)
    group.rows += [row for row in rows if row not in group.rows]
    group.start = min(group.start, one.start)
    group.until = max(group.until, one.until)
    group.ended = group.ended and one.ended
    if one.score > group.lead.score and not group.wide:
        group.lead = one


def joined(group: Group, other: Group) -> None:
    """Take another group, of the same cause, into a group."""
    for one in other.episodes:
        _absorb(group, one, other.rows)
    group.start, group.until = min(group.start, other.start), max(group.until, other.until)


def _related(group: Group, one: Episode, ready: Prepared) -> bool:
    if group.sign != one.sign or group.start > one.until + _TOGETHER or one.start > group.until + _TOGETHER:
        return False
    keys = ready.scopes.keys
    shared = min(int(ready.scopes.depths[one.scope]), _SERVICE)
    mine = keys[one.scope][:shared]
    return any(keys[row][:shared] == mine for row in group.rows)
