"""The same charges as FOCUS has them: line items under CUR 2.0's names in, FOCUS rows out.

Written from the specification's words (domain specification, A.2 and A.6) and from nothing of the product,
so that the product's own reading of a Cost and Usage Report can be held against it.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
ZERO = Decimal(0)
SPLIT_OPERATIONS = ("EKSPod-EC2", "ECSTask-EC2")
FEES = ("RIFee", "SavingsPlanRecurringFee")
COVERED = ("DiscountedUsage", "SavingsPlanCoveredUsage")
RECURRING = (*FEES, "FlatRateSubscription")
ONE_TIME = ("Fee", "SavingsPlanUpfrontFee", "Credit", "Refund")
CATEGORIES = {
    **dict.fromkeys((*RECURRING, "Fee", "SavingsPlanUpfrontFee"), "Purchase"),
    "Tax": "Tax",
    "Credit": "Credit",
    "Refund": "Adjustment",
}
SERVICES = {"AmazonEC2": "Compute", "AmazonS3": "Storage", "AmazonRDS": "Databases"}


def focus_rows(rows: Iterable[Row], version: str = "1.2") -> list[dict[str, Any]]:
    """Return charges as a FOCUS export of a version would list them."""
    return [charge for row in rows for charge in _charges(row, version)]


def net(row: Row) -> Decimal:
    """Return what is invoiced for a line item: after private discounts wherever the export tells them."""
    return _first(row, "line_item_net_unblended_cost", "line_item_unblended_cost")


def net_amortized(row: Row) -> Decimal:
    """Return a line item's accrued cost after private discounts; of a fee, what went unused."""
    kind = row["line_item_line_item_type"]
    if kind == "DiscountedUsage":
        return _first(row, "reservation_net_effective_cost", "reservation_effective_cost")
    if kind == "RIFee":
        parts = ("unused_amortized_upfront_fee_for_billing_period", "unused_recurring_fee")
        return sum((_first(row, f"reservation_net_{part}", f"reservation_{part}") for part in parts), ZERO)
    if kind == "SavingsPlanCoveredUsage":
        return _first(
            row, "savings_plan_net_savings_plan_effective_cost", "savings_plan_savings_plan_effective_cost"
        )
    if kind == "SavingsPlanRecurringFee":
        total, used = (
            row[f"savings_plan_{part}"] for part in ("total_commitment_to_date", "used_commitment")
        )
        return (Decimal(total) - Decimal(used)) * _kept(row)
    return ZERO if is_upfront(row) or kind == "SavingsPlanNegation" else net(row)


def is_upfront(row: Row) -> bool:
    """Return whether a line item pays for a commitment in advance, or gives such a payment back."""
    kind = row["line_item_line_item_type"]
    if kind == "Refund":
        return str(row.get("line_item_line_item_description")).startswith("Refund for one-time fee")
    return kind == "SavingsPlanUpfrontFee" or (
        kind == "Fee" and bool(row.get("reservation_reservation_a_r_n"))
    )


def _kept(row: Row) -> Decimal:
    """Return which part of a plan's commitment private discounts leave."""
    part = "amortized_upfront" if row.get("savings_plan_payment_option") == "All Upfront" else "recurring"
    names = (f"savings_plan_{net_}{part}_commitment_for_billing_period" for net_ in ("net_", ""))
    after, before = (row.get(name) for name in names)
    return Decimal(after) / Decimal(before) if after is not None and before else Decimal(1)


def _charges(row: Row, version: str) -> Iterator[dict[str, Any]]:
    kind = row["line_item_line_item_type"]
    if kind == "SavingsPlanNegation" or row.get("line_item_operation") in SPLIT_OPERATIONS:
        return
    charge = _described(row, version)
    if kind in FEES:
        yield charge | _amounts(net(row), ZERO, ZERO, net(row))
        if unused := net_amortized(row):
            words = {
                "ChargeCategory": "Usage", "ChargeFrequency": "Usage-Based", "PricingCategory": "Committed",
                "CommitmentDiscountStatus": "Unused", "ChargeDescription": "Unused commitment",
            }  # fmt: skip
            yield charge | words | _amounts(ZERO, unused, ZERO, ZERO)
        return
    billed = ZERO if kind == "SavingsPlanCoveredUsage" else net(row)
    public = Decimal(row.get("pricing_public_on_demand_cost") or 0)
    contracted = {"SavingsPlanCoveredUsage": net(row), "DiscountedUsage": public}.get(kind, billed)
    listed = public if kind in COVERED else ZERO if is_upfront(row) else public or billed
    yield charge | _amounts(billed, net_amortized(row), listed, contracted)


def _amounts(billed: Decimal, effective: Decimal, listed: Decimal, contracted: Decimal) -> dict[str, Decimal]:
    return {
        "BilledCost": billed, "EffectiveCost": effective, "ListCost": listed, "ContractedCost": contracted,
    }  # fmt: skip


def _described(row: Row, version: str) -> dict[str, Any]:
    """Return everything about a charge but its amounts."""
    kind, product = row["line_item_line_item_type"], row.get("product") or {}
    plan, reservation = (
        row.get(f"{of}_a_r_n") for of in ("savings_plan_savings_plan", "reservation_reservation")
    )
    usage_type, code = row.get("line_item_usage_type"), row.get("line_item_product_code")
    start = row["line_item_usage_start_date"]
    early = start < row["bill_billing_period_start_date"]
    charge = {
        "BillingAccountId": row["bill_payer_account_id"],
        "BillingAccountName": row.get("bill_payer_account_name"),
        "BillingCurrency": row["line_item_currency_code"],
        "BillingPeriodStart": row["bill_billing_period_start_date"],
        "BillingPeriodEnd": row["bill_billing_period_end_date"],
        "ChargePeriodStart": start,
        "ChargePeriodEnd": row["line_item_usage_end_date"],
        "ChargeCategory": "Purchase" if is_upfront(row) else CATEGORIES.get(kind, "Usage"),
        "ChargeClass": "Correction" if early or row.get("bill_bill_type") == "Refund" else None,
        "ChargeDescription": row.get("line_item_line_item_description"),
        "ChargeFrequency": "Recurring" if kind in RECURRING else "One-Time" if kind in ONE_TIME
        else "Usage-Based",
        "CommitmentDiscountId": plan or reservation,
        "CommitmentDiscountType": "Savings Plan" if plan else "Reservation" if reservation else None,
        "CommitmentDiscountCategory": "Spend" if plan else "Usage" if reservation else None,
        "CommitmentDiscountStatus": "Used" if kind in COVERED else None,
        "InvoiceIssuerName": row.get("bill_invoicing_entity") or row.get("line_item_legal_entity"),
        "PricingCategory": None if kind == "Tax" else "Committed" if kind in COVERED
        else "Dynamic" if "SpotUsage" in (usage_type or "") else "Standard",
        "PricingQuantity": row.get("line_item_usage_amount"),
        "PricingUnit": row.get("pricing_unit"),
        "ProviderName": "AWS",
        "PublisherName": row.get("line_item_legal_entity"),
        "RegionId": row.get("product_region_code") or product.get("region"),
        "RegionName": product.get("location"),
        "ResourceId": row.get("line_item_resource_id"),
        "ServiceCategory": SERVICES.get(code or "", "Other"),
        "ServiceName": product.get("product_name") or code,
        "SkuId": row.get("product_sku"),
        "SubAccountId": row["line_item_usage_account_id"],
        "SubAccountName": row.get("line_item_usage_account_name"),
        "Tags": row.get("resource_tags"),
        "x_Operation": row.get("line_item_operation"),
        "x_ServiceCode": code,
    }  # fmt: skip
    newer = {"InvoiceId": row.get("bill_invoice_id"), "SkuMeter": usage_type}
    older = {"x_UsageType": usage_type, "x_CostCategories": row.get("cost_category")}
    return charge | (newer if version == "1.2" else older)


def _first(row: Row, *columns: str) -> Decimal:
    """Return the first amount that there is."""
    return next((Decimal(row[name]) for name in columns if row.get(name) is not None), ZERO)
