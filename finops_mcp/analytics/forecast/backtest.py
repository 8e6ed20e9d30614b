"""How would the same forecast have done in the past? Rolling origins over the history."""

import numpy as np

from finops_mcp.analytics.forecast.history import History
from finops_mcp.analytics.forecast.intervals import Errors
from finops_mcp.analytics.forecast.smoothing import FEWEST_DAYS
from finops_mcp.analytics.forecast.weekly import WEEK

MOST_ORIGINS = 60
_INDEPENDENT = 3


def backtest(history: History, ahead: int, most_origins: int = MOST_ORIGINS) -> Errors:
    """Forecast from days of the past with what was known then, and hold it against what came.

    So many days ahead, or as many as at least three sums that do not overlap can be told of. Days that the
    exports do not cover count neither in the forecast nor in what came.
    """
    tested = max(min(ahead, (history.days - FEWEST_DAYS) // _INDEPENDENT), 1)
    room = history.days - tested - FEWEST_DAYS
    step = max(room // most_origins, 1)
    step += step % WEEK == 0  # so that origins are of every weekday
    origins = np.arange(history.days - 1, FEWEST_DAYS - 1, -step)[::-1]
    scales = history.scales(origins)
    origins, scales = origins[scales > 0], scales[scales > 0]
    expected = history.expected(origins, tested)
    came, missed = np.zeros((2, len(origins), tested + 1))
    for at, origin in enumerate(origins):
        days = slice(origin, min(origin + tested, history.days))
        told = expected[at, : days.stop - origin]
        known = history.known[days]
        came[at, 1 : len(told) + 1] = np.cumsum(np.where(known, history.total[days], 0))
        missed[at, 1 : len(told) + 1] = np.cumsum(np.where(known, history.total[days] - told, 0))
    return Errors(origins, scales, came, missed, history.days)
