"""Are the rates that a bill has seen told as they were charged, and before what files of prices say?"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.analytics.rates import BILL, ON_DEMAND, Offer, Rate, Sku
from finops_mcp.cache.offers import forget_offers, keep_offer
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.rates import Rates
from finops_mcp.errors import RateUnknown
from tests.support.homes import LIMITS, TinyHome, charge
from tests.support.offer_files import M5, write_plans, write_service
from tests.support.organisations import Row

D = Decimal
LINUX = Sku("AmazonEC2", M5.usage_type, M5.operation, "us-east-1")
COMPUTE = Offer("savings_plan", "ComputeSavingsPlans", 1, "No Upfront")
FEBRUARY = date(2026, 2, 1)
PLAN: dict[str, Any] = {
    "savings_plan_savings_plan_a_r_n": "arn:aws:savingsplans::104816291057:savingsplan/one",
    "savings_plan_offering_type": "ComputeSavingsPlans",
    "savings_plan_purchase_term": "1yr",
    "savings_plan_payment_option": "No Upfront",
    "savings_plan_start_time": "2025-06-01T00:00:00.000Z",
    "savings_plan_end_time": "2026-06-01T00:00:00.000Z",
}
RESERVED: dict[str, Any] = {
    "reservation_reservation_a_r_n": "arn:aws:ec2:us-east-1:104816291057:reserved-instances/two",
    "pricing_offering_class": "standard",
    "pricing_lease_contract_length": "3yr",
    "pricing_purchase_option": "Partial Upfront",
}


def used(kind: str, cost: str, hours: str, public: str, month: date = date(2026, 1, 1), **more: Any) -> Row:
    return charge(
        cost,
        month,
        line_item_line_item_type=kind,
        line_item_usage_type=M5.usage_type,
        line_item_usage_amount=hours,
        pricing_public_on_demand_cost=public,
        **more,
    )


def plan_rows(effective: str, hours: str, public: str, net: str | None = None, **plan: Any) -> list[Row]:
    covered: dict[str, Any] = {"savings_plan_savings_plan_effective_cost": effective}
    if net:
        covered["savings_plan_net_savings_plan_effective_cost"] = net
        covered["line_item_net_unblended_cost"] = net
    spent: dict[str, Any] = {
        "savings_plan_total_commitment_to_date": "1",
        "savings_plan_used_commitment": "1",
    }
    return [
        used("SavingsPlanCoveredUsage", public, hours, public, **covered, **plan),
        used("SavingsPlanNegation", f"-{public}", hours, "0", **plan),
        used("SavingsPlanRecurringFee", "1", "1", "0", **spent, **plan),
    ]


@pytest.fixture
def made(tiny_home: Callable[[], TinyHome]) -> TinyHome:
    return tiny_home()


def rates_of(made: TinyHome, *rows: Row, months: tuple[date, ...] = (date(2026, 1, 1),)) -> Rates:
    for month in months:
        made.deliver([r for r in rows if r["bill_billing_period_start_date"].month == month.month], month)
    made.refresh()
    return made.costs().rates


def test_use_on_demand_costs_what_was_posted_what_is_paid_and_what_is_public(made: TinyHome) -> None:
    net: dict[str, Any] = {"line_item_net_unblended_cost": "6.48"}
    rates = rates_of(made, used("Usage", "7.20", "72", "7.20", **net), used("Usage", "0", "50", "0"))
    rate = rates.rate(ON_DEMAND, LINUX)
    assert rate.rate == D("0.1")  # 7.20 / 72 h; hours that were free are no price
    assert (rate.net_rate, rate.list_rate) == (D("0.09"), D("0.1"))  # 6.48 / 72 h
    assert rate.negotiated
    assert (rate.source, rate.line_items, rate.unit, rate.currency) == (BILL, 1, "Hrs", "USD")
    assert (rate.seen_from, rate.seen_until) == (date(2026, 1, 5), date(2026, 1, 5))


def test_without_net_columns_no_net_rate_is_told(made: TinyHome) -> None:
    rate = rates_of(made, used("Usage", "7.20", "72", "7.20")).rate(ON_DEMAND, LINUX)
    assert (rate.rate, rate.net_rate, rate.negotiated) == (D("0.1"), None, False)


def test_spot_and_corrections_are_no_price_on_demand(made: TinyHome) -> None:
    spot = used("Usage", "1", "72", "7.20") | {"line_item_usage_type": "SpotUsage:m5.large"}
    corrected = used("Usage", "9", "72", "7.20", bill_bill_type="Refund")
    rates = rates_of(made, spot, corrected)
    assert rates.seen([LINUX, Sku("AmazonEC2", "SpotUsage:m5.large", "RunInstances")]) == []
    with pytest.raises(RateUnknown, match="No rate of on demand is known for AmazonEC2/us-east-1/BoxUsage"):
        rates.rate(ON_DEMAND, LINUX)


def test_covered_use_costs_what_its_plan_charged(made: TinyHome) -> None:
    rate = rates_of(made, *plan_rows("5.256", "72", "7.20", net="4.7304", **PLAN)).rate(COMPUTE, LINUX)
    assert rate.rate == D("0.073")  # 5.256 / 72 h
    assert (rate.net_rate, rate.list_rate) == (D("0.0657"), D("0.1"))  # 4.7304 / 72 h and 7.20 / 72 h
    assert (rate.line_items, rate.bought) == (1, date(2025, 6, 1))


def test_reserved_use_costs_what_its_reservation_did_fees_spread(made: TinyHome) -> None:
    use = used("DiscountedUsage", "0", "600", "96.00", reservation_effective_cost="60.00", **RESERVED)
    fee = used("RIFee", "36.00", "720", "0", reservation_unused_recurring_fee="6.00", **RESERVED)
    three = Offer("reserved", None, 3, "Partial Upfront", "standard")
    rate = rates_of(made, use, fee).rate(three, LINUX)
    assert (rate.rate, rate.all_in, rate.list_rate) == (D("0.1"), D("0.1"), D("0.16"))  # 60 and 96 / 600 h


def test_the_newest_month_speaks_and_of_two_plans_the_one_bought_last(made: TinyHome) -> None:
    later = PLAN | {
        "savings_plan_savings_plan_a_r_n": "arn:aws:savingsplans::104816291057:savingsplan/later",
        "savings_plan_start_time": "2025-12-01T00:00:00.000Z",
    }
    rates = rates_of(
        made,
        *plan_rows("5.256", "72", "7.20", **PLAN),  # 0.073
        *plan_rows("5.04", "72", "7.20", **later),  # 0.07
        used("Usage", "7.20", "72", "7.20"),
        used("Usage", "7.92", "72", "7.92", month=FEBRUARY),
        months=(date(2026, 1, 1), FEBRUARY),
    )
    assert rates.rate(COMPUTE, LINUX).rate == D("0.07")
    assert rates.rate(ON_DEMAND, LINUX).rate == D("0.11")
    seen = [r for r in rates.seen([LINUX]) if r.offer == ON_DEMAND]
    assert [(r.rate, r.seen_from) for r in seen] == [
        (D("0.1"), date(2026, 1, 5)),
        (D("0.11"), date(2026, 2, 5)),
    ]


def test_the_bill_speaks_before_files_and_files_where_it_is_silent(made: TinyHome, tmp_path: Path) -> None:
    rows = [used("Usage", "6.48", "72", "7.20"), *plan_rows("5.04", "72", "7.20", **PLAN)]
    rates_of(made, *rows)
    keep_offer(made.home, write_service(tmp_path / "a.json"), LIMITS)
    keep_offer(made.home, write_plans(tmp_path / "b.csv"), LIMITS)
    rates = made.costs().rates
    assert (rates.rate(COMPUTE, LINUX).rate, rates.rate(COMPUTE, LINUX).source) == (D("0.07"), BILL)
    assert rates.rate(ON_DEMAND, LINUX).rate == D("0.09")
    reserved = rates.rate(Offer("reserved", None, 1, "All Upfront", "standard"), LINUX)
    assert reserved.all_in == D("0.08")  # 700.80 / 8,760 h
    instance = Offer("savings_plan", "EC2InstanceSavingsPlans", 3, "All Upfront")
    assert rates.rate(instance, LINUX).rate == D("0.039")
    assert [f.offer_code for f in rates.files()] == ["AmazonEC2", "ComputeSavingsPlans"]
    forget_offers(made.home)
    with pytest.raises(RateUnknown, match="`finops-duck prices FILE`"):
        made.costs().rates.rate(instance, LINUX)


def test_an_answer_tells_the_files_it_rests_on_and_which_are_old(made: TinyHome, tmp_path: Path) -> None:
    rates_of(made, used("Usage", "7.20", "72", "7.20"))
    keep_offer(made.home, write_plans(tmp_path / "b.csv", published="2025-10-01T00:00:00Z"), LIMITS)
    rates = made.costs().rates
    instance = rates.rate(Offer("savings_plan", "EC2InstanceSavingsPlans", 3, "All Upfront"), LINUX)
    source = "ComputeSavingsPlans of us-east-1, version 20251001000000"
    told = f"Rates are from AWS's offer file {source}, published 2025-10-01"
    # from 1 October to the newest charge, 5 January: 31 + 30 + 31 + 4 days
    assert rates.caveats([instance, rates.rate(ON_DEMAND, LINUX)]) == [
        f"{told}, 96 days before the newest charge: give a newer one."
    ]
    assert rates.caveats([instance], old_after=timedelta(days=96)) == [f"{told}."]
    assert rates.caveats([rates.rate(ON_DEMAND, LINUX)]) == []


def test_a_server_sees_files_that_come_and_go(made: TinyHome, tmp_path: Path) -> None:
    rates_of(made, used("Usage", "7.20", "72", "7.20"))
    cache = Cache(made.home, LIMITS)

    def published() -> list[Rate]:
        return cache.costs().rates.published([LINUX])

    assert published() == []
    keep_offer(made.home, write_plans(tmp_path / "b.csv"), LIMITS)
    assert len(published()) == 2
    keep_offer(made.home, write_plans(tmp_path / "c.csv", published="2026-02-01T00:00:00Z"), LIMITS)
    assert {r.source for r in published()} == {"ComputeSavingsPlans of us-east-1, version 20260201000000"}
    forget_offers(made.home)
    assert published() == []


def test_every_rate_of_the_sample_is_what_its_charges_say(sample_home: Any) -> None:
    costs = Cache(sample_home, LIMITS).costs()
    skus = [
        Sku(*row)
        for row in costs.ask(
            "select distinct x_service_code, sku_meter, x_operation, region_id from charges_daily"
            " where commitment_discount_status = 'Used'"
        )
    ]
    seen = [r for r in costs.rates.seen(skus) if r.offer.kind != "on_demand"]
    ((covered, lines),) = costs.ask(
        "select sum(effective_cost), sum(x_charges) from charges_daily"
        " where commitment_discount_status = 'Used'"
    )
    assert sum(r.line_items for r in seen) == lines
    assert covered > 0
    assert all(r.offer.term_years and r.offer.payment_option for r in seen)
    assert all(r.list_rate is not None and 0 < r.rate < r.list_rate for r in seen)
