"""Are commitments paid and earned in the same sum, and break even when they should?"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.cash import (
    UPFRONT_SHARES,
    Month,
    Payment,
    break_even_days,
    break_even_hours,
    flows,
    net_present_value,
)

D = Decimal
HOURS = [744, 672, 744]


def test_golden_all_upfront_breaks_even_after_243_days() -> None:
    # 700.80 / 0.12 = 5,840 hours.
    assert break_even_hours(D("700.80"), D(0), D("0.12")) == 5840
    days = break_even_days(D("700.80"), D(0), D("0.12"))
    assert days is not None
    assert round(days, 1) == D("243.3")


def test_what_is_paid_by_the_hour_counts_against_it() -> None:
    assert break_even_hours(D(30), D("0.05"), D("0.08")) == 1000
    assert break_even_hours(D(0), D("0.05"), D("0.08")) == 0
    assert break_even_hours(D(30), D("0.08"), D("0.08")) is None
    assert break_even_days(D(30), D("0.09"), D("0.08")) is None


def test_cash_and_accrual_by_payment() -> None:
    # 0.10 an hour over 2,160 hours: 216.00.
    accruals = [D("74.4"), D("67.2"), D("74.4")]
    found = {name: flows(D("0.10"), HOURS, share) for name, share in UPFRONT_SHARES.items()}
    assert [month.accrual for month in found["All Upfront"]] == accruals
    cash: dict[Payment, list[Decimal]] = {name: [month.cash for month in found[name]] for name in found}
    assert cash["No Upfront"] == accruals
    assert cash["Partial Upfront"] == [D(108) + D("37.2"), D("33.6"), D("37.2")]
    assert cash["All Upfront"] == [D(216), D(0), D(0)]


def test_a_discount_rate_makes_what_comes_late_worth_less() -> None:
    assert net_present_value(D(100), [D(60), D(60)], D(0)) == 20
    # 21 % a year is 1.21 ** (6 / 12) = 1.1 in half a year: -100 + 110 / 1.1 + 121 / 1.21.
    later = [D(0)] * 5 + [D(110)] + [D(0)] * 5 + [D(121)]
    assert round(net_present_value(D(100), later, D("0.21")), 20) == 100


@given(
    cents=st.integers(0, 10**6),
    hours=st.lists(st.integers(1, 744), min_size=1, max_size=36),
    share=st.sampled_from(sorted(UPFRONT_SHARES.values())),
)
def test_cash_and_accrual_come_to_the_same(cents: int, hours: list[int], share: Decimal) -> None:
    months: list[Month] = flows(D(cents) / 100, hours, share)
    assert len(months) == len(hours)
    assert sum(month.cash for month in months) == sum(month.accrual for month in months)
