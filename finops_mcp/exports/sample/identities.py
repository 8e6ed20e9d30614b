"""Whether a month's rows keep the rules that every real export keeps; if not, they are never written."""

import polars as pl

from finops_mcp.exports.sample import agreement_identities
from finops_mcp.exports.sample.agreement import KEPT
from finops_mcp.exports.sample.money import AMOUNT, amount
from finops_mcp.exports.sample.months import Month

SPLIT = pl.col("line_item_operation").is_in(["EKSPod-EC2", "ECSTask-EC2"]).fill_null(value=False)
KIND = pl.col("line_item_line_item_type")
PLAN = pl.col("savings_plan_savings_plan_a_r_n")
RESERVATION = pl.col("reservation_reservation_a_r_n")
# A purchase given back in its first days: only the description still tells what was paid back.
UPFRONT_REFUND = (
    (KIND == "Refund")
    & (pl.col("line_item_product_code") == "ComputeSavingsPlans")
    & pl.col("line_item_line_item_description").str.starts_with("Refund for one-time fee")
)
COMMITMENT_PURCHASE = (KIND == "SavingsPlanUpfrontFee") | ((KIND == "Fee") & RESERVATION.is_not_null())
UPFRONT = COMMITMENT_PURCHASE | UPFRONT_REFUND.fill_null(value=False)
UNBLENDED, NET = pl.col("line_item_unblended_cost"), pl.col("line_item_net_unblended_cost")


def _upfront_share(reservation: str, savings_plan: str) -> pl.Expr:
    """Return the part of earlier upfront payments that belongs to the period."""
    shares = pl.when(KIND == "RIFee").then(reservation)
    return shares.when(KIND == "SavingsPlanRecurringFee").then(savings_plan).otherwise(amount(0))


def _amortized(cost: pl.Expr, net: str, kept: pl.Expr) -> pl.Expr:
    """Return what a row costs once commitments are spread over the usage that they paid for."""
    unused = pl.col("savings_plan_total_commitment_to_date") - pl.col("savings_plan_used_commitment")
    return (
        pl.when(KIND == "DiscountedUsage")
        .then(f"reservation_{net}effective_cost")
        .when(KIND == "RIFee")
        .then(
            pl.col(f"reservation_{net}unused_amortized_upfront_fee_for_billing_period")
            + pl.col(f"reservation_{net}unused_recurring_fee")
        )
        .when(KIND == "SavingsPlanCoveredUsage")
        .then(f"savings_plan_{net}savings_plan_effective_cost")
        .when(KIND == "SavingsPlanRecurringFee")
        .then(unused * kept)
        .when((KIND == "SavingsPlanNegation") | UPFRONT)
        .then(amount(0))
        .otherwise(cost)
    )


PERIOD_UPFRONT = _upfront_share(
    "reservation_amortized_upfront_fee_for_billing_period",
    "savings_plan_amortized_upfront_commitment_for_billing_period",
)
NET_PERIOD_UPFRONT = _upfront_share(
    "reservation_net_amortized_upfront_fee_for_billing_period",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period",
)
AMORTIZED = _amortized(UNBLENDED, "", amount(1))
# Without net columns there is nothing to take off: then the one is the other.
NET_AMORTIZED = pl.when(NET.is_null()).then(AMORTIZED).otherwise(_amortized(NET, "net_", amount(KEPT)))


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
        "no hour uses more units than were reserved, whatever the sizes": _units,
        "what is given back had been paid": _given_back,
        "after discounts, cost is amortized cost less the upfront share plus upfront fees": _net_amortization,
        "discounts are rows or net columns, never both": agreement_identities.one_way,
        "net columns are nine tenths of what the agreement covers": agreement_identities.inside,
        "discount rows are a tenth of what the agreement covers": agreement_identities.separate,
    }
    return [f"{sentence}: {found}" for sentence, check in checks.items() if (found := check(rows))]


def enforce(month: Month, rows: pl.DataFrame) -> None:
    """Raise if a month of line items breaks an identity."""
    if found := broken(rows):
        raise BrokenIdentityError(f"{month.label}: " + "; ".join(found))


def _amortization(rows: pl.DataFrame) -> str:
    return _residual(rows, UNBLENDED, AMORTIZED, PERIOD_UPFRONT)


def _net_amortization(rows: pl.DataFrame) -> str:
    return _residual(rows.filter(NET.is_not_null()), NET, NET_AMORTIZED, NET_PERIOD_UPFRONT)


def _residual(rows: pl.DataFrame, cost: pl.Expr, amortized: pl.Expr, upfront: pl.Expr) -> str:
    bill = rows.filter(~SPLIT)
    paid = pl.when(UPFRONT).then(cost).otherwise(amount(0))
    residual = cost - amortized + upfront - paid
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


def _units(rows: pl.DataFrame) -> str:
    units = pl.col("line_item_normalized_usage_amount")
    used = rows.filter(KIND == "DiscountedUsage")
    unlike = used.filter(
        pl.col("line_item_usage_amount") * pl.col("line_item_normalization_factor") != units
    ).height
    fees = rows.filter(KIND == "RIFee").select(
        RESERVATION,
        held=pl.col("reservation_number_of_reservations").cast(AMOUNT)
        * pl.col("reservation_normalized_units_per_reservation").cast(AMOUNT),
    )
    hours = used.group_by(RESERVATION, "line_item_usage_start_date").agg(used=units.sum())
    over = hours.join(fees, on=RESERVATION.meta.output_name()).filter(pl.col("used") > pl.col("held")).height
    return f"{over} hours over, {unlike} rows of another size" if over or unlike else ""


def _given_back(rows: pl.DataFrame) -> str:
    left = rows.filter(KIND.is_in(["SavingsPlanUpfrontFee", "Refund"]) & UPFRONT)["line_item_unblended_cost"]
    return f"{left.sum()} more than was paid" if left.len() and left.sum() < 0 else ""
