"""Which of several known rates speaks, and what does a fee paid upfront add to an hour?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from finops_mcp.analytics.rates import BILL, ON_DEMAND, Offer, Rate, Sku, by_sku_and_offer, in_force

D = Decimal
SKU = Sku("AmazonEC2", "BoxUsage:m5.large", "RunInstances", "us-east-1")
PLAN = Offer("savings_plan", "ComputeSavingsPlans", 1, "No Upfront")
FILE = Rate(SKU, PLAN, "Hrs", "USD", D("0.073"), "a file", published=datetime(2026, 1, 12, tzinfo=UTC))
SEEN = Rate(SKU, PLAN, "Hrs", "USD", D("0.07"), BILL, seen_until=date(2026, 1, 31), line_items=9)


def chosen(*known: Rate, offer: Offer = PLAN, sku: Sku = SKU, **how: str) -> Rate | None:
    found = in_force(known, offer, sku, **how)  # type: ignore[arg-type]
    assert found == in_force(reversed(known), offer, sku, **how)  # type: ignore[arg-type]
    return found


def test_the_bill_speaks_before_a_file() -> None:
    assert chosen(FILE, SEEN) == SEEN
    assert chosen(FILE) == FILE
    assert chosen() is None


def test_of_the_bill_the_newest_month_speaks_then_the_plan_bought_last() -> None:
    later = replace(SEEN, rate=D("0.09"), seen_until=date(2026, 2, 2))
    assert chosen(SEEN, later) == later
    bought = replace(SEEN, rate=D("0.08"), bought=date(2025, 6, 1))
    assert chosen(bought, replace(bought, rate=D("0.06"), bought=date(2024, 6, 1))) == bought


def test_of_files_the_newest_speaks_and_a_rate_of_the_operation_before_one_of_any() -> None:
    newer = replace(FILE, rate=D("0.08"), published=datetime(2026, 2, 1, tzinfo=UTC))
    assert chosen(FILE, newer) == newer
    of_any = replace(FILE, sku=replace(SKU, operation=None), rate=D("0.5"))
    assert chosen(FILE, of_any) == FILE
    assert chosen(of_any) == of_any


def test_a_rate_of_another_region_operation_offer_or_currency_does_not_fit() -> None:
    for other in (
        replace(FILE, sku=replace(SKU, region_id="eu-west-1")),
        replace(FILE, sku=replace(SKU, operation="RunInstances:0002")),
        replace(FILE, sku=replace(SKU, meter="BoxUsage:m5.xlarge")),
        replace(FILE, sku=replace(SKU, service_code="AmazonRDS")),
        replace(FILE, offer=replace(PLAN, term_years=3)),
    ):
        assert chosen(other) is None
    assert chosen(FILE, currency="CNY") is None
    assert chosen(FILE, currency="USD") == FILE


def test_of_rates_that_differ_in_nothing_else_no_saving_is_promised_that_is_not_sure() -> None:
    dearer = replace(FILE, rate=D("0.09"))
    assert chosen(FILE, dearer) == dearer
    one, cheaper = (replace(FILE, offer=ON_DEMAND, rate=D(r)) for r in ("0.2", "0.1"))
    assert chosen(one, cheaper, offer=ON_DEMAND) == cheaper


def test_the_tier_speaks_in_which_the_next_unit_stands() -> None:
    first = replace(FILE, offer=ON_DEMAND, rate=D("0.1"), up_to_quantity=D(100))
    second = replace(FILE, offer=ON_DEMAND, rate=D("0.2"), from_quantity=D(100))
    for quantity, tier in ((0, first), (99, first), (100, second), (10**6, second)):
        assert in_force([second, first], ON_DEMAND, SKU, quantity=D(quantity)) == tier


def test_a_fee_upfront_is_spread_over_the_hours_of_its_term() -> None:
    one = Offer("reserved", None, 1, "All Upfront", "standard")
    assert replace(FILE, offer=one, rate=D(0), upfront=D("700.80")).all_in == D("0.08")  # / 8,760 h
    three = replace(one, term_years=3)
    assert replace(FILE, offer=three, rate=D("0.01"), upfront=D("1314")).all_in == D("0.06")  # / 26,280 h
    assert FILE.all_in == D("0.073")


def test_rates_are_put_as_the_simulator_takes_them() -> None:
    partial = Offer("reserved", None, 1, "Partial Upfront", "standard")
    other = Sku("AmazonEC2", "BoxUsage:m5.xlarge", "RunInstances", "us-east-1")
    known = [FILE, SEEN, replace(FILE, offer=partial, rate=D("0.03"), upfront=D("438"))]
    assert SKU.key == "AmazonEC2/us-east-1/BoxUsage:m5.large/RunInstances"
    assert by_sku_and_offer(known, [SKU, other], [PLAN, partial]) == {
        (SKU.key, "ComputeSavingsPlans, 1 yr, No Upfront"): D("0.07"),
        (SKU.key, "reservation, standard, 1 yr, Partial Upfront"): D("0.08"),  # 0.03 + 438 / 8,760 h
    }


def test_only_a_price_below_the_public_one_is_negotiated() -> None:
    seen = replace(SEEN, offer=ON_DEMAND, rate=D("0.1"), list_rate=D("0.1"))
    assert not seen.negotiated
    assert replace(seen, net_rate=D("0.09")).negotiated
    assert replace(seen, rate=D("0.08")).negotiated
    assert not replace(seen, list_rate=None, net_rate=D("0.09")).negotiated
