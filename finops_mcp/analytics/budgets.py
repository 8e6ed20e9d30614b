"""What should have been spent of a budget by now, where will it land, and what drives the gap? (domain E.4)

Amounts are of one currency. What is estimated, from daily costs as binary numbers, is rounded to the cent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from statistics import fmean, median
from typing import Literal

from finops_mcp.analytics.drivers import WIDE

NEWEST_DAYS, FEWEST_DAYS = 28, 7
"""Days that a run-rate is taken from: whole weeks, since weekends cost otherwise; and the fewest."""
_WEEK = 7
_CENT, _ZERO = Decimal("0.01"), Decimal(0)


@dataclass(frozen=True)
class Stretch:
    """Some days, the end exclusive."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many there are."""
        return max((self.end - self.start).days, 0)

    def within(self, other: "Stretch") -> "Stretch":
        """Keep the days that lie in another too."""
        return Stretch(max(self.start, other.start), min(self.end, other.end))

    def until(self, day: date) -> "Stretch":
        """Keep the days before one."""
        return Stretch(self.start, min(self.end, max(day, self.start)))


def spread(amount: Decimal, period: Stretch, part: Stretch) -> Decimal:
    """Give the part of an amount that falls on some days of its period, each day alike.

    To the cent, and so that the parts of a period add up to its amount.
    """

    def by(day: date) -> Decimal:
        days = (day - period.start).days
        return amount if days == period.days else (amount * days / period.days).quantize(_CENT)

    return by(part.end) - by(part.start)


@dataclass(frozen=True)
class Season:
    """What a day usually costs: as its weekday does, and what its day of the month has beside that."""

    weekdays: Sequence[float]
    fees: Mapping[int, float]

    def of(self, stretch: Stretch) -> float:
        """Give what some days cost by it."""
        return sum(self._day(stretch.start + timedelta(days=n)) for n in range(stretch.days))

    def share(self, stretch: Stretch, by: date) -> float | None:
        """Give the share of a stretch's cost that falls before a day; nothing where nothing costs."""
        whole = self.of(stretch)
        return self.of(stretch.until(by)) / whole if whole > 0 else None

    def _day(self, day: date) -> float:
        return self.weekdays[day.weekday()] + self.fees.get(_of_month(day), 0.0)


def season_of(daily: Mapping[date, float]) -> Season | None:
    """Learn what a day usually costs from whole months; nothing where a weekday is not among them.

    Medians, so that neither a fee moves its weekday nor what happened once its day of the month; what was
    given back on the whole, such as by a credit, weighs nothing.
    """
    seen: dict[int, list[float]] = {}
    for day, cost in daily.items():
        seen.setdefault(day.weekday(), []).append(cost)
    if len(seen) < _WEEK:
        return None
    weekdays = [max(median(seen[weekday]), 0.0) for weekday in range(_WEEK)]
    beside: dict[int, list[float]] = {}
    for day, cost in daily.items():
        beside.setdefault(_of_month(day), []).append(max(cost - weekdays[day.weekday()], 0.0))
    return Season(weekdays, {day: median(costs) for day, costs in beside.items()})


def _of_month(day: date) -> int:
    """Count a day of its month, the last as 0: what is due at the end falls on another number each time."""
    return 0 if (day + timedelta(days=1)).day == 1 else day.day


def carried_on(
    actual: Decimal, newest: Mapping[date, float], season: Season | None, to_come: Stretch, growing: float
) -> Decimal | None:
    """Tell what a running period will come to: what it cost so far, and what its days to come will.

    They cost by the season at the level of the newest complete days, or as these on average where there is
    no season; nothing where too few are known. The first of them may have begun: `growing` is in `actual`.
    """
    if len(newest) < FEWEST_DAYS or not to_come.days:
        return None
    usual = sum(season.of(_one(day)) for day in newest) if season else 0.0
    level = sum(newest.values()) / usual if usual > 0 else fmean(newest.values())

    def of(days: Stretch) -> float:
        return level * (season.of(days) if season and usual > 0 else days.days)

    begun = _one(to_come.start)
    coming = max(of(begun) - growing, 0.0) + of(Stretch(begun.end, to_come.end))
    return (actual + Decimal(coming)).quantize(_CENT)


def _one(day: date) -> Stretch:
    return Stretch(day, day + timedelta(days=1))


@dataclass(frozen=True)
class Part:
    """One part of what a budget is about: its cost, its own budget if it has one, its cost before."""

    value: str | None
    actual: Decimal
    budget: Decimal | None = None
    before: Decimal = _ZERO


@dataclass(frozen=True)
class Driver:
    """What one part adds to the gap: its cost less what was expected of it, and what that is judged by."""

    value: str | None
    actual: Decimal
    expected: Decimal
    against: Literal["its budget", "the period before, scaled", "nothing before"]

    @property
    def gap(self) -> Decimal:
        """How much more it cost than was expected."""
        return self.actual - self.expected


def drivers(budget: Decimal, parts: Iterable[Part]) -> tuple[list[Driver], Decimal]:
    """Split the gap between cost and budget by parts, the largest first, and give what is left of the budget.

    A part is held against its own budget; what these leave of the whole one is expected of the others as
    they cost before, in proportion and to the cent. The gaps of the parts, less what is left, are the gap.
    """
    given = list(parts)
    with localcontext(WIDE):
        left = budget - sum((p.budget for p in given if p.budget is not None), start=_ZERO)
        others = [p for p in given if p.budget is None]
        expected = _proportional(left, [p.before for p in others])
        scaled = dict(zip(map(id, others), expected, strict=True))
        found = [
            Driver(
                p.value,
                p.actual,
                scaled[id(p)] if p.budget is None else p.budget,
                "its budget"
                if p.budget is not None
                else "the period before, scaled"
                if p.before
                else "nothing before",
            )
            for p in given
        ]
        rest = budget - sum((d.expected for d in found), start=_ZERO)
    return sorted(found, key=lambda d: (-abs(d.gap), d.value is None, d.value or "")), rest


def _proportional(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount out by weights, to the cent, the last of them the rest; nothing where it cannot be."""
    whole = sum(weights, start=_ZERO)
    if amount <= 0 or whole <= 0:
        return [_ZERO for _ in weights]
    reached, given, shares = _ZERO, _ZERO, []
    for weight in weights:
        reached += weight
        due = amount if reached == whole else (amount * reached / whole).quantize(_CENT)
        shares.append(due - given)
        given = due
    return shares
