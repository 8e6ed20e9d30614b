"""How much did each stream add to what was off?"""

import numpy as np

from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.anomalies.scopes import Indices
from finops_mcp.analytics.daily import Floats

_ENOUGH = 0.8
"""The part of what was off that the named streams explain."""


def counted(ready: Prepared, start: int, until: int) -> slice:
    """Give the columns an amount is counted over: the days told whole, or all where none is yet."""
    last = min(until, ready.last_final)
    return slice(start, (last if last >= start else until) + 1)


def expected(ready: Prepared, rows: Indices, start: int, until: int) -> Floats:
    """Give what streams were expected to cost over an episode, by their level before it."""
    days = counted(ready, start, until)
    level = np.nan_to_num(ready.level[rows, max(start - 1, 0)])
    weights = np.where(np.isfinite(ready.amounts[rows, days]), ready.factors[rows, days], 0.0)
    return np.asarray(level * weights.sum(axis=1))


def actual(ready: Prepared, rows: Indices, start: int, until: int) -> Floats:
    """Give what streams cost over an episode."""
    return np.asarray(np.nansum(ready.amounts[rows, counted(ready, start, until)], axis=1))


def contributions(ready: Prepared, rows: Indices, start: int, until: int) -> Floats:
    """Give what each stream cost beyond what was expected over an episode."""
    return actual(ready, rows, start, until) - expected(ready, rows, start, until)


def fewest(rows: Indices, amounts: Floats, sign: int) -> list[int]:
    """Choose the fewest streams that explain enough of what was off, the largest first."""
    sizes = sign * amounts
    order = np.lexsort((rows, -sizes))
    total = sizes[sizes > 0].sum()
    chosen: list[int] = []
    explained = 0.0
    for at in order:
        if sizes[at] <= 0 or (chosen and explained >= _ENOUGH * total):
            break
        chosen.append(int(rows[at]))
        explained += float(sizes[at])
    return chosen
