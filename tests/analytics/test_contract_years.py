"""Do the years of an agreement stand and land as the domain's arithmetic says? (domain spec C.2, C.3, C.4)"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import gamma, pi, sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.contract_years import Month, Term, Year, cap_of, months_of, standing
from finops_mcp.analytics.landings import _T90, months_ahead
from finops_mcp.analytics.negotiated import Rates, rate_kind
from finops_mcp.analytics.opportunities import Spend, opportunities

D = Decimal
ZERO = D(0)
START, END = date(2026, 1, 1), date(2027, 1, 1)
# G-C1: 720,000 in eight months, of which the newest three are 93,000, 95,000 and 91,000.
EIGHT = [D(88_200)] * 5 + [D(93_000), D(95_000), D(91_000)]
amounts = st.integers(0, 10_000_000).map(lambda n: D(n) / 100)


def term(eligible: Sequence[Decimal], marketplace: Decimal = ZERO, running: int = 0) -> Term:
    """Make up months from January on; the last `running` of them are not whole yet."""
    found = {}
    for n, (month, amount) in enumerate(zip(months_of(START, date(2028, 1, 1)), eligible, strict=False)):
        whole = n < len(eligible) - running
        found[month] = Month(amount, amount / D("0.9"), marketplace if n == 0 else D(0), whole)
    return Term(found)


def year(commitment: int, cap: Decimal | None = None) -> Year:
    return Year(START, END, D(commitment), cap, gross=False)


@pytest.mark.parametrize(
    ("commitment", "counted", "landed", "excess", "shortfall"),
    [
        # cap 25 % of 1,200,000 = 300,000 < 320,000; 720,000 + 300,000; + 4 * 93,000
        (1_200_000, 1_020_000, 1_392_000, 192_000, 0),
        # cap 400,000 does not bind; 720,000 + 320,000; + 4 * 93,000 = 1,412,000; 1,600,000 - 1,412,000
        (1_600_000, 1_040_000, 1_412_000, 0, 188_000),
    ],
)
def test_golden_c1(commitment: int, counted: int, landed: int, excess: int, shortfall: int) -> None:
    cap = cap_of([D(commitment)], 0, D(25), D(0), of_term=False)
    found = standing(year(commitment, cap), term(EIGHT, D(320_000)), date(2026, 8, 31))
    assert (found.state, found.months_left) == ("running", 4)
    assert found.burned.counted == counted
    assert (found.landing, found.excess, found.shortfall) == (D(landed), D(excess), D(shortfall))


def test_the_rest_of_golden_c1_follows() -> None:
    found = standing(year(1_600_000, D(400_000)), term(EIGHT, D(320_000)), date(2026, 8, 31))
    assert found.required_monthly == D(140_000)  # (1,600,000 - 1,040,000) / 4
    # 243 of 365 days are gone: 1,040,000 / (1,600,000 * 243 / 365)
    assert found.pace is not None
    assert found.pace.quantize(D("0.000001")) == D("0.976337")
    assert found.discount == D(80_000)  # a ninth of 720,000
    # Eligible spend is to grow by 372,000, and discount and gross with it.
    grown = 1 + D(372_000) / D(720_000)
    assert found.effective_discount == (80_000 * grown - 188_000) / (D(800_000) * grown)


def test_a_running_month_is_one_of_those_to_come_and_holds_at_least_what_it_has() -> None:
    calm = standing(year(1_200_000), term([*EIGHT, D(10_000)], running=1), date(2026, 9, 4))
    assert calm.burned.counted == D(730_000)
    assert calm.landing == D(720_000) + 4 * D(93_000)
    full = standing(year(1_200_000), term([*EIGHT, D(200_000)], running=1), date(2026, 9, 4))
    assert full.landing == D(720_000) + D(200_000) + 3 * D(93_000)


def test_a_missing_month_leaves_no_landing_and_nothing_to_carry() -> None:
    gone = term(EIGHT)
    del gone.months[date(2026, 3, 1)]  # type: ignore[attr-defined]
    found = standing(year(1_200_000), Term(gone.months, [date(2026, 3, 1)]), date(2026, 8, 31))
    assert found.state == "incomplete data"
    assert found.burned.counted == D(720_000) - D(88_200)
    assert (found.landing, found.pace, found.between, found.required_monthly) == (None,) * 4


def test_a_year_that_is_over_lands_where_it_stands_and_carries_its_excess() -> None:
    found = standing(year(1_000_000), term([D(100_000)] * 12), date(2027, 3, 5))
    assert (found.state, found.landing, found.carries) == ("over", D(1_200_000), D(200_000))
    assert found.between is None
    after = Year(END, date(2028, 1, 1), D(1_000_000), None, gross=False)
    assert standing(after, Term({}), date(2027, 3, 5), found.carries).burned.counted == D(200_000)


def test_before_three_whole_months_no_landing_is_told() -> None:
    found = standing(year(1_200_000), term(EIGHT[:2]), date(2026, 2, 28))
    assert (found.landing, found.between, found.shortfall, found.effective_discount) == (None,) * 4
    assert found.discount is not None


def test_a_cap_of_the_term_leaves_the_next_year_what_is_left_of_it() -> None:
    both = [D(100), D(300)]
    assert cap_of(both, 1, D(25), D(60), of_term=True) == D(40)  # a quarter of 400, less 60
    assert cap_of(both, 1, D(25), D(160), of_term=True) == 0
    assert cap_of(both, 1, D(25), D(60), of_term=False) == D(75)
    assert cap_of(both, 1, None, D(60), of_term=True) is None


def below(t: float, freedom: int, steps: int = 20_000) -> float:
    """Integrate Student's density from 0 to t with Simpson's rule, and add the lower half."""
    at = gamma((freedom + 1) / 2) / (sqrt(freedom * pi) * gamma(freedom / 2))
    width = t / steps
    weights = (1 if n in {0, steps} else 4 if n % 2 else 2 for n in range(steps + 1))
    power = -(freedom + 1) / 2
    area = sum(w * (1 + (n * width) ** 2 / freedom) ** power for n, w in enumerate(weights))
    return 0.5 + at * float(area) * width / 3


@pytest.mark.parametrize(("freedom", "t"), list(enumerate(_T90, start=1)))
def test_nine_in_ten_lie_below_each_t(freedom: int, t: float) -> None:
    assert below(t, freedom) == pytest.approx(0.9, abs=1e-5)


def test_the_interval_of_months_to_come_is_the_arithmetic_of_a_prediction() -> None:
    # 90, 100, 110: mean 100, stdev 10, t of 2 degrees 1.8856; two ahead: 10 * sqrt(2 + 4/3) = 18.257
    found = months_ahead([D(90), D(100), D(110)], 2)
    assert found is not None
    assert (found.p10, found.p50, found.p90) == (D("165.57"), D("200.00"), D("234.43"))
    assert months_ahead([D(1), D(2)], 2) is None


@given(st.lists(amounts, min_size=3, max_size=20), st.integers(1, 12))
def test_an_interval_holds_its_middle_and_moves_with_what_is_known(months: list[Decimal], ahead: int) -> None:
    found = months_ahead(months, ahead)
    assert found is not None
    assert found.p10 <= found.p50 <= found.p90
    newest = [float(m) for m in months[-12:]]
    assert float(found.p50) == pytest.approx(ahead * fmean(newest), abs=0.006)
    assert (found.p10 == found.p90) == (round(stdev(newest), 2) == 0) or stdev(newest) < 0.01
    assert found.plus(D(7)).p90 - found.p90 == 7


@given(amounts, amounts, amounts, st.integers(1, 12))
def test_a_landing_is_short_or_beyond_and_never_both(a: Decimal, b: Decimal, c: Decimal, months: int) -> None:
    series = ([a, b, c] * 4)[: max(months, 3)]
    found = standing(year(500_000), term(series), date(2026, len(series), 28))
    assert found.landing is not None
    assert found.shortfall is not None
    assert found.excess is not None
    assert found.landing + found.shortfall - found.excess == D(500_000)
    assert min(found.shortfall, found.excess) == 0
    assert found.landing >= found.burned.counted


@given(amounts, st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_list_less_what_comes_off_is_net_and_what_was_missed_makes_it_the_contracts(
    listed: Decimal, off: int, percent: int, contract: int
) -> None:
    contracted = listed * (100 - off) / 100
    rates = Rates(listed, contracted, contracted * (100 - percent) / 100)
    if rates.d_list is None or rates.d_edp is None or rates.d_total is None:
        assert 0 in {rates.list, rates.contracted}
        return
    assert abs((1 - rates.d_list) * (1 - rates.d_edp) - (1 - rates.d_total)) < D("1e-20")
    missed = rates.missed(D(contract) / 100)
    assert (missed is None) == (abs(percent - contract) * D("0.01") <= D("0.005"))
    if missed is not None:
        assert rates.net - missed == contracted * (100 - contract) / 100


def test_half_a_point_is_not_told_and_more_is() -> None:
    assert Rates(D(1000), D(1000), D(905)).missed(D("0.10")) is None  # 9.5 %
    assert Rates(D(1000), D(1000), D(906)).missed(D("0.10")) == D(6)  # 9.4 %: 100 - 94
    assert Rates(D(1000), D(1000), D(880)).missed(D("0.10")) == D(-20)  # 12 %


@pytest.mark.parametrize(
    ("contracted", "tier", "private", "kind"),
    [
        (1000, 0, 0, "list"),
        (996, 4, 0, "list"),
        (900, 100, 0, "tier"),
        (900, 0, 100, "private rate"),
        (900, 0, 0, "tier or private rate"),
        (900, 50, 50, "several"),
        (900, 50, 0, "several"),
    ],
)
def test_a_rate_is_named_after_what_put_it_below_list(
    contracted: int, tier: int, private: int, kind: str
) -> None:
    assert rate_kind(Rates(D(1000), D(contracted), D(contracted)), D(tier), D(private)) == kind


def test_opportunities_are_ranked_by_money_and_one_point_is_a_hundredth_of_a_year() -> None:
    grown = [D(100)] * 3 + [D(130)] * 3
    parts = [
        Spend("B", grown),
        Spend("A", [D(1000)] * 6, by_volume=D(4000), has_private_rate=True),
        Spend("support", [D(200)] * 6),
        Spend("small", [D(1)] * 6),
    ]
    found = opportunities(parts, D("0.05"))
    assert [one.spend.part for one in found] == ["A", "support", "B"]
    assert [one.annual for one in found] == [12_000, 2_400, 1_380]  # 690 in six months, doubled
    assert [one.one_point for one in found] == [D(120), D(24), D("13.8")]
    assert found[0].reason == "has a private rate: renew it; mostly storage or transfer, priced by volume"
    assert found[2].reason == "no private rate: ask for a rate card; grew by 30% in three months"
    assert found[0].share == D(6000) / D(7896)  # 6,000 + 1,200 + 690 + 6
