"""What compute costs once reservations and Savings Plans have paid their share."""

import polars as pl

from finops_mcp.exports.sample import databases
from finops_mcp.exports.sample.commitments import Reservation, SavingsPlan
from finops_mcp.exports.sample.coverage import plan, reserve
from finops_mcp.exports.sample.fees import plan_fees, reservation_fees
from finops_mcp.exports.sample.machines import demand
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.portfolio import PLANS, RESERVATIONS


def charges(month: Month) -> pl.DataFrame:
    """Return the month's rows for machines, containers, databases and the commitments behind them."""
    left = pl.concat([demand(month), databases.demand(month)])
    parts = []
    for reservation in RESERVATIONS:
        covered, left = reserve(left, reservation)
        used = discounted(covered, reservation)
        parts += [used, reservation_fees(month, reservation, used)]
    for savings_plan in PLANS:
        covered, left = plan(left, savings_plan)
        used = planned(covered, savings_plan)
        parts += [used, negated(used), plan_fees(month, savings_plan, used)]
    parts.append(
        _rows(left.rename({"quantity": "line_item_usage_amount"}), "Usage").drop("price", "plan_rate")
    )
    return pl.concat(parts, how="diagonal")


def _rows(usage: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Turn machine-hours into rows whose unblended and public cost is quantity times price."""
    cost = pl.col("line_item_usage_amount") * pl.col("price")
    factored = pl.col("units") > amount(0)
    return usage.select(
        "sku",
        "price",
        "plan_rate",
        line_item_line_item_type=pl.lit(kind),
        line_item_resource_id="resource",
        line_item_usage_account_id="account",
        line_item_availability_zone="zone",
        line_item_usage_start_date="start",
        line_item_usage_end_date="end",
        line_item_usage_amount="line_item_usage_amount",
        line_item_normalization_factor=pl.when(factored).then("units"),
        line_item_normalized_usage_amount=pl.when(factored).then(
            pl.col("line_item_usage_amount") * pl.col("units")
        ),
        line_item_unblended_cost=cost,
        pricing_public_on_demand_cost=cost,
        pricing_term=pl.lit("OnDemand"),
    )


def discounted(covered: pl.DataFrame, reservation: Reservation) -> pl.DataFrame:
    """Return hours that a reservation pays for: unblended nothing, the price in the reservation columns."""
    used = pl.col("line_item_normalized_usage_amount")
    return (
        _rows(covered.drop("quantity").rename({"covered": "line_item_usage_amount"}), "DiscountedUsage")
        .drop("price", "plan_rate")
        .with_columns(
            line_item_unblended_cost=amount(0),
            line_item_unblended_rate=pl.lit("0"),
            pricing_term=pl.lit("Reserved"),
            reservation_amortized_upfront_cost_for_usage=used * amount(reservation.upfront),
            reservation_recurring_fee_for_usage=used * amount(reservation.recurring),
            reservation_effective_cost=used * amount(reservation.upfront + reservation.recurring),
            **reservation.terms,
        )
    )


def planned(covered: pl.DataFrame, savings_plan: SavingsPlan) -> pl.DataFrame:
    """Return hours that a Savings Plan pays for: at the public price, with the plan's price beside it."""
    rows = _rows(
        covered.drop("quantity").rename({"covered": "line_item_usage_amount"}), "SavingsPlanCoveredUsage"
    )
    return rows.with_columns(
        savings_plan_savings_plan_rate="plan_rate",
        savings_plan_savings_plan_effective_cost=pl.col("line_item_usage_amount") * pl.col("plan_rate"),
        **savings_plan.terms,
    ).drop("price", "plan_rate")


def negated(used: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that take the public price of covered usage back, one for each."""
    return used.drop(
        "savings_plan_savings_plan_effective_cost", "savings_plan_savings_plan_rate"
    ).with_columns(
        line_item_line_item_type=pl.lit("SavingsPlanNegation"),
        line_item_line_item_description=pl.format(
            "SavingsPlanNegation used by AccountId : {}", "line_item_usage_account_id"
        ),
        line_item_unblended_cost=-pl.col("line_item_unblended_cost"),
        pricing_public_on_demand_cost=-pl.col("pricing_public_on_demand_cost"),
    )
