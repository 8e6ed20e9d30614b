"""Does the sample organisation hold every case that a bill can, each where it is said to be?"""

from datetime import date
from decimal import Decimal

import polars as pl

from finops_mcp.exports.sample import office_line_items
from finops_mcp.exports.sample.identities import KIND, PLAN, RESERVATION, UNBLENDED, UPFRONT
from finops_mcp.exports.sample.portfolio import PLANS, RESERVATIONS
from tests.exports.sample.reading import total

DAY = pl.col("line_item_usage_start_date").dt.date()
TERMS = ("savings_plan_offering_type", "savings_plan_payment_option")


def test_every_kind_of_line_item_is_there(everything: pl.DataFrame) -> None:
    assert set(everything["line_item_line_item_type"]) == {
        "Usage", "DiscountedUsage", "RIFee", "Fee", "SavingsPlanCoveredUsage", "SavingsPlanNegation",
        "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "BundledDiscount", "RiVolumeDiscount",
        "EdpDiscount", "Credit", "Refund", "Tax",
    }  # fmt: skip
    assert everything.filter(pl.col("line_item_usage_type").str.contains("SpotUsage")).height
    assert everything.filter(pl.col("bill_billing_entity") == "AWS Marketplace").height
    assert everything.filter(pl.col("line_item_operation") == "EKSPod-EC2").height
    assert set(everything["bill_bill_type"]) == {"Anniversary", "Purchase", "Refund"}


def test_savings_plans_of_both_kinds_and_every_payment_option(everything: pl.DataFrame) -> None:
    fees = everything.filter(KIND == "SavingsPlanRecurringFee")
    assert set(fees.select(TERMS).unique().rows()) == {
        ("EC2InstanceSavingsPlans", "All Upfront"),
        ("ComputeSavingsPlans", "No Upfront"),
        ("ComputeSavingsPlans", "Partial Upfront"),
    }
    free = fees.filter(pl.col(TERMS[1]) == "All Upfront")
    assert set(free["line_item_unblended_cost"]) == {Decimal(0)}
    # All four are used, and none of them all the time.
    used = fees.group_by(PLAN).agg(
        pl.col("savings_plan_used_commitment").sum(), pl.col("savings_plan_total_commitment_to_date").sum()
    )
    assert used.height == 4
    assert all(Decimal("0.3") < part / whole < Decimal("0.9") for _, part, whole in used.rows())


def test_a_plan_runs_out_in_june_and_its_successor_comes_in_july(everything: pl.DataFrame) -> None:
    web = everything.filter(KIND == "SavingsPlanCoveredUsage", PLAN.is_in([one.arn for one in PLANS[:2]]))
    assert set(web["product_instance_family"]) == {"c6i"} == set(web["savings_plan_instance_type_family"])
    days = set(web.select(DAY).to_series())
    assert date(2026, 6, 17) in days
    assert not any(date(2026, 6, 18) <= day < date(2026, 7, 6) for day in days)
    assert date(2026, 7, 6) in days


def test_reservations_of_two_services_cover_several_sizes_by_unit(everything: pl.DataFrame) -> None:
    used = everything.filter(KIND == "DiscountedUsage")
    found: dict[str, set[tuple[str, int]]] = {}
    sizes = used.select(RESERVATION, "product_instance_type", "line_item_normalization_factor").unique()
    for arn, kind, units in sizes.rows():
        found.setdefault(arn, set()).add((kind, int(units)))
    by_name = {one.name: found[one.arn] for one in RESERVATIONS}
    assert by_name == {
        "m6i-virginia": {("m6i.xlarge", 8), ("m6i.2xlarge", 16)},
        "m7g-virginia": {("m7g.xlarge", 8)},
        "databases-virginia": {("db.r6g.large", 4), ("db.r6g.xlarge", 8)},
    }
    options = everything.filter(KIND == "RIFee").select("pricing_purchase_option", "line_item_product_code")
    assert set(options.rows()) == {
        ("Partial Upfront", "AmazonEC2"), ("All Upfront", "AmazonEC2"), ("No Upfront", "AmazonRDS"),
    }  # fmt: skip


def test_what_was_paid_upfront_and_what_came_back(everything: pl.DataFrame) -> None:
    paid = everything.filter(UPFRONT).sort(DAY).select(DAY, KIND, UNBLENDED).rows()
    year = 365 * 24
    assert paid == [
        (date(2025, 12, 1), "Fee", Decimal("0.0125") * 12 * year),
        (date(2026, 1, 15), "Fee", Decimal("0.003125") * 40 * year),
        (date(2026, 3, 3), "SavingsPlanUpfrontFee", Decimal("0.12") * year),
        (date(2026, 7, 6), "SavingsPlanUpfrontFee", Decimal("0.5") * year),
        (date(2026, 8, 12), "SavingsPlanUpfrontFee", Decimal("0.5") * year),
        (date(2026, 8, 14), "Refund", Decimal("-0.5") * year),
    ]
    refund = everything.filter(UPFRONT, KIND == "Refund")
    described = refund["line_item_line_item_description"].item()
    assert described == f"Refund for one-time fee for Savings Plan ID {PLANS[-1].id}"
    assert refund["line_item_product_code"].item() == "ComputeSavingsPlans"
    assert refund[PLAN.meta.output_name()].item() is None


def test_credits_refunds_and_discounts_stand_where_they_should(everything: pl.DataFrame) -> None:
    posted = everything.filter(KIND.is_in(["Credit", "Refund"]), ~UPFRONT)
    assert posted.filter(date(2026, 4, 14) == DAY).select(KIND, UNBLENDED).rows() == [
        ("Refund", Decimal("-412.5"))
    ]
    assert posted.filter(KIND == "Credit").height == 7
    volume = everything.filter(KIND == "RiVolumeDiscount")
    # Two reservations with a monthly fee, from February until the net columns take over in June.
    assert volume.height == 2 * 4
    march = volume.filter(date(2026, 3, 1) == DAY).sort(UNBLENDED)
    hours = 31 * 24
    assert march["line_item_unblended_cost"].to_list() == [
        Decimal("-0.05") * Decimal("0.0375") * 12 * hours,
        Decimal("-0.05") * Decimal("0.0075") * 40 * hours,
    ]


def test_another_seller_of_aws_invoices_one_account(everything: pl.DataFrame) -> None:
    invoiced = everything.filter(pl.col("bill_invoice_id") != "")
    parts = invoiced.group_by("bill_invoicing_entity").agg(
        pl.col("line_item_usage_account_name").unique(),
        pl.col("line_item_tax_type").drop_nulls().unique(),
        pl.col("bill_invoice_id").unique(),
    )
    of = {row[0]: row[1:] for row in parts.rows()}
    assert of["Amazon Web Services EMEA SARL"][:2] == (["payments-production"], ["VAT"])
    assert of["Amazon Web Services, Inc."][1] == ["USSalesTax"]
    assert not set(of["Amazon Web Services EMEA SARL"][2]) & set(of["Amazon Web Services, Inc."][2])
    assert set(everything["line_item_currency_code"]) == {"USD"}


def test_the_office_has_a_payer_an_invoice_and_a_currency_of_its_own() -> None:
    march = office_line_items(date(2026, 3, 1))
    for column, expected in {
        "bill_payer_account_name": "mumbai-office", "bill_billing_entity": "AISPL",
        "bill_invoicing_entity": "Amazon Web Services India Private Limited",
        "line_item_currency_code": "INR", "product_region_code": "ap-south-1",
    }.items():  # fmt: skip
        assert set(march[column].drop_nulls()) == {expected}
    assert march["bill_invoice_id"].n_unique() == 1
    tax = march.filter(KIND == "Tax")
    assert total(tax) == sum(
        (Decimal("0.18") * cost).quantize(Decimal("0.01"))
        for (cost,) in march.filter(KIND != "Tax").group_by("line_item_product_code")
        .agg(UNBLENDED.sum()).select(UNBLENDED).rows()
    )  # fmt: skip
    hours = march.filter(pl.col("line_item_usage_type").str.contains("BoxUsage"))
    assert total(hours) == 31 * 24 * Decimal("8.65")
