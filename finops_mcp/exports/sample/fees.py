"""What commitments themselves cost: purchases, recurring fees, and how much of each went unused."""

from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from finops_mcp.exports.sample.commitments import Reservation, SavingsPlan, alive
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import CLOCK, Month
from finops_mcp.exports.sample.organisation import ACCOUNTS


def reservation_fees(month: Month, reservation: Reservation, used: pl.DataFrame) -> pl.DataFrame:
    """Return the month's RIFee, with what went unused, and the purchase in the month it was made.

    In the open month the fee counts the hours so far, so that used and unused add up to it on any day.
    """
    hours = reservation.hours(month)
    if not hours:
        return pl.DataFrame()
    reserved = Decimal(reservation.units * hours)
    unused = reserved - Decimal(used["line_item_normalized_usage_amount"].sum())
    each = reservation.units_each
    shared: dict[str, pl.Expr] = {
        "sku": pl.lit(reservation.sku.key),
        "line_item_usage_account_id": pl.lit(ACCOUNTS[reservation.owner].id),
        "line_item_resource_id": pl.lit(reservation.arn),
        "pricing_term": pl.lit("Reserved"),
        "pricing_public_on_demand_cost": amount(0),
        "reservation_number_of_reservations": pl.lit(str(reservation.count)),
        "reservation_units_per_reservation": pl.lit("1"),
        "reservation_normalized_units_per_reservation": pl.lit(str(each)),
        "reservation_total_reserved_units": pl.lit(str(reservation.count * hours)),
        "reservation_total_reserved_normalized_units": pl.lit(str(reserved)),
        "reservation_upfront_value": amount(reservation.paid_upfront),
        **reservation.terms,
    }
    fee = _row(
        line_item_line_item_type=pl.lit("RIFee"),
        line_item_usage_start_date=pl.lit(max(month.start, reservation.start), CLOCK),
        line_item_usage_end_date=pl.lit(min(month.end, reservation.end), CLOCK),
        line_item_usage_amount=amount(reservation.count * hours),
        line_item_normalization_factor=amount(each),
        line_item_normalized_usage_amount=amount(reserved),
        line_item_unblended_cost=amount(reserved * reservation.recurring),
        line_item_unblended_rate=pl.lit(str(reservation.recurring * each)),
        reservation_amortized_upfront_fee_for_billing_period=amount(reserved * reservation.upfront),
        reservation_unused_quantity=amount(unused / each),
        reservation_unused_normalized_unit_quantity=amount(unused),
        reservation_unused_amortized_upfront_fee_for_billing_period=amount(unused * reservation.upfront),
        reservation_unused_recurring_fee=amount(unused * reservation.recurring),
        **shared,
    )
    if not month.start <= reservation.start < month.data_end or not reservation.upfront:
        return fee
    purchase = _row(
        line_item_line_item_type=pl.lit("Fee"),
        bill_bill_type=pl.lit("Purchase"),
        line_item_line_item_description=pl.lit(
            f"Sign up charge for subscription: {int(reservation.id[:8], 16)}, {reservation.type}"
        ),
        line_item_usage_start_date=pl.lit(reservation.start, CLOCK),
        line_item_usage_end_date=pl.lit(reservation.end, CLOCK),
        line_item_usage_amount=amount(reservation.count),
        line_item_unblended_cost=amount(reservation.paid_upfront),
        **shared,
    )
    return pl.concat([fee, purchase], how="diagonal")


def plan_fees(month: Month, savings_plan: SavingsPlan, used: pl.DataFrame) -> pl.DataFrame:
    """Return a plan's hourly fees, used or not, and the purchase in the month it was made."""
    spent = used.group_by(start="line_item_usage_start_date").agg(
        used=pl.col("savings_plan_savings_plan_effective_cost").sum()
    )
    recurring = savings_plan.hourly - savings_plan.upfront_hourly
    shared: dict[str, pl.Expr] = {
        "sku": pl.lit(savings_plan.sku.key),
        "line_item_usage_account_id": pl.lit(ACCOUNTS[savings_plan.owner].id),
        "line_item_resource_id": pl.lit(savings_plan.arn),
        "pricing_public_on_demand_cost": amount(0),
        "line_item_usage_amount": amount(1),
        **savings_plan.terms,
    }
    fees = (
        month.steps(1)
        .filter(alive(savings_plan))
        .join(spent, on="start", how="left", maintain_order="left")
        .select(
            line_item_line_item_type=pl.lit("SavingsPlanRecurringFee"),
            line_item_usage_start_date="start",
            line_item_usage_end_date="end",
            line_item_unblended_cost=amount(recurring),
            line_item_unblended_rate=pl.lit(str(recurring)),
            savings_plan_total_commitment_to_date=amount(savings_plan.hourly),
            savings_plan_used_commitment=pl.col("used").fill_null(amount(0)),
            savings_plan_recurring_commitment_for_billing_period=amount(recurring),
            savings_plan_amortized_upfront_commitment_for_billing_period=amount(savings_plan.upfront_hourly),
            **shared,
        )
    )
    if not month.start <= savings_plan.start < month.data_end or not savings_plan.upfront_hourly:
        return fees
    hours = int((savings_plan.end - savings_plan.start).total_seconds()) // 3600
    purchase = _row(
        line_item_line_item_type=pl.lit("SavingsPlanUpfrontFee"),
        bill_bill_type=pl.lit("Purchase"),
        line_item_usage_start_date=pl.lit(savings_plan.start, CLOCK),
        line_item_usage_end_date=pl.lit(savings_plan.end, CLOCK),
        line_item_unblended_cost=amount(savings_plan.upfront_hourly * hours),
        **shared,
    )
    parts = [fees, purchase]
    if savings_plan.returned:
        parts.append(_taken_back(purchase, savings_plan, savings_plan.returned))
    return pl.concat(parts, how="diagonal")


def _taken_back(purchase: pl.DataFrame, savings_plan: SavingsPlan, day: datetime) -> pl.DataFrame:
    """Return the refund of a purchase; only its description still names the plan."""
    return purchase.drop(*savings_plan.terms, "line_item_resource_id").with_columns(
        line_item_line_item_type=pl.lit("Refund"),
        bill_bill_type=pl.lit("Refund"),
        line_item_line_item_description=pl.lit(
            f"Refund for one-time fee for Savings Plan ID {savings_plan.id}"
        ),
        line_item_usage_start_date=pl.lit(day, CLOCK),
        line_item_usage_end_date=pl.lit(day + timedelta(days=1), CLOCK),
        line_item_unblended_cost=-pl.col("line_item_unblended_cost"),
    )


def _row(**columns: pl.Expr) -> pl.DataFrame:
    return pl.DataFrame({"one": [None]}).select(**columns)
