"""What is known to change, and when: laid over the statistics by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from finops_mcp.analytics.daily import Floats, Key


@dataclass(frozen=True)
class Step:
    """From `day` on, each day costs so much more (`daily`, less where negative) than the days before it.

    `key` has the values of the dimensions that the forecast is to be parted by.
    """

    day: date
    daily: float
    key: Key = ()


def laid_over(steps: Sequence[Step], first: date, days: int) -> Floats:
    """Add up what steps change on each of so many days; one before the first day is in the history."""
    found = np.zeros(days)
    for step in steps:
        at = (step.day - first).days
        if at >= 0:
            found[at:] += step.daily
    return found
