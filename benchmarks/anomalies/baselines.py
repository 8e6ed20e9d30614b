"""What others do: three standard deviations over four weeks, and the median of the weekday."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby

import numpy as np

from benchmarks.anomalies.replay import Detector
from benchmarks.anomalies.truth import DIMENSIONS
from finops_mcp.analytics.anomalies import Cause, Incident
from finops_mcp.analytics.daily import DailyCosts, Floats

SIGMAS = 3.0
WINDOW, WEEKS = 28, 8
LOOKED_AT = 4
"""Newest days that are looked at each time."""
LEAST = 5.0
"""Money a day below which nothing is told."""
LEAST_DEVIATION = 0.08
"""No weekday is steadier than this share of its median: eight days cannot tell."""
MAD = 1.4826
"""The standard deviation of normal noise, for each unit of its median absolute deviation."""

Expected = Callable[[Floats, int], tuple[Floats, Floats]]


def four_weeks(amounts: Floats, at: int) -> tuple[Floats, Floats]:
    """Give mean and standard deviation of the four weeks before a day."""
    before = amounts[:, max(at - WINDOW, 0) : at]
    return before.mean(axis=1), before.std(axis=1)


def weekdays(amounts: Floats, at: int) -> tuple[Floats, Floats]:
    """Give median and robust deviation of the same weekday in the weeks before a day."""
    before = amounts[:, [day for day in range(at - 7 * WEEKS, at, 7) if day >= 0]]
    middle = np.median(before, axis=1)
    deviation = MAD * np.median(np.abs(before - middle[:, None]), axis=1)
    return middle, np.maximum(deviation, LEAST_DEVIATION * np.abs(middle))


def _told(costs: DailyCosts, as_of: date, expected: Expected) -> list[Incident]:
    services = costs.by(DIMENSIONS[:2])
    newest = range(costs.at(as_of) - LOOKED_AT + 1, costs.at(as_of) + 1)
    over = np.zeros((len(services.keys), LOOKED_AT))
    usual = np.zeros_like(over)
    for place, at in enumerate(newest):
        middle, deviation = expected(services.amounts, at)
        beyond = services.amounts[:, at] - middle
        usual[:, place] = middle
        over[:, place] = np.where(np.abs(beyond) > np.maximum(SIGMAS * deviation, LEAST), beyond, 0)
    rows: dict[tuple[str | None, ...], list[int]] = {}
    for row, key in enumerate(costs.keys):
        rows.setdefault(key[:2], []).append(row)
    return [
        _incident(costs, rows[services.keys[row]], newest, places, usual[row], expected)
        for row in np.flatnonzero(over.any(axis=1))
        for places in _runs(over[row])
    ]


def _runs(over: Floats) -> Iterator[list[int]]:
    """List days on end that are over, or under."""
    for sign, places in groupby(range(over.size), key=lambda place: np.sign(over[place])):
        if sign:
            yield list(places)


def _incident(
    costs: DailyCosts, rows: list[int], newest: range, places: list[int], usual: Floats, expected: Expected
) -> Incident:
    days = [newest[place] for place in places]
    beyond = costs.amounts[np.ix_(rows, days)].sum(axis=1)
    beyond = beyond - sum(expected(costs.amounts[rows], at)[0] for at in days)
    actual, ordinary = float(costs.amounts[np.ix_(rows, days)].sum()), float(usual[places].sum())
    whole = actual - ordinary
    order = np.argsort(-beyond * np.sign(whole))
    causes = [
        Cause(
            dict(zip(DIMENSIONS, costs.keys[rows[n]], strict=True)),
            float(beyond[n]),
            float(beyond[n] / whole),
        )
        for n in order[:5]
    ]
    return Incident(
        start=costs.day(days[0]),
        end=None if days[-1] == newest[-1] else costs.day(days[-1]),
        direction="rise" if whole > 0 else "fall",
        kind="shift" if whole > 0 else "drop",
        actual=actual,
        expected=ordinary,
        low=ordinary,
        high=ordinary,
        confidence=1.0,
        causes=tuple(causes),
        scope=dict(zip(DIMENSIONS[:2], costs.keys[rows[0]], strict=False)),
        days=len(days),
    )


THREE_SIGMA = Detector("three sigma", lambda costs, as_of: _told(costs, as_of, four_weeks))
WEEKDAY_MEDIAN = Detector("weekday median", lambda costs, as_of: _told(costs, as_of, weekdays))
