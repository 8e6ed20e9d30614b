"""Which of the last days have not arrived whole yet?"""

import numpy as np

from finops_mcp.analytics.daily import DailyCosts, Floats

MOST_DAYS = 3
"""AWS adds to a day for some days after it; older days are taken as they are."""
_WEEKS, _WEEK = 4, 7
_STEADY, _ARRIVED = 0.75, 0.85


def unfinished_days(streams: DailyCosts) -> int:
    """Count the last days, up to three, on which less than 85 % of what usually comes has come.

    What usually comes is of the streams that cost something on most days: their median on that weekday in
    the four weeks before, each counted up to it, so that a spike of one does not stand for others.
    """
    if streams.days < _WEEK + MOST_DAYS:
        return 0
    before = streams.amounts[:, : streams.days - MOST_DAYS][:, -_WEEKS * _WEEK :]
    steady = streams.amounts[(before > 0).mean(axis=1) >= _STEADY]
    for back in range(1, MOST_DAYS + 1):
        if _arrived(steady, back) >= _ARRIVED:
            return back - 1
    return MOST_DAYS


def _arrived(steady: Floats, back: int) -> float:
    last = steady.shape[1] - back
    like = range(last - _WEEK, max(last - _WEEK * (_WEEKS + 1), -1), -_WEEK)
    usual = np.median(steady[:, list(like)], axis=1)
    whole = float(usual.sum())
    return float(np.minimum(steady[:, last], usual).sum()) / whole if whole > 0 else 1.0
