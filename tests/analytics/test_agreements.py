"""Does an agreement's year burn down, land and fall short as its contract counts?"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.agreements import (
    BurnDown,
    effective_discount,
    excess,
    landing,
    marketplace_cap,
    pace,
    required_monthly,
    run_rate,
    shortfall,
)

D = Decimal
amounts = st.decimals(0, 10**9, places=2)
NEWEST = [D(88_000), D(93_000), D(95_000), D(91_000)]
MONTHS_LEFT = D(4)


def burned(commitment: int) -> BurnDown:
    """G-C1: eight months, 720,000 eligible; 320,000 of marketplace, of which a quarter may count."""
    cap = marketplace_cap(D(commitment), D(25))
    return BurnDown(D(commitment), D(720_000), D(320_000), cap)


def test_golden_g_c1_the_cap_binds_and_the_year_ends_in_excess() -> None:
    year = burned(1_200_000)
    assert (year.marketplace_counted, year.counted, year.utilization) == (D(300_000), D(1_020_000), D("0.85"))
    rate = run_rate(NEWEST)
    assert rate == 93_000  # (93 + 95 + 91) / 3
    landed = landing(year, rate, MONTHS_LEFT)
    assert landed == 1_392_000  # 1,020,000 + 4 x 93,000
    assert (excess(D(1_200_000), landed), shortfall(D(1_200_000), landed)) == (D(192_000), D(0))
    assert pace(year.counted, D(1_200_000) * 8 / 12) == D("1.275")  # 1,020,000 / 800,000
    assert required_monthly(year, MONTHS_LEFT) == 45_000  # (1,200,000 - 1,020,000) / 4


def test_golden_g_c1_the_cap_does_not_bind_and_the_year_falls_short() -> None:
    year = burned(1_600_000)
    assert (year.marketplace_counted, year.counted, year.utilization) == (D(320_000), D(1_040_000), D("0.65"))
    landed = landing(year, D(93_000), MONTHS_LEFT)
    short = shortfall(D(1_600_000), landed)
    assert (landed, short, excess(D(1_600_000), landed)) == (D(1_412_000), D(188_000), D(0))
    assert required_monthly(year, MONTHS_LEFT) == 140_000  # 560,000 / 4
    # 8 % of 1,092,000 eligible are 87,360, and 188,000 are invoiced: (87,360 - 188,000) / 1,092,000.
    assert effective_discount(D(87_360), short, D(1_092_000)) == D(-100_640) / D(1_092_000)


def test_what_was_carried_over_counts_and_without_a_cap_the_marketplace_counts_whole() -> None:
    year = BurnDown(D(100), D(40), marketplace=D(70), carried=D(5))
    assert (year.marketplace_counted, year.counted) == (D(70), D(115))
    assert required_monthly(year, MONTHS_LEFT) == 0


def test_what_cannot_be_told_is_absent_and_not_zero() -> None:
    assert run_rate(NEWEST[:2]) is None
    assert BurnDown(D(0), D(1)).utilization is None
    assert pace(D(1), D(0)) is None
    assert effective_discount(D(0), D(1), D(0)) is None
    assert required_monthly(BurnDown(D(2), D(1)), D(0)) is None


@given(commitment=amounts, eligible=amounts, marketplace=amounts, cap=amounts, monthly=amounts)
def test_a_year_lands_in_excess_or_short_and_what_is_required_lands_it(
    commitment: Decimal, eligible: Decimal, marketplace: Decimal, cap: Decimal, monthly: Decimal
) -> None:
    year = BurnDown(commitment, eligible, marketplace, cap)
    assert year.marketplace_counted <= cap
    landed = landing(year, monthly, MONTHS_LEFT)
    assert landed == commitment + excess(commitment, landed) - shortfall(commitment, landed)
    needed = required_monthly(year, MONTHS_LEFT)
    assert needed is not None
    assert landing(year, needed, MONTHS_LEFT) == max(commitment, year.counted)
