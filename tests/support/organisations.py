"""Which charges a small organisation could have: random line items that keep AWS's own rules.

Rows carry CUR 2.0's names and exact decimals. Whatever is drawn, the amortization identity holds for every
billing period, negations cancel what they negate, and split-cost rows cost nothing. A private agreement may
take a tenth off: in rows of its own, or in the net columns.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

Row = dict[str, Any]
ZERO = Decimal(0)
PAYER = "104816291057"
ACCOUNTS = {PAYER: "organisation", "215530417762": "platform", "418273650915": "storefront"}
SERVICES = {
    "AmazonEC2": ("Amazon Elastic Compute Cloud", "BoxUsage:m6i.large", "RunInstances"),
    "AmazonRDS": (
        "Amazon Relational Database Service",
        "InstanceUsage:db.r6g.large",
        "CreateDBInstance:0014",
    ),
    "AmazonS3": ("Amazon Simple Storage Service", "TimedStorage-ByteHrs", "StandardStorage"),
}
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
# Values that CSV must quote and JSON must escape.
WORDS = ("prod", "Prod", "staging", 'say "yes", twice', "crème brûlée", "a\\b", "  spaced", "1e3")
UNKNOWN_TYPE = "SolarFlareSurcharge"
SPLIT_OPERATION = "EKSPod-EC2"


def amounts(limit: int = 10**9) -> st.SearchStrategy[Decimal]:
    """Return exact amounts of zero up to a limit in millionths."""
    return st.integers(0, limit).map(lambda millionths: Decimal(millionths).scaleb(-6))


class LineItems(list[Row]):
    """Line items that are counted where hypothesis would print them: they are far too many to read."""

    def __repr__(self) -> str:
        return f"<{len(self)} line items>"


@st.composite
def organisations(draw: st.DrawFn, months: Sequence[date] = (date(2026, 1, 1),)) -> list[Row]:
    """Return a month's line items or several months', at least one charge in each."""
    return LineItems(row for month in months for row in draw(periods(month)))


@st.composite
def periods(draw: st.DrawFn, month: date) -> list[Row]:
    """Return one billing period's line items."""
    parts = [draw(st.lists(usage(month), min_size=1, max_size=4))]
    parts += draw(st.lists(savings_plans(month), max_size=2))
    parts += draw(st.lists(reservations(month), max_size=2))
    parts.append(draw(st.lists(postings(month), max_size=4)))
    if draw(st.booleans()):
        parts.append(draw(splits(month)))
    rows = [row for part in parts for row in part]
    agreement = draw(st.sampled_from(["none", "rows", "inside"]))
    if agreement == "rows":
        rows += draw(discount_rows(month, rows))
    elif agreement == "inside":
        rows = [row | net_columns(row) for row in rows]
    return [row | {"identity_line_item_id": f"{month:%Y%m}{number:08}"} for number, row in enumerate(rows)]


@st.composite
def charges(draw: st.DrawFn, month: date, kind: str, hours: int = 1) -> Row:
    """Return what every line item has, with no cost yet."""
    account = draw(st.sampled_from(list(ACCOUNTS)))
    service = draw(st.sampled_from(list(SERVICES)))
    name, usage_type, operation = SERVICES[service]
    start = datetime(month.year, month.month, 1) + timedelta(hours=draw(st.integers(0, 27 * 24)))  # noqa: DTZ001
    tags = draw(
        st.dictionaries(st.sampled_from(["user_project", "user_cost_center"]), st.sampled_from(WORDS))
    )
    region = draw(st.sampled_from(REGIONS))
    return {
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_billing_period_start_date": datetime(month.year, month.month, 1),  # noqa: DTZ001
        "bill_billing_period_end_date": _next(month),
        "bill_invoice_id": f"1{month:%Y%m}001",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": PAYER,
        "bill_payer_account_name": ACCOUNTS[PAYER],
        "line_item_usage_account_id": account,
        "line_item_usage_account_name": ACCOUNTS[account],
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_line_item_type": kind,
        "line_item_line_item_description": f"{kind} of {usage_type}, {draw(st.sampled_from(WORDS))}",
        "line_item_currency_code": "USD",
        "line_item_product_code": service,
        "line_item_usage_type": usage_type,
        "line_item_operation": operation,
        "line_item_resource_id": draw(st.sampled_from([None, "i-0a1b2c3d4e5f60718", "orders"])),
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=hours),
        "line_item_usage_amount": Decimal(1),
        "line_item_unblended_cost": ZERO,
        "pricing_public_on_demand_cost": ZERO,
        "pricing_unit": "Hrs",
        "pricing_currency": "USD",
        "product": {"product_name": name, "region": region},
        "product_region_code": region,
        "product_servicecode": service,
        "resource_tags": tags,
        "cost_category": draw(st.sampled_from([{}, {"team": "Storefront"}])),
    }


@st.composite
def usage(draw: st.DrawFn, month: date) -> Row:
    """Return metered usage: quantity times price."""
    cost = draw(amounts())
    return draw(charges(month, "Usage")) | {
        "line_item_usage_amount": draw(amounts()),
        "line_item_unblended_cost": cost,
        "pricing_public_on_demand_cost": cost,
    }


@st.composite
def savings_plans(draw: st.DrawFn, month: date) -> list[Row]:
    """Return a few hours of one Savings Plan: covered usage, its negation, the fee, perhaps the purchase."""
    unique = draw(st.uuids(version=4))
    plan = {
        "savings_plan_savings_plan_a_r_n": f"arn:aws:savingsplans::{PAYER}:savingsplan/{unique}",
        "savings_plan_offering_type": "ComputeSavingsPlans",
        "savings_plan_payment_option": draw(
            st.sampled_from(["No Upfront", "Partial Upfront", "All Upfront"])
        ),
        "savings_plan_purchase_term": "1yr",
    }
    share = {"No Upfront": ZERO, "Partial Upfront": Decimal("0.5"), "All Upfront": Decimal(1)}
    rows = []
    for _ in range(draw(st.integers(1, 2))):
        prices = draw(st.lists(amounts(10**7), max_size=2))
        commitment = sum(prices, ZERO) + draw(amounts(10**6))
        upfront = commitment * share[plan["savings_plan_payment_option"]]
        for price in prices:
            public = price + draw(amounts(10**7))
            covered = draw(charges(month, "SavingsPlanCoveredUsage")) | plan
            covered |= {
                "line_item_unblended_cost": public,
                "pricing_public_on_demand_cost": public,
                "savings_plan_savings_plan_effective_cost": price,
            }
            negation = covered | {
                "line_item_line_item_type": "SavingsPlanNegation",
                "line_item_unblended_cost": -public,
                "pricing_public_on_demand_cost": -public,
                "savings_plan_savings_plan_effective_cost": None,
            }
            rows += [covered, negation]
        fee = draw(charges(month, "SavingsPlanRecurringFee")) | plan
        rows.append(
            fee
            | {
                "line_item_product_code": "ComputeSavingsPlans",
                "line_item_usage_account_id": PAYER,
                "line_item_unblended_cost": commitment - upfront,
                "savings_plan_total_commitment_to_date": commitment,
                "savings_plan_used_commitment": sum(prices, ZERO),
                "savings_plan_recurring_commitment_for_billing_period": commitment - upfront,
                "savings_plan_amortized_upfront_commitment_for_billing_period": upfront,
            }
        )
    if share[plan["savings_plan_payment_option"]] and draw(st.booleans()):
        purchase = draw(charges(month, "SavingsPlanUpfrontFee")) | plan
        purchase |= {"bill_bill_type": "Purchase", "line_item_unblended_cost": draw(amounts())}
        rows.append(purchase)
        if draw(st.booleans()):
            rows.append(draw(given_back(month, unique, purchase["line_item_unblended_cost"])))
    return rows


@st.composite
def given_back(draw: st.DrawFn, month: date, plan: UUID, paid: Decimal) -> Row:
    """Return the refund of a plan's one-time fee, which only its description tells from others."""
    return draw(charges(month, "Refund")) | {
        "bill_bill_type": "Refund",
        "line_item_product_code": "ComputeSavingsPlans",
        "line_item_line_item_description": f"Refund for one-time fee for Savings Plan ID {plan}",
        "line_item_unblended_cost": -paid,
    }


@st.composite
def reservations(draw: st.DrawFn, month: date) -> list[Row]:
    """Return one reservation's month: discounted usage, the fee, perhaps the purchase."""
    arn = f"arn:aws:ec2:us-east-1:{PAYER}:reserved-instances/{draw(st.uuids(version=4))}"
    upfront, recurring = draw(amounts(10**5)), draw(amounts(10**5))
    used = draw(st.lists(st.integers(1, 500), max_size=3))
    unused = draw(st.integers(0, 500))
    rows = [
        draw(charges(month, "DiscountedUsage"))
        | {
            "reservation_reservation_a_r_n": arn,
            "line_item_normalized_usage_amount": Decimal(units),
            "pricing_public_on_demand_cost": draw(amounts()),
            "reservation_amortized_upfront_cost_for_usage": units * upfront,
            "reservation_recurring_fee_for_usage": units * recurring,
            "reservation_effective_cost": units * (upfront + recurring),
        }
        for units in used
    ]
    reserved = sum(used) + unused
    rows.append(
        draw(charges(month, "RIFee"))
        | {
            "reservation_reservation_a_r_n": arn,
            "line_item_normalized_usage_amount": Decimal(reserved),
            "line_item_unblended_cost": reserved * recurring,
            "reservation_amortized_upfront_fee_for_billing_period": reserved * upfront,
            "reservation_unused_normalized_unit_quantity": Decimal(unused),
            "reservation_unused_quantity": Decimal(unused),
            "reservation_unused_amortized_upfront_fee_for_billing_period": unused * upfront,
            "reservation_unused_recurring_fee": unused * recurring,
        }
    )
    if draw(st.booleans()):
        purchase = {"reservation_reservation_a_r_n": arn, "line_item_unblended_cost": draw(amounts())}
        rows.append(draw(charges(month, "Fee")) | purchase | {"bill_bill_type": "Purchase"})
    return rows


@st.composite
def postings(draw: st.DrawFn, month: date) -> Row:
    """Return what is posted beside usage: fees, tax, credits, refunds, discounts, a type nobody knows yet."""
    signs = {"Fee": 1, "Tax": 1, "Credit": -1, "Refund": -1, "BundledDiscount": -1, UNKNOWN_TYPE: 1}
    kind = draw(st.sampled_from(list(signs)))
    posting = draw(charges(month, kind)) | {"line_item_unblended_cost": signs[kind] * draw(amounts())}
    return posting | ({"line_item_tax_type": "VAT"} if kind == "Tax" else {})


@st.composite
def splits(draw: st.DrawFn, month: date) -> list[Row]:
    """Return a machine's split-cost rows."""
    return [
        draw(charges(month, "Usage"))
        | {
            "line_item_product_code": "AmazonEKS",
            "line_item_operation": SPLIT_OPERATION,
            "line_item_usage_type": f"EKS-EC2-{kind}-Hours",
            "line_item_resource_id": f"arn:aws:eks:us-east-1:{PAYER}:pod/main/shop/web/1",
            "split_line_item_parent_resource_id": "i-0a1b2c3d4e5f60718",
            "split_line_item_split_cost": draw(amounts(10**6)),
            "split_line_item_unused_cost": draw(amounts(10**6)),
        }
        for kind in ("vCPU", "GB")
    ]


@st.composite
def discount_rows(draw: st.DrawFn, month: date, rows: Sequence[Row]) -> list[Row]:
    """Return a tenth off every eligible charge, as rows by service."""
    eligible: dict[str, Decimal] = {}
    for row in rows:
        if is_eligible(row):
            service = row["line_item_product_code"]
            eligible[service] = eligible.get(service, ZERO) + row["line_item_unblended_cost"]
    return [
        draw(charges(month, "EdpDiscount"))
        | {
            "line_item_product_code": service,
            "line_item_unblended_cost": -cost / 10,
        }
        for service, cost in eligible.items()
    ]


def is_eligible(row: Row) -> bool:
    """Return whether a private agreement covers a line item."""
    return row["line_item_line_item_type"] not in {"Tax", "Credit"}


def net_columns(row: Row) -> Row:
    """Return a line item's net columns: nine tenths of what the agreement covers."""
    kept = Decimal("0.9") if is_eligible(row) else Decimal(1)
    twins = {
        column: re.sub("^(reservation|savings_plan)_", r"\1_net_", column)
        for column in row
        if re.search(r"_(effective_cost|unused_recurring_fee|for_billing_period)$", column)
    }
    net = {twin: row[column] * kept for column, twin in twins.items() if row[column]}
    return net | {"line_item_net_unblended_cost": row["line_item_unblended_cost"] * kept}


def amortized(row: Row) -> Decimal:
    """Return a line item's amortized cost by the row rules, in plain Python."""
    kind = row["line_item_line_item_type"]
    if kind == "DiscountedUsage":
        return Decimal(row["reservation_effective_cost"])
    if kind == "RIFee":
        unused = row["reservation_unused_amortized_upfront_fee_for_billing_period"]
        return Decimal(unused) + Decimal(row["reservation_unused_recurring_fee"])
    if kind == "SavingsPlanCoveredUsage":
        return Decimal(row["savings_plan_savings_plan_effective_cost"])
    if kind == "SavingsPlanRecurringFee":
        total = Decimal(row["savings_plan_total_commitment_to_date"])
        return total - Decimal(row["savings_plan_used_commitment"])
    return (
        ZERO if kind == "SavingsPlanNegation" or is_upfront(row) else Decimal(row["line_item_unblended_cost"])
    )


def is_upfront(row: Row) -> bool:
    """Return whether a line item pays for a commitment in advance, or gives such a payment back."""
    kind = row["line_item_line_item_type"]
    if kind == "Refund" and "one-time fee" in row["line_item_line_item_description"]:
        return True
    return kind == "SavingsPlanUpfrontFee" or (
        kind == "Fee" and bool(row.get("reservation_reservation_a_r_n"))
    )


def period_upfront(row: Row) -> Decimal:
    """Return the part of earlier upfront payments that belongs to a fee row's period."""
    columns = (
        "reservation_amortized_upfront_fee_for_billing_period",
        "savings_plan_amortized_upfront_commitment_for_billing_period",
    )
    return sum((Decimal(row.get(column) or 0) for column in columns), ZERO)


def _next(month: date) -> datetime:
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return datetime(following.year, following.month, 1)  # noqa: DTZ001
