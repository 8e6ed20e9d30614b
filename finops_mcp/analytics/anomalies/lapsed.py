"""Did a commitment end: is what it covered paid on demand now?"""

import numpy as np

from finops_mcp.analytics.anomalies.contributions import counted
from finops_mcp.analytics.anomalies.merging import Group
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.anomalies.scopes import STREAM
from finops_mcp.analytics.daily import DailyCosts

_BEFORE = 14
"""Days before that tell how much a commitment covered."""
_MOST = 0.5
"""The part of what was covered that is no longer, and that on demand rose by at least."""


def commitment_lost(group: Group, charges: DailyCosts, ready: Prepared) -> bool:
    """Tell whether covered cost of a rise's streams fell while the rest of theirs rose."""
    days = counted(ready, group.start, group.until)
    if group.sign < 0 or group.start > ready.last_final or group.start == 0:
        return False
    pricing = charges.dimensions.index("pricing_category")
    places = [charges.dimensions.index(name) for name in STREAM]
    streams = {ready.scopes.keys[row] for row in group.rows}
    mine = [at for at, key in enumerate(charges.keys) if tuple(key[p] for p in places) in streams]
    covered = np.array([charges.keys[at][pricing] == "Committed" for at in mine])
    amounts = charges.amounts[mine]
    before = amounts[:, max(group.start - _BEFORE, 0) : group.start].mean(axis=1)
    change = amounts[:, days].mean(axis=1) - before
    lost = -float(change[covered].sum())
    return (
        lost > 0 and lost >= _MOST * before[covered].sum() and float(change[~covered].sum()) >= _MOST * lost
    )
