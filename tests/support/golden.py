"""The golden month of domain/finops.md A.5, as line items."""

from typing import Any

from tests.support.homes import charge
from tests.support.organisations import Row

SP1, SP2, RI1, RI2 = (
    {f"{kind}_{kind}_a_r_n": f"arn:aws:{kind}::104816291057:{number}"}
    for kind, number in (("savings_plan", 1), ("savings_plan", 2), ("reservation", 1), ("reservation", 2))
)


def row(kind: str, unblended: str, public: str, **columns: Any) -> Row:
    return charge(unblended, pricing_public_on_demand_cost=public, line_item_line_item_type=kind) | columns


def savings_plan(fee: str, public: str, effective: str, total: str, upfront: str, **plan: str) -> list[Row]:
    covered = {"savings_plan_savings_plan_effective_cost": effective}
    spent = {
        "savings_plan_total_commitment_to_date": total,
        "savings_plan_used_commitment": effective,
        "savings_plan_amortized_upfront_commitment_for_billing_period": upfront,
    }
    return [
        row("SavingsPlanCoveredUsage", public, public, **plan, **covered),
        row("SavingsPlanNegation", f"-{public}", f"-{public}", **plan),
        row("SavingsPlanRecurringFee", fee, "0", **plan, **spent),
    ]


def reservation_fee(cost: str, upfront: str, unused_upfront: str, unused_recurring: str, **ri: str) -> Row:
    return row(
        "RIFee",
        cost,
        "0",
        reservation_amortized_upfront_fee_for_billing_period=upfront,
        reservation_unused_amortized_upfront_fee_for_billing_period=unused_upfront,
        reservation_unused_recurring_fee=unused_recurring,
        **ri,
    )


def golden_rows() -> list[Row]:
    """Write out domain/finops.md A.5, line by line."""
    return [
        row("Usage", "72.576", "72.576"),
        row("Usage", "20.00", "60.00", line_item_usage_type="SpotUsage:m6i.large"),
        *savings_plan("72.00", "108.00", "64.80", "72.00", "0", **SP1),
        *savings_plan("36.00", "120.00", "72.00", "72.00", "36.00", **SP2),
        row("SavingsPlanUpfrontFee", "438.00", "0", **SP2),
        row("DiscountedUsage", "0", "96.00", reservation_effective_cost="60.00", **RI1),
        reservation_fee("36.00", "36.00", "6.00", "6.00", **RI1),
        row("Fee", "700.80", "0", **RI2),
        row("DiscountedUsage", "0", "86.40", reservation_effective_cost="57.60", **RI2),
        reservation_fee("0", "57.60", "0", "0", **RI2),
        row("Fee", "29.00", "0", line_item_product_code="AWSSupportBusiness"),
        row("Usage", "50.00", "50.00", bill_billing_entity="AWS Marketplace"),
        row("BundledDiscount", "-3.00", "0"),
        row("Credit", "-15.00", "0"),
        row("Refund", "-5.00", "0"),
        row("Tax", "10.00", "0"),
    ]
