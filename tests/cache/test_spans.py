"""Which days does a question mean, and which are like them?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.cache.spans import Span, add_months, alike, span, step_name, step_of
from finops_mcp.errors import BackwardsDates, InvalidArgument

FIRST, NEWEST_MONTH, NEWEST = date(2025, 10, 1), date(2026, 10, 1), date(2026, 10, 15)


def asked(month: str | None = None, start: str | None = None, end: str | None = None) -> Span:
    return span(month, start, end, first=FIRST, newest_month=NEWEST_MONTH)


def billed(start: date, end: date, until: date | None = None) -> Span:
    return Span(start, end, "billing_period", until)


def used(start: date, end: date) -> Span:
    return Span(start, end, "charge_period")


def test_without_a_word_the_newest_month_is_meant() -> None:
    assert asked() == billed(date(2026, 10, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("month", "end"),
    [
        ("2026-01", date(2026, 2, 1)),
        ("2026-12", date(2027, 1, 1)),
        ("2024-02", date(2024, 3, 1)),
        ("2025-02", date(2025, 3, 1)),
    ],
)
def test_a_month_ends_where_the_next_begins(month: str, end: date) -> None:
    assert asked(month) == billed(date.fromisoformat(f"{month}-01"), end)
    assert asked(month).name == month


def test_whole_months_given_as_dates_are_months_of_the_bill() -> None:
    both = asked(start="2026-01-01", end="2026-03-01")
    assert both == billed(date(2026, 1, 1), date(2026, 3, 1))
    assert both.name == "2026-01 to 2026-02"
    assert both.months == [date(2026, 1, 1), date(2026, 2, 1)]


def test_other_dates_are_days_of_use() -> None:
    days = asked(start="2026-01-31", end="2026-03-02")
    assert days == used(date(2026, 1, 31), date(2026, 3, 2))
    assert days.name == "2026-01-31 to 2026-03-01"
    assert days.months == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def test_an_end_left_open_is_the_end_of_the_data() -> None:
    assert asked(start="2026-09-10") == used(date(2026, 9, 10), date(2026, 11, 1))
    assert asked(end="2026-01-10") == used(FIRST, date(2026, 1, 10))


def test_a_start_after_the_data_is_not_called_backwards() -> None:
    assert asked(start="2030-01-01") == used(date(2030, 1, 1), date(2030, 1, 2))
    assert asked(end="2020-01-01") == used(date(2019, 12, 31), date(2020, 1, 1))


@pytest.mark.parametrize("end", ["2026-01-05", "2026-01-04", "2025-01-01"])
def test_dates_the_wrong_way_round_are_refused(end: str) -> None:
    with pytest.raises(BackwardsDates, match=r"`end` is exclusive: for one day give the following day"):
        asked(start="2026-01-05", end=end)


@pytest.mark.parametrize(
    ("month", "start"),
    [
        ("2026-13", None),
        ("2026-1", None),
        ("x", None),
        (None, "2026-02-30"),
        (None, "soon"),
        ("2026-01", "2026-01-01"),
        (None, "0001-01-01"),
        (None, "9999-12-31"),
        ("9999-12", None),
        ("1999-12", None),
    ],
)
def test_what_is_no_time_is_refused(month: str | None, start: str | None) -> None:
    with pytest.raises(InvalidArgument):
        asked(month, start)


@pytest.mark.parametrize(
    ("month", "newest", "compare", "start", "end", "until"),
    [
        # A month that is whole compares with whole months.
        ("2026-09", NEWEST, "previous_period", "2026-08-01", "2026-09-01", None),
        ("2026-03", NEWEST, "previous_year", "2025-03-01", "2025-04-01", None),
        ("2024-02", NEWEST, "previous_year", "2023-02-01", "2023-03-01", None),
        # One still running compares with as many days.
        ("2026-10", NEWEST, "previous_period", "2026-09-01", "2026-10-01", "2026-09-16"),
        ("2026-10", NEWEST, "previous_year", "2025-10-01", "2025-11-01", "2025-10-16"),
        # Thirty days of March are all of February.
        ("2026-03", date(2026, 3, 30), "previous_period", "2026-02-01", "2026-03-01", "2026-03-01"),
        ("2026-03", date(2026, 3, 31), "previous_period", "2026-02-01", "2026-03-01", None),
        ("2026-01", date(2026, 1, 1), "previous_period", "2025-12-01", "2026-01-01", "2025-12-02"),
    ],
)
def test_the_like_span_before_a_month(
    month: str, newest: date, compare: str, start: str, end: str, until: str | None
) -> None:
    expected = billed(
        date.fromisoformat(start), date.fromisoformat(end), date.fromisoformat(until) if until else None
    )
    assert asked(month).before(compare, newest) == expected


def test_the_like_span_of_several_months_one_of_them_running() -> None:
    two = asked(start="2026-09-01", end="2026-11-01")
    assert two.before("previous_period", NEWEST) == billed(
        date(2026, 7, 1), date(2026, 9, 1), date(2026, 8, 16)
    )
    assert two.before("previous_period", NEWEST).name == "2026-07 to 2026-08 (to day 15)"


@pytest.mark.parametrize(
    ("start", "end", "compare", "before"),
    [
        ("2026-01-10", "2026-01-17", "previous_period", ("2026-01-03", "2026-01-10")),
        ("2026-10-10", "2026-10-31", "previous_period", ("2026-10-04", "2026-10-10")),  # six days of data
        ("2026-01-10", "2026-01-17", "previous_year", ("2025-01-10", "2025-01-17")),
        ("2024-02-29", "2024-03-01", "previous_year", ("2023-02-28", "2023-03-01")),
        ("2024-02-28", "2024-02-29", "previous_year", ("2023-02-28", "2023-03-01")),
        ("2025-02-28", "2025-03-01", "previous_year", ("2024-02-28", "2024-02-29")),
        ("2024-02-10", "2024-03-02", "previous_year", ("2023-02-10", "2023-03-02")),
    ],
)
def test_the_like_days_before(start: str, end: str, compare: str, before: tuple[str, str]) -> None:
    found = asked(start=start, end=end).before(compare, NEWEST)
    assert found == used(date.fromisoformat(before[0]), date.fromisoformat(before[1]))


days = st.dates(date(2000, 1, 31), date(2099, 12, 31))


@given(start=days, length=st.integers(1, 800), newest=days)
def test_a_span_before_is_never_empty_and_never_reaches_into_the_span(
    start: date, length: int, newest: date
) -> None:
    newest = max(newest, start)  # there is a charge in the span, or nothing would be compared
    span = used(start, start + timedelta(days=length))
    for compare in ("previous_period", "previous_year"):
        found = span.before(compare, newest)
        assert found.start < found.end
        if compare == "previous_period":
            assert found.end == span.start
            assert found.end - found.start == min(span.end, newest + timedelta(days=1)) - span.start


@given(day=days, count=st.integers(-300, 300))
def test_months_on_and_back_land_in_the_month_that_was_meant(day: date, count: int) -> None:
    found = add_months(day, count)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == count
    assert found.day <= day.day
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(day=days)
def test_every_day_lies_in_its_step(day: date) -> None:
    for granularity in ("day", "week", "month"):
        first, after = step_of(day, granularity)
        assert first <= day < after
    assert step_of(day, "week")[0].weekday() == 0
    assert step_name(day.replace(day=1), "month") == f"{day:%Y-%m}"


def test_of_two_months_neither_goes_on_where_the_other_is_not_over() -> None:
    october, july = asked("2026-10"), asked("2026-07")
    cut = billed(date(2026, 7, 1), date(2026, 8, 1), date(2026, 7, 16))
    assert alike(october, july, NEWEST) == (october, cut)
    assert alike(july, october, NEWEST) == (cut, october)
    assert alike(asked("2026-09"), july, NEWEST) == (asked("2026-09"), july)


def test_a_month_that_runs_to_a_day_another_lacks_is_compared_with_all_of_it() -> None:
    march, february = asked("2026-03"), asked("2026-02")
    whole = billed(date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 1))
    assert alike(march, february, date(2026, 3, 30)) == (march, whole)


def test_days_are_cut_where_days_like_them_are_not_over_and_months_are_days_beside_days() -> None:
    fortnight, before = used(date(2026, 10, 8), date(2026, 10, 22)), used(date(2026, 9, 1), date(2026, 9, 15))
    assert alike(fortnight, before, NEWEST) == (
        used(date(2026, 10, 8), date(2026, 10, 16)),
        used(date(2026, 9, 1), date(2026, 9, 9)),
    )
    august = asked("2026-08")
    assert alike(august, before, NEWEST) == (used(august.start, august.end), before)


def test_spans_that_overlap_cannot_be_compared() -> None:
    with pytest.raises(InvalidArgument, match="overlap: 2026-08 and 2026-08-31 to 2026-09-01"):
        alike(asked("2026-08"), used(date(2026, 8, 31), date(2026, 9, 2)), NEWEST)
