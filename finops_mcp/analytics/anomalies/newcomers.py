"""Is it something that was not there before: an account, a region, a service, a usage type?"""

from collections.abc import Mapping, Sequence

import numpy as np

from finops_mcp.analytics.anomalies.incident import Kind
from finops_mcp.analytics.anomalies.prepared import Prepared
from finops_mcp.analytics.anomalies.scopes import STREAM

_TRACE = 0.05
"""What cost less than this part before, in all its days together, was not really there."""
_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("new_account", ("sub_account_id",)),
    ("new_region", ("sub_account_id", "region_id")),
    ("new_service", ("sub_account_id", "service_name")),
    ("new_region", ("sub_account_id", "service_name", "region_id")),
    ("new_meter", STREAM),
)
"""What each kind's dimensions are that had no cost before, the widest first."""


def newcomer(
    rows: Sequence[int], start: int, until: int, main: Mapping[str, str | None], ready: Prepared
) -> Kind | None:
    """Tell what is new about streams that cost nothing before; `main` names the largest of them."""
    streams = np.array(rows, dtype=np.intp)
    before = ready.scopes.amounts[: ready.scopes.streams, :start].sum(axis=1)
    trace = _TRACE * float(np.nansum(ready.amounts[streams, start : until + 1]))
    if before[streams].sum() > trace:
        return None
    keys = ready.scopes.keys[: ready.scopes.streams]
    for kind, dimensions in _KINDS:
        places = [(STREAM.index(name), main[name]) for name in dimensions]
        known = [at for at, key in enumerate(keys) if all(key[p] == value for p, value in places)]
        if before[known].sum() <= trace:
            return kind
    return None
