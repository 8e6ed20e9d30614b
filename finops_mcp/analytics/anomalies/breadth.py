"""Is it off everywhere in a scope, and by about as much, or in one part of it?"""

import numpy as np

from finops_mcp.analytics.anomalies.contributions import contributions, expected
from finops_mcp.analytics.anomalies.episodes import Episode
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.daily import Key

_FEWEST_PARTS = 3
_SERVICE = 2
_MOST = 0.6
"""The part of a scope, its largest part apart, that moves along when all of it does."""
_ALONG = 0.4
"""A part moves along when it is off by this part of what the whole is, relative to its cost."""


def everywhere(one: Episode, ready: Prepared) -> bool:
    """Tell whether most parts of a scope are off together: accounts of all, services, or streams of one.

    Parts that had no cost before cannot move along; where they make up what is off, it is about them.
    """
    inside = ready.scopes.members[one.scope]
    depth = int(ready.scopes.depths[one.scope])
    beyond = contributions(ready, inside, one.start, one.until)
    usual = expected(ready, inside, one.start, one.until)
    parts: dict[str | Key | None, list[float]] = {}
    for row, off, cost in zip(inside, beyond, usual, strict=True):
        key = ready.scopes.keys[row]
        sums = parts.setdefault(key[depth:] if depth == _SERVICE else key[depth], [0.0, 0.0])
        sums[0] += float(off)
        sums[1] += float(cost)
    moved = np.array([p for p in parts.values() if p[1] > 0])
    if len(moved) < _FEWEST_PARTS or beyond.sum() * one.sign <= 0:
        return False
    if one.sign * moved[:, 0].sum() < _MOST * one.sign * beyond.sum():
        return False
    relative = moved[:, 0] / moved[:, 1]
    along = one.sign * relative >= _ALONG * one.sign * moved[:, 0].sum() / moved[:, 1].sum()
    others = np.ones(len(moved), dtype=np.bool_)
    others[np.argmax(one.sign * moved[:, 0])] = False
    return bool(
        along.sum() >= _FEWEST_PARTS and moved[others & along, 1].sum() >= _MOST * moved[others, 1].sum()
    )
