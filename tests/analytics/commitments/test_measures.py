"""Are utilization, coverage, savings and the effective savings rate what the domain says they are?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.commitments.measures import (
    Denominator,
    Eligible,
    Paid,
    Reserved,
    Scope,
    cost_utilization,
    coverage,
    effective_savings_rate,
    net_savings,
    plan_utilization,
    reservation_utilization,
)

D = Decimal
amounts = st.decimals(0, 10**9, places=6)

# G-A1: SP1, SP2, RI1 and RI2 cover 108.00 + 120.00 + 96.00 + 86.40; they cost 64.80 + 72.00 + 60.00 + 57.60
# used and 7.20 + 0 + 12.00 + 0 unused; on demand 72.576; spot costs 20.00 and lists at 60.00.
COVERED, USED, UNUSED = D("410.40"), D("254.40"), D("19.20")
GOLDEN = Eligible(
    covered=Paid(USED, D("241.92"), COVERED, D("369.36")),  # net: 58.32 + 72.00 + 54.00 + 57.60
    unused=Paid(UNUSED, D("17.28")),  # net: 6.48 + 10.80
    on_demand=Paid(D("72.576"), D("72.576"), D("72.576"), D("65.3184")),
    spot=Paid(D(20), D(20), D(60), D(54)),
)


def percent(share: Decimal | None) -> Decimal:
    assert share is not None
    return (share * 100).quantize(D("0.01"))


def test_golden_g_b1_savings_and_coverage() -> None:
    assert net_savings(COVERED, USED, UNUSED) == D("136.80")
    assert percent(coverage(COVERED, D("72.576"))) == D("84.97")


def test_golden_g_b1_utilization() -> None:
    assert plan_utilization(D("64.80"), D("72.00")) == D("0.9")
    # RI1 held 720 h, of which 600 were used.
    share, counted = reservation_utilization([Reserved(D(720), D(120))])
    assert (percent(share), counted) == (D("83.33"), "hours")


@pytest.mark.parametrize(
    ("scope", "denominator", "expected"),
    [
        ("rate.commitments", "list", "28.32"),  # 1 - (254.40 + 19.20 + 72.576) / (410.40 + 72.576)
        ("rate.all", "list", "32.56"),  # 1 - (346.176 + 20) / (482.976 + 60)
        ("rate.net", "list", "35.21"),  # 1 - (241.92 + 17.28 + 72.576 + 20) / 542.976
        ("rate.commitments", "contracted", "20.36"),  # 10 % off list: 1 - 346.176 / 434.6784
        ("rate.all", "contracted", "25.07"),  # 1 - 366.176 / 488.6784
        ("rate.net", "contracted", "28.01"),  # 1 - 351.776 / 488.6784
    ],
)
def test_golden_g_b1_effective_savings_rates(scope: Scope, denominator: Denominator, expected: str) -> None:
    assert percent(effective_savings_rate(GOLDEN, scope, denominator)) == D(expected)


@pytest.mark.parametrize(
    ("reserved", "unused", "used_cost", "unused_cost", "equivalent", "share", "saved"),
    [
        ("15145.1601", "3166.6599", "232.2538", "48.9956", "338.0206", "79.09", "56.7712"),
        ("14760.0", "2880.0", "231.4004", "43.2164", "336.2400", "80.49", "61.6232"),
        ("15252.0", "3319.5", "230.8955", "52.8752", "336.2018", "78.24", "52.4311"),
    ],
)
def test_a_real_report_by_normalised_units(
    reserved: str, unused: str, used_cost: str, unused_cost: str, equivalent: str, share: str, saved: str
) -> None:
    # The table of B.2; its last column was rounded after the subtraction, hence one unit of its last digit.
    found, counted = reservation_utilization([Reserved(D(1), D(0), D(reserved), D(unused))])
    assert (percent(found), counted) == (D(share), "normalized_units")
    assert net_savings(D(equivalent), D(used_cost), D(unused_cost)) == D(saved)


def test_by_cost_the_same_november_is_another_share() -> None:
    assert percent(cost_utilization(D("231.4004"), D("43.2164"))) == D("84.26")


def test_what_has_sizes_and_what_has_none_have_no_common_utilization() -> None:
    sized, single = Reserved(D(10), D(1), D(40), D(4)), Reserved(D(10), D(5))
    assert reservation_utilization([sized, single]) == (None, None)
    assert reservation_utilization([sized, sized])[0] == D("0.9")


def test_what_is_not_told_is_absent_and_not_zero() -> None:
    assert reservation_utilization([Reserved(D(10), D(1), D(40), None)]) == (None, None)
    assert reservation_utilization([]) == (None, None)
    assert plan_utilization(D(0), D(0)) is None
    assert coverage(D(0), D(0)) is None
    untold = Eligible(GOLDEN.covered, GOLDEN.unused, Paid(D(1), None, D(1), None))
    assert effective_savings_rate(untold, "rate.net") is None
    assert effective_savings_rate(untold, "rate.all", "contracted") is None
    assert effective_savings_rate(Eligible(Paid(), Paid(D(1)), Paid()), "rate.all") is None


@given(covered=amounts, used=amounts, unused=amounts, on_demand=amounts)
def test_the_rate_times_the_equivalent_is_the_net_savings(
    covered: Decimal, used: Decimal, unused: Decimal, on_demand: Decimal
) -> None:
    use = Eligible(Paid(used, used, covered), Paid(unused), Paid(on_demand, on_demand, on_demand))
    rate = effective_savings_rate(use, "rate.commitments")
    if rate is None:
        assert covered + on_demand == 0
        return
    assert abs(rate * (covered + on_demand) - net_savings(covered, used, unused)) < D("0.000001")
