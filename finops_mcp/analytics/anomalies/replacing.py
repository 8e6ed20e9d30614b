"""Did one usage type take the place of another, so that their service costs what it did?"""

from collections.abc import Sequence

import numpy as np

from finops_mcp.analytics.anomalies.contributions import contributions, counted
from finops_mcp.analytics.anomalies.prepared import Prepared

_STRIKING = 2.0
"""A stream moved the other way when it is off by so many of its standard deviations each day."""
_REPLACED = 0.6
"""The part of what is off that others must have moved the other way by."""


def replaced(rows: Sequence[int], sign: int, start: int, until: int, ready: Prepared) -> bool:
    """Tell whether other usage types of the service moved the other way by about as much.

    On unfinished days what others lost cannot be told from what is still to come; nothing but a new stream is
    then taken to replace them.
    """
    mine = np.array(rows, dtype=np.intp)
    if start > ready.last_final and np.nan_to_num(ready.level[mine, start - 1]).sum() > 0:
        return False
    keys = ready.scopes.keys
    services = {keys[row][:2] for row in rows}
    others = [at for at in range(ready.scopes.streams) if keys[at][:2] in services and at not in rows]
    beside = np.array(others, dtype=np.intp)
    days = counted(ready, start, until)
    beyond = sign * float(contributions(ready, mine, start, until).sum())
    off = -sign * contributions(ready, beside, start, until)
    noise = np.nan_to_num(ready.typical[beside, start - 1]) * (days.stop - days.start)
    return bool(off[off > _STRIKING * noise].sum() >= _REPLACED * beyond)
