"""The private agreement: a tenth off what AWS itself sells, told in one of two ways.

From February 2026 the export books the discount as rows of its own (manual discount compatibility). From
June it spreads the discount over the `net` columns instead, and bundled discounts with it.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

import polars as pl

from finops_mcp.exports.sample.columns import EXACT
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month

Style = Literal["none", "rows", "inside"]
SINCE, INSIDE_SINCE = date(2026, 2, 1), date(2026, 6, 1)
DISCOUNT = Decimal("0.1")
KEPT = 1 - DISCOUNT
WORDS = "Enterprise discount program, 10%"
# What the agreement leaves out, beside tax, credits and what others sell.
EXEMPT = ("AWSSupportBusiness", "AmazonRegistrar")
# Each measure of a commitment, and the same one after the discount.
NET_TWINS = {
    "reservation_amortized_upfront_cost_for_usage": "reservation_net_amortized_upfront_cost_for_usage",
    "reservation_amortized_upfront_fee_for_billing_period":
        "reservation_net_amortized_upfront_fee_for_billing_period",
    "reservation_effective_cost": "reservation_net_effective_cost",
    "reservation_recurring_fee_for_usage": "reservation_net_recurring_fee_for_usage",
    "reservation_unused_amortized_upfront_fee_for_billing_period":
        "reservation_net_unused_amortized_upfront_fee_for_billing_period",
    "reservation_unused_recurring_fee": "reservation_net_unused_recurring_fee",
    "reservation_upfront_value": "reservation_net_upfront_value",
    "savings_plan_amortized_upfront_commitment_for_billing_period":
        "savings_plan_net_amortized_upfront_commitment_for_billing_period",
    "savings_plan_recurring_commitment_for_billing_period":
        "savings_plan_net_recurring_commitment_for_billing_period",
    "savings_plan_savings_plan_effective_cost": "savings_plan_net_savings_plan_effective_cost",
    "split_line_item_split_cost": "split_line_item_net_split_cost",
    "split_line_item_unused_cost": "split_line_item_net_unused_cost",
}  # fmt: skip
_COST, _BUNDLED = pl.col("line_item_unblended_cost"), pl.col("discount_bundled_discount")


def style(month: Month) -> Style:
    """Return how a month's export tells the discount."""
    if month.first < SINCE:
        return "none"
    return "rows" if month.first < INSIDE_SINCE else "inside"


def eligible(product: pl.Expr) -> pl.Expr:
    """Return which rows the agreement covers, given where they name their product."""
    return (
        ~pl.col("line_item_line_item_type").is_in(["Tax", "Credit", "EdpDiscount"])
        & (pl.col("bill_billing_entity").fill_null("AWS") == "AWS")
        & ~product.is_in(EXEMPT)
    )


def net_cost(product: pl.Expr) -> pl.Expr:
    """Return what a row costs once the discounts inside it are taken off."""
    whole = _COST + _BUNDLED.fill_null(amount(0))
    return pl.when(eligible(product)).then(whole * amount(KEPT)).otherwise(whole)


def discounts(charges: pl.DataFrame) -> pl.DataFrame:
    """Return the discount as rows: one for each kind of bill, account, SKU and day."""
    by = ["bill_bill_type", "line_item_usage_account_id", "sku"]
    day = pl.col("line_item_usage_start_date").dt.truncate("1d")
    product = pl.col("sku").str.split("/").list.first()
    return (
        charges.filter(eligible(product))
        .group_by(*by, line_item_usage_start_date=day, maintain_order=True)
        .agg(base=_COST.sum())
        .filter(pl.col("base") != amount(0))
        .select(
            *by,
            "line_item_usage_start_date",
            line_item_usage_end_date=pl.col("line_item_usage_start_date") + pl.duration(days=1),
            line_item_line_item_type=pl.lit("EdpDiscount"),
            line_item_line_item_description=pl.lit(WORDS),
            line_item_usage_amount=amount(1),
            line_item_unblended_cost=pl.col("base") * amount(-DISCOUNT),
            pricing_public_on_demand_cost=amount(0),
        )
    )


def inside(rows: pl.DataFrame) -> pl.DataFrame:
    """Fill the net columns, and say in the discount columns what they leave out."""
    product = pl.col("line_item_product_code")
    covered = eligible(product)
    rows = rows.with_columns(
        line_item_net_unblended_cost=net_cost(product),
        **{
            net: pl.when(covered).then(pl.col(gross) * amount(KEPT)).otherwise(gross)
            for gross, net in NET_TWINS.items()
        },
    )
    total = pl.col("line_item_net_unblended_cost") - _COST
    rows = rows.with_columns(
        discount_total_discount=pl.when(total != amount(0)).then(total),
        edp=total - _BUNDLED.fill_null(amount(0)),
    )
    return rows.with_columns(discount=_as_map()).drop("edp")


def _as_map() -> pl.Expr:
    """Return the map of a row's discounts, as AWS names them."""
    kinds = {"edp_discount": pl.col("edp"), "bundled_discount": _BUNDLED.fill_null(amount(0))}
    entries = [
        pl.when(off != amount(0)).then(pl.struct(key=pl.lit(name), value=off.cast(pl.Float64)))
        for name, off in kinds.items()
    ]
    return pl.concat_list(entries).list.drop_nulls().cast(EXACT["discount"])
