"""Did many accounts move at once? Then it has one cause, which is of the organisation and of none of them."""

from collections.abc import Iterator

from finops_mcp.analytics.anomalies.merging import Group
from finops_mcp.analytics.anomalies.prepared import Prepared

_FEWEST, _SHARE = 4, 0.4
"""So many accounts, and this part of all, do not change within days of each other each for its own reason."""
_WITHIN = 3
"""Days between the first of them and the last."""


def one_for_many(groups: list[Group], ready: Prepared) -> list[Group]:
    """Let one group of the organisation stand for those of many accounts that began within days."""
    whole = next((at for at, depth in enumerate(ready.scopes.depths) if depth == 0), None)
    if whole is None:
        return groups
    every = {key[0] for key in ready.scopes.keys[: ready.scopes.streams]}
    needed = max(_FEWEST, _SHARE * len(every))
    kept = list(groups)
    for mine in _runs(groups):
        if len({ready.scopes.keys[row][0] for one in mine for row in one.rows}) >= needed:
            kept = [one for one in kept if one not in mine]
            kept.append(_joined(mine, whole))
    return kept


def _runs(groups: list[Group]) -> Iterator[list[Group]]:
    """Give those of one direction that began within days of the first of them."""
    for sign in (1, -1):
        left = sorted((one for one in groups if one.sign == sign), key=lambda one: one.start)
        while left:
            run = [one for one in left if one.start <= left[0].start + _WITHIN]
            yield run
            left = left[len(run) :]


def _joined(groups: list[Group], whole: int) -> Group:
    return Group(
        max((one.lead for one in groups), key=lambda lead: lead.score),
        sorted({row for one in groups for row in one.rows}),
        min(one.start for one in groups),
        max(one.until for one in groups),
        all(one.ended for one in groups),
        whole,
        wide=True,
        episodes=[episode for one in groups for episode in one.episodes],
    )
