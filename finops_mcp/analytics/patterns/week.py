"""How do the days of the week differ, and is it by more than chance?"""

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.patterns.series import Integers, Series, moving_median

CHANCE = 0.001
"""A week is found in noise once in so many times; see the test over seeds."""
_TWO_WEEKS = 14


def first_look(series: Series) -> Floats:
    """Give what each weekday costs beyond the days around it, Monday first, by medians."""
    apart = series.known - moving_median(series.known, _TWO_WEEKS)
    of_each = [apart[series.weekdays == day] for day in range(7)]
    return np.array([np.median(days) if days.size else 0.0 for days in of_each])


def is_there(values: Floats, weekdays: Integers) -> bool:
    """Tell whether the weekdays differ: the Kruskal-Wallis test by ranks, as for seasons elsewhere.

    `values` are costs with trend, steps and days of the month taken out. The test is one of the two that
    Ollech and Webel (2020), "A random forest-based approach to identifying the most informative seasonality
    tests", found to tell most.
    """
    from scipy.stats import kruskal

    groups = [values[weekdays == day] for day in range(7)]
    groups = [g for g in groups if g.size]
    if len(groups) < 2 or np.ptp(values) == 0:  # noqa: PLR2004 - nothing to compare
        return False
    return bool(kruskal(*groups).pvalue < CHANCE)
