"""Does the generator refuse whatever breaks a rule that real exports keep?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from finops_mcp.exports.sample.identities import KIND, NET, SPLIT, UNBLENDED, UPFRONT, broken, enforce
from finops_mcp.exports.sample.months import Month

JANUARY, MARCH, AUGUST = date(2026, 1, 1), date(2026, 3, 1), date(2026, 8, 1)
Months = dict[date, pl.DataFrame]
Break = Callable[[pl.DataFrame], pl.DataFrame]
PENNY = Decimal("0.01")


def more(column: str, where: pl.Expr) -> Break:
    """Add a cent to a column of some rows."""
    return lambda rows: rows.with_columns(pl.when(where).then(pl.col(column) + PENNY).otherwise(column))


def without(where: pl.Expr) -> Break:
    return lambda rows: rows.filter(~where)


def twice(where: pl.Expr) -> Break:
    return lambda rows: pl.concat([rows, rows.filter(where)])


@pytest.mark.parametrize("month", [JANUARY, MARCH, AUGUST])
def test_every_month_as_it_is_keeps_all(months: Months, month: date) -> None:
    assert broken(months[month]) == []


@pytest.mark.parametrize(
    ("month", "spoil", "said"),
    [
        (JANUARY, without(KIND == "RIFee"), "unblended cost is amortized"),
        (JANUARY, without(KIND == "SavingsPlanRecurringFee"), "unblended cost is amortized"),
        (JANUARY, without(KIND == "DiscountedUsage"), "what a reservation covered"),
        (JANUARY, without(KIND == "SavingsPlanNegation"), "every negation"),
        (JANUARY, more("line_item_unblended_cost", SPLIT), "split-cost rows"),
        (MARCH, more("savings_plan_used_commitment", KIND == "SavingsPlanRecurringFee"), "a plan never"),
        (JANUARY, twice(KIND == "DiscountedUsage"), "no hour uses more units"),
        (JANUARY, more("line_item_normalization_factor", KIND == "DiscountedUsage"), "whatever the sizes"),
        (AUGUST, without(UPFRONT & (KIND == "SavingsPlanUpfrontFee")), "what is given back"),
        (AUGUST, without(KIND == "SavingsPlanRecurringFee"), "after discounts, cost is amortized"),
        (AUGUST, more("reservation_net_effective_cost", KIND == "DiscountedUsage"), "nine tenths"),
        (
            AUGUST,
            more("savings_plan_net_savings_plan_effective_cost", KIND == "SavingsPlanCoveredUsage"),
            "nine tenths",
        ),
        (AUGUST, more("line_item_net_unblended_cost", KIND == "Tax"), "nine tenths"),
        (AUGUST, more("discount_total_discount", KIND == "Usage"), "nine tenths"),
        (MARCH, without((KIND == "EdpDiscount") & (UNBLENDED < -10)), "discount rows are a tenth"),
        (MARCH, twice(KIND == "BundledDiscount"), "discount rows are a tenth"),
        (MARCH, lambda rows: rows.with_columns(UNBLENDED.alias(NET.meta.output_name())), "never both"),
        (
            AUGUST,
            lambda rows: rows.with_columns(
                KIND.replace("Tax", "EdpDiscount").alias(KIND.meta.output_name()),
            ),
            "never both",
        ),
        (AUGUST, lambda rows: rows.with_columns(pl.when(KIND != "Tax").then(NET)), "never both"),
    ],
)  # fmt: skip
def test_the_generator_refuses_rows_that_break_an_identity(
    months: Months, month: date, spoil: Break, said: str
) -> None:
    spoilt = spoil(months[month])
    assert any(said in sentence for sentence in broken(spoilt)), broken(spoilt)
    with pytest.raises(AssertionError, match=f"{month:%Y-%m}: "):
        enforce(Month(month), spoilt)
