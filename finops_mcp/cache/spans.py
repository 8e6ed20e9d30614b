"""Which time a question is about: months of the bill, or days of use; and the like span before."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from finops_mcp.errors import BackwardsDates, InvalidArgument

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Span:
    """A stretch of time, its end exclusive: whole months as billed, or days as used.

    `until` cuts a span of months short after a day, so that it compares with one still running.
    """

    start: date
    end: date
    by: Literal["billing_period", "charge_period"]
    until: date | None = None

    @property
    def name(self) -> str:
        """The span as people write it."""
        if self.by == "charge_period":
            return f"{self.start} to {self.end - timedelta(days=1)}"
        last = add_months(self.end, -1)
        months = f"{self.start:%Y-%m}" if self.start == last else f"{self.start:%Y-%m} to {last:%Y-%m}"
        return f"{months} (to day {(self.until - timedelta(days=1)).day})" if self.until else months

    @property
    def months(self) -> list[date]:
        """First days of the months it touches."""
        found = [self.start.replace(day=1)]
        while add_months(found[-1], 1) < self.end:
            found.append(add_months(found[-1], 1))
        return found

    def before(self, compare: str, newest: date) -> "Span":
        """Give the like span before: as many months, or days, and no further into it than the data goes."""
        if self.by == "charge_period":
            end = min(self.end, newest + timedelta(days=1))
            if compare == "previous_year":  # by the last day, so that a leap day does not empty the span
                last = add_months(end - timedelta(days=1), -12)
                return Span(add_months(self.start, -12), last + timedelta(days=1), self.by)
            return Span(self.start - (end - self.start), self.start, self.by)
        shift = -12 if compare == "previous_year" else -len(self.months)
        start, end = add_months(self.start, shift), add_months(self.end, shift)
        running = newest + timedelta(days=1)
        until = None
        if self.start < running < self.end:
            until = min(add_months(running.replace(day=1), shift) + timedelta(days=running.day - 1), end)
        return Span(start, end, self.by, until)


def span(month: str | None, start: str | None, end: str | None, *, first: date, newest_month: date) -> Span:
    """Read a month, or a start and an end; without either, the newest billing month.

    Whole months given as dates are months of the bill, so that they tie to its invoices; anything else is
    days of use. Raises InvalidArgument, BackwardsDates.
    """
    if month and (start or end):
        raise InvalidArgument("Give either month, or start and end; not both.")
    if not start and not end:
        begins = _date(f"{month}-01", "month") if month else newest_month
        return Span(begins, add_months(begins, 1), "billing_period")
    given_start = _date(start, "start") if start else None
    given_end = _date(end, "end") if end else None
    # An end left open never lies before the end that was given: that would blame the caller for it.
    ends = given_end or max(add_months(newest_month, 1), (given_start or first) + timedelta(days=1))
    begins = given_start or min(first, ends - timedelta(days=1))
    if ends <= begins:
        raise BackwardsDates(begins, ends)
    whole = begins.day == 1 and ends.day == 1
    return Span(begins, ends, "billing_period" if whole else "charge_period")


def alike(asked: Span, other: Span, newest: date) -> tuple[Span, Span]:
    """Make two spans comparable: of one kind, and neither going on where a like one is not over yet.

    Spans of different length stay so. Raises InvalidArgument where they overlap.
    """
    if asked.start < other.end and other.start < asked.end:
        raise InvalidArgument(f"The two periods overlap: {asked.name} and {other.name}.")
    if asked.by != other.by:
        asked, other = replace(asked, by="charge_period"), replace(other, by="charge_period")
    return _no_further(asked, other, newest), _no_further(other, asked, newest)


def _no_further(span: Span, running: Span, newest: date) -> Span:
    """Cut a span short where one of the same length has not come further."""
    after = newest + timedelta(days=1)
    if span.by == "charge_period":
        whole = span.end - span.start == running.end - running.start
        ends = min(span.end, after)
        if whole and running.start < after < running.end:
            ends = min(ends, span.start + (after - running.start))
        return replace(span, end=max(ends, span.start + timedelta(days=1)))
    if len(span.months) != len(running.months) or not running.start < after < running.end:
        return span
    months = (span.start.year - running.start.year) * 12 + span.start.month - running.start.month
    ends = add_months(after.replace(day=1), months) + timedelta(days=after.day - 1)
    return replace(span, until=min(ends, add_months(after.replace(day=1), months + 1)))


def add_months(day: date, count: int) -> date:
    """Go some months on or back, to the same day or the last there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def step_of(day: date, granularity: str) -> tuple[date, date]:
    """Give the first day of the day, week or month that a day lies in, and the day after its last."""
    if granularity == "month":
        return day.replace(day=1), add_months(day.replace(day=1), 1)
    if granularity == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    return day, day + timedelta(days=1)


def step_name(first: date, granularity: str) -> str:
    """Name a step as the dimensions day, week and month do."""
    return f"{first:%Y-%m}" if granularity == "month" else first.isoformat()


def _date(text: str, parameter: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidArgument(f"{parameter} is not a date of the calendar: {text!r}.") from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InvalidArgument(
            f"{parameter} must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}, which {text!r} does not."
        )
    return day
