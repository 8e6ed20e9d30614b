"""A series as a sum of parts: its level, its week, its days of the month, and what remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from finops_mcp.analytics.daily import Floats
from finops_mcp.analytics.patterns.levels import Levels, columns
from finops_mcp.analytics.patterns.month_days import MonthDay
from finops_mcp.analytics.patterns.series import Integers, Series, spread

_ROUNDS = 12
_HUBER = 1.345
"""Huber's constant: 95 % as efficient as least squares where errors are normal."""


@dataclass(frozen=True)
class Model:
    """What a series is a sum of; its amounts come of least squares that outliers weigh less in (Huber).

    The weights are those of this series. Given them, each amount is a weighted sum of the days' costs, so
    that what a part of the cost adds to it can be told, and parts add up.
    """

    series: Series
    levels: Levels
    weekly: bool
    days: tuple[tuple[MonthDay, ...], ...]

    @cached_property
    def _level(self) -> Floats:
        return columns(self.series.at, self.levels)

    @cached_property
    def _matrix(self) -> Floats:
        parts = [self._level]
        if self.weekly:
            parts.append(_weekdays(self.series.weekdays))
        for group in self.days:
            marks = [any(day.falls_on(d) for day in group) for d in self.series.dates]
            parts.append(np.array(marks, dtype=float).reshape(-1, 1))
        return np.hstack(parts)

    @cached_property
    def _sums(self) -> Floats:
        """How each amount is summed up from the known days: amounts x days."""
        weights = np.ones(self.series.known.size)
        for _ in range(_ROUNDS):
            sums = _solved(self._matrix, weights)
            rest = np.abs(self.series.known - self._matrix @ (sums @ self.series.known))
            usual = max(_HUBER * spread(rest), self.series.nothing)
            weights = usual / np.maximum(rest, usual)
        return _solved(self._matrix, weights)

    @cached_property
    def _amounts(self) -> Floats:
        return np.asarray(self._sums @ self.series.known)

    @property
    def _after_level(self) -> int:
        return int(self._level.shape[1])

    @cached_property
    def level(self) -> Floats:
        """The level of each known day: with the mean of the week, without what days of the month add."""
        return np.asarray(self._level @ self._amounts[: self._after_level])

    @cached_property
    def week(self) -> Floats:
        """What each weekday costs beyond the mean of the week, Monday first; they add up to zero."""
        if not self.weekly:
            return np.zeros(7)
        six = self._amounts[self._after_level : self._after_level + 6]
        return np.append(six, -six.sum())

    @cached_property
    def month_days(self) -> Floats:
        """What the days of each group cost beyond other days."""
        return self._amounts[self._amounts.size - len(self.days) :] if self.days else np.zeros(0)

    @cached_property
    def of_month_days(self) -> Floats:
        """What days of the month add to each known day."""
        return np.asarray(self._matrix[:, self._matrix.shape[1] - len(self.days) :] @ self.month_days)

    @cached_property
    def rest(self) -> Floats:
        """What remains of each known day."""
        return np.asarray(self.series.known - self._matrix @ self._amounts)

    @property
    def slope(self) -> float:
        """By how much the level of a day rises each day, steps aside; 0 where it does not."""
        return float(self._amounts[1]) if self.levels.sloped else 0.0

    @property
    def jumps(self) -> Floats:
        """By how much the level of a day changes at each step."""
        return np.asarray(self._amounts[self._after_level - len(self.levels.steps) : self._after_level])

    def jump_sums(self, step: int) -> Floats:
        """Give the weight of each known day in the change at a step, by its place."""
        return np.asarray(self._sums[self._after_level - len(self.levels.steps) + step])

    @property
    def change_sums(self) -> Floats:
        """Give the weight of each known day in the change of the level from the first day to the last."""
        ends = self._level[-1] - self._level[0]
        return np.asarray(ends @ self._sums[: self._after_level])


def grouped(days: Sequence[MonthDay]) -> tuple[tuple[MonthDay, ...], ...]:
    """Give each day of the month a part of its own."""
    return tuple((day,) for day in days)


def _weekdays(weekdays: Integers) -> Floats:
    """Write the days of the week as six columns whose amounts, with the seventh's, add up to zero."""
    marks = np.eye(7)[weekdays]
    return np.asarray(marks[:, :6] - marks[:, 6:])


def _solved(matrix: Floats, weights: Floats) -> Floats:
    roots = np.sqrt(weights)
    return np.asarray(np.linalg.pinv(matrix * roots[:, None]) * roots)
