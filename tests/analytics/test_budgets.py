"""Is a budget spread, carried on and split as the arithmetic says, to the last cent?"""

import calendar
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.budgets import Part, Season, Stretch, carried_on, drivers, season_of, spread
from finops_mcp.analytics.drivers import WIDE

D = Decimal
OCTOBER = Stretch(date(2026, 10, 1), date(2026, 11, 1))
QUARTER = Stretch(date(2026, 10, 1), date(2027, 1, 1))
AMOUNTS = st.decimals(0, 10**12, places=2)
COSTS = st.decimals(-(10**9), 10**9, places=12)
DAYS = st.dates(date(2026, 10, 1), date(2027, 1, 1))


def days_of(month: date) -> list[date]:
    return [month.replace(day=n + 1) for n in range(calendar.monthrange(month.year, month.month)[1])]


def test_a_budget_is_spread_evenly_by_day() -> None:
    assert spread(D(3100), OCTOBER, Stretch(date(2026, 10, 1), date(2026, 10, 11))) == D("1000.00")
    assert spread(D(9200), QUARTER, OCTOBER) == D("3100.00")  # 31 of 92 days
    assert spread(D("0.125"), OCTOBER, OCTOBER) == D("0.125")  # of a whole period nothing is rounded


@given(AMOUNTS, st.lists(DAYS, max_size=6))
def test_the_parts_of_a_period_add_up_to_its_budget(amount: Decimal, cuts: list[date]) -> None:
    edges = [QUARTER.start, *sorted(cuts), QUARTER.end]
    parts = [spread(amount, QUARTER, Stretch(*pair)) for pair in pairwise(edges)]
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)


def month_with_a_fee(month: date) -> dict[date, float]:
    """Make up a month: 10 on a weekday, 4 at a weekend, 150 more on the third, 80 more on the last day."""
    days = days_of(month)
    costs = {day: 4.0 if day.weekday() > 4 else 10.0 for day in days}
    costs[month.replace(day=3)] += 150
    costs[days[-1]] += 80
    return costs


PAST = {d: c for n in (7, 8, 9) for d, c in month_with_a_fee(date(2026, n, 1)).items()}


def test_a_season_is_weekdays_and_what_days_of_the_month_cost_beside() -> None:
    season = season_of(PAST)
    assert season
    # October has 22 weekdays and 9 days of weekends: 220 + 36 + 150 + 80 = 486.
    assert season.of(OCTOBER) == pytest.approx(486)
    # By the tenth 7 weekdays and 3 days of weekends have passed, and the third with its fee.
    passed = season.share(OCTOBER, date(2026, 10, 11))
    assert passed == pytest.approx((70 + 12 + 150) / 486)
    assert season.share(OCTOBER, date(2026, 11, 1)) == 1


def test_what_happened_once_is_no_season() -> None:
    once = PAST | {date(2026, 8, 20): 5_000.0}
    assert season_of(once) == season_of(PAST)


def test_a_season_needs_every_weekday_and_nothing_costs_less_than_nothing() -> None:
    week = {date(2026, 9, 1) + timedelta(days=n): 1.0 for n in range(6)}
    assert season_of(week) is None
    back = season_of({day: -cost for day, cost in PAST.items()})
    assert back == Season([0.0] * 7, dict.fromkeys(back.fees, 0.0) if back else {})
    assert back is not None
    assert back.share(OCTOBER, date(2026, 10, 11)) is None


NEWEST = {date(2026, 9, 23) + timedelta(days=n): 2.0 for n in range(28)}  # to 20 October


def test_without_a_season_a_period_is_carried_on_by_its_mean() -> None:
    to_come = Stretch(date(2026, 10, 21), date(2026, 11, 1))
    assert carried_on(D(40), NEWEST, None, to_come, 0.0) == D("62.00")  # 40 and 11 days of 2
    # The 21st has begun: 1.50 of its 2 are in what was spent, or 3, which are not given back.
    assert carried_on(D("41.50"), NEWEST, None, to_come, 1.5) == D("62.00")
    assert carried_on(D(43), NEWEST, None, to_come, 3.0) == D("63.00")
    few = dict(list(NEWEST.items())[:6])
    assert carried_on(D(40), few, None, to_come, 0.0) is None


def test_with_a_season_days_to_come_cost_as_they_do_at_the_level_of_today() -> None:
    season = season_of(PAST)
    shape = month_with_a_fee(date(2026, 9, 1)) | month_with_a_fee(date(2026, 10, 1))
    newest = {day: 1.5 * shape[day] for day in NEWEST}  # half as much again as in the months before
    # After the 20th come 8 weekdays, 3 days of a weekend and the last day's 80: 172, at 1.5 times the level.
    assert season
    to_come = Stretch(date(2026, 10, 21), date(2026, 11, 1))
    assert carried_on(D(100), newest, season, to_come, 0.0) == D("358.00")


def test_golden_a_gap_is_split_by_budgets_and_by_the_period_before() -> None:
    parts = [
        Part("a", D(5200), budget=D(5000)),
        Part("b", D(4000), before=D(3000)),
        Part("c", D(1900), before=D(1000)),
        Part(None, D(400)),
    ]
    found, left = drivers(D(10000), parts)
    # 5,000 are left for the others, three quarters of it for b: 3,750 and 1,250.
    assert [(d.value, d.expected, d.gap) for d in found] == [
        ("c", D("1250.00"), D("650.00")),
        (None, D(0), D(400)),
        ("b", D("3750.00"), D("250.00")),
        ("a", D(5000), D(200)),
    ]
    assert [d.against for d in found] == [
        "the period before, scaled",
        "nothing before",
        "the period before, scaled",
        "its budget",
    ]
    assert left == 0
    assert sum(d.gap for d in found) == D(1500)


def test_a_budget_of_less_than_a_cent_more_is_shared_out_whole() -> None:
    found, left = drivers(
        D("10.125"), [Part("a", D(0), before=D(2)), Part("b", D(0), before=D(1)), Part("c", D(0))]
    )
    assert [(d.value, d.expected) for d in found] == [("a", D("6.75")), ("b", D("3.375")), ("c", D(0))]
    assert left == 0


def test_what_no_part_has_of_a_budget_is_left() -> None:
    found, left = drivers(D(100), [Part("a", D(30), budget=D(60)), Part("b", D(50))])
    assert [(d.value, d.gap) for d in found] == [("b", D(50)), ("a", D(-30))]
    assert left == D(40)
    # Parts that were promised more than there is leave nothing for the others.
    found, left = drivers(D(100), [Part("a", D(30), budget=D(160)), Part("b", D(50), before=D(50))])
    assert [(d.value, d.expected) for d in found] == [("a", D(160)), ("b", D(0))]
    assert left == D(-60)


@given(AMOUNTS, st.lists(st.tuples(COSTS, st.none() | AMOUNTS, COSTS), max_size=8))
def test_drivers_add_up_to_the_gap_to_the_last_digit(
    budget: Decimal, told: list[tuple[Decimal, Decimal | None, Decimal]]
) -> None:
    parts = [Part(str(n), actual, own, before) for n, (actual, own, before) in enumerate(told)]
    found, left = drivers(budget, parts)
    assert {d.value for d in found} == {p.value for p in parts}
    with localcontext(WIDE):  # the sum of what nearly cancels keeps its last digits
        gaps, costs = (sum(some, start=D(0)) for some in ((d.gap for d in found), (p.actual for p in parts)))
        assert gaps - left == costs - budget
    assert [abs(d.gap) for d in found] == sorted((abs(d.gap) for d in found), reverse=True)
