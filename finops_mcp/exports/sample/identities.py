"""Whether a month's rows keep the rules that every real export keeps; if not, they are never written."""

import polars as pl

from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month

SPLIT = pl.col("line_item_operation").is_in(["EKSPod-EC2", "ECSTask-EC2"]).fill_null(value=False)
KIND = pl.col("line_item_line_item_type")
UNBLENDED = pl.col("line_item_unblended_cost")
PLAN = pl.col("savings_plan_savings_plan_a_r_n")
RESERVATION = pl.col("reservation_reservation_a_r_n")
COMMITMENT_PURCHASE = (KIND == "SavingsPlanUpfrontFee") | ((KIND == "Fee") & RESERVATION.is_not_null())
PERIOD_UPFRONT = (
    pl.when(KIND == "RIFee")
    .then("reservation_amortized_upfront_fee_for_billing_period")
    .when(KIND == "SavingsPlanRecurringFee")
    .then("savings_plan_amortized_upfront_commitment_for_billing_period")
    .otherwise(amount(0))
)
AMORTIZED = (
    pl.when(KIND == "DiscountedUsage")
    .then("reservation_effective_cost")
    .when(KIND == "RIFee")
    .then(
        pl.col("reservation_unused_amortized_upfront_fee_for_billing_period")
        + pl.col("reservation_unused_recurring_fee")
    )
    .when(KIND == "SavingsPlanCoveredUsage")
    .then("savings_plan_savings_plan_effective_cost")
    .when(KIND == "SavingsPlanRecurringFee")
    .then(pl.col("savings_plan_total_commitment_to_date") - pl.col("savings_plan_used_commitment"))
    .when((KIND == "SavingsPlanNegation") | COMMITMENT_PURCHASE)
    .then(amount(0))
    .otherwise(UNBLENDED)
)


class BrokenIdentityError(AssertionError):
    """The sample generator has made up charges that AWS could not have delivered."""


def broken(rows: pl.DataFrame) -> list[str]:
    """Return the identities that a month of line items breaks, each as a sentence."""
    checks = {
        "unblended cost is amortized cost less the period's upfront share plus upfront fees": _amortization,
        "every negation takes back what its plan covered in that hour": _negation,
        "split-cost rows add nothing to the bill": _splits,
        "a plan never gives more than was committed, and gives what its covered usage says": _plans,
        "what a reservation covered and left unused is what was reserved": _reservations,
    }
    return [f"{sentence}: {found}" for sentence, check in checks.items() if (found := check(rows))]


def enforce(month: Month, rows: pl.DataFrame) -> None:
    """Raise if a month of line items breaks an identity."""
    if found := broken(rows):
        raise BrokenIdentityError(f"{month.label}: " + "; ".join(found))


def _amortization(rows: pl.DataFrame) -> str:
    bill = rows.filter(~SPLIT)
    paid = pl.when(COMMITMENT_PURCHASE).then(UNBLENDED).otherwise(amount(0))
    residual = UNBLENDED - AMORTIZED + PERIOD_UPFRONT - paid
    by_payer = bill.group_by("bill_payer_account_id", "bill_billing_period_start_date").agg(
        left=residual.sum()
    )
    return ", ".join(str(left) for left in by_payer["left"] if left)


def _negation(rows: pl.DataFrame) -> str:
    pairs = rows.filter(KIND.is_in(["SavingsPlanCoveredUsage", "SavingsPlanNegation"]))
    left = (
        pairs.group_by(PLAN, "line_item_usage_start_date")
        .agg(left=UNBLENDED.sum())
        .filter(pl.col("left") != amount(0))
    )
    return f"{left.height} hours do not cancel" if left.height else ""


def _splits(rows: pl.DataFrame) -> str:
    left = rows.filter(SPLIT, amount(0) != UNBLENDED).height
    return f"{left} rows have a cost" if left else ""


def _plans(rows: pl.DataFrame) -> str:
    hour = "line_item_usage_start_date"
    fees = rows.filter(KIND == "SavingsPlanRecurringFee")
    over = fees.filter(
        pl.col("savings_plan_used_commitment") > pl.col("savings_plan_total_commitment_to_date")
    ).height
    given = (
        rows.filter(KIND == "SavingsPlanCoveredUsage")
        .group_by(PLAN, hour)
        .agg(given=pl.col("savings_plan_savings_plan_effective_cost").sum())
    )
    both = fees.join(given, on=[PLAN.meta.output_name(), hour], how="full", coalesce=True)
    used = pl.col("savings_plan_used_commitment")
    differ = both.filter(~used.eq_missing(pl.col("given").fill_null(amount(0)))).height
    return f"{over} hours over, {differ} hours unlike their usage" if over or differ else ""


def _reservations(rows: pl.DataFrame) -> str:
    units = pl.col("line_item_normalized_usage_amount")
    unused = pl.col("reservation_unused_normalized_unit_quantity")
    fees = rows.filter(KIND == "RIFee").group_by(RESERVATION).agg(reserved=units.sum(), unused=unused.sum())
    used = rows.filter(KIND == "DiscountedUsage").group_by(RESERVATION).agg(used=units.sum())
    both = fees.join(used, on=RESERVATION.meta.output_name(), how="full", coalesce=True).fill_null(0)
    left = both.filter(pl.col("used") + pl.col("unused") != pl.col("reserved")).height
    return f"{left} reservations do not add up" if left else ""
