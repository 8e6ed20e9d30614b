"""Daily costs made up by a rule, so that what comes next is known."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np

from finops_mcp.analytics.daily import DailyCosts

FIRST = date(2026, 1, 1)  # a Thursday
DIMENSIONS = ("sub_account_id", "service_name")
Rule = Callable[[date], float]


def daily(rules: Mapping[str, Rule], days: int, missing: tuple[int, ...] = ()) -> DailyCosts:
    """Make a stream for each name, written `account/service`, its days by a rule."""
    amounts = np.array([[float(rule(after(d))) for d in range(days)] for rule in rules.values()])
    held = np.ones(amounts.shape, dtype=np.bool_)
    for day in missing:
        held[:, day], amounts[:, day] = False, 0.0
    keys = tuple((name.split("/")[0], name.split("/")[-1]) for name in rules)
    return DailyCosts(FIRST, DIMENSIONS, keys, amounts.reshape(len(keys), days), held, "USD")


def after(days: int) -> date:
    """Give the day that so many days come before."""
    return FIRST + timedelta(days=days)


def weekends(low: float, high: float) -> Rule:
    """Cost so much on Saturdays and Sundays, and so much on other days."""
    return lambda day: low if day.weekday() >= 5 else high


def noisy(seed: int, level: float = 100.0) -> Rule:
    """Cost around a level, each day by its own dice."""
    return lambda day: level * float(1 + 0.1 * np.random.default_rng((seed, day.toordinal())).normal())
