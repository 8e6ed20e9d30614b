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


def quiet_days(deviation: Floats, typical: Floats, streams: int) -> Bools:
    """Tell which days of which scopes were low because of a holiday.

    `deviation` is cost beyond what was expected, a row for each scope, streams first; `typical` its standard
    deviation.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.where(typical > 0, deviation / typical, 0.0)
        low = (size[:streams] < -_LOW).sum(axis=0)
        moving = (np.isfinite(deviation[:streams]) & (typical[:streams] > 0)).sum(axis=0)
        days = (low >= _FEWEST) & (low >= _SHARE * moving)
        return np.asarray(_short_runs(days)[None, :] & (size < -_RATHER_LOW))


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
