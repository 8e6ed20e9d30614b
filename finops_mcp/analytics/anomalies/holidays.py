"""On which days did people stay away: when many streams of the organisation were low together, for days?"""

import numpy as np

from finops_mcp.analytics.daily import Bools, Floats

LONGEST = 5
"""Days that a holiday lasts at most; what stays low for longer is a fall."""
_LOW = 2.0
"""A stream is low when it is so many of its standard deviations below what was expected."""
_SHARE = 0.2
"""The part of all streams that are low on a holiday; noise alone makes one in forty."""
_FEWEST = 3
_RATHER_LOW = 1.0


def in_deviations(deviation: Floats, typical: Floats) -> Floats:
    """Give cost beyond what was expected in standard deviations; what never moves is off by none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(typical > 0, deviation / typical, 0.0))


def quiet_days(size: Floats, streams: int) -> Bools:
    """Tell on which days many streams, the first rows of `size`, were low; it is in standard deviations."""
    low = (size[:streams] < -_LOW).sum(axis=0)
    moving = (size[:streams] != 0).sum(axis=0)
    return _short_runs(np.asarray((low >= _FEWEST) & (low >= _SHARE * moving)))


def rather_low(size: Floats, quiet: Bools) -> Bools:
    """Tell which days of which scopes a holiday made low."""
    return np.asarray(quiet[None, :] & (size < -_RATHER_LOW))


def _short_runs(days: Bools) -> Bools:
    found = np.zeros_like(days)
    start = None
    for at, day in enumerate([*days.tolist(), False]):
        if day and start is None:
            start = at
        elif not day and start is not None:
            if at - start <= LONGEST:
                found[start:at] = True
            start = None
    return found
