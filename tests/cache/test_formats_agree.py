"""Do CUR 2.0, a legacy report and FOCUS tell the same costs of the same charges?

FOCUS is rendered here from the specification's words, so agreement is between two readings and not one.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given

from finops_mcp.cache.costs import Costs
from finops_mcp.exports.sample import office_line_items, sample_line_items
from tests.cache.test_properties import few
from tests.support.focus import Row, focus_rows
from tests.support.homes import TinyHome, by, total
from tests.support.organisations import ZERO, organisations
from tests.support.renderings import Delivery, cur2_parquet, focus_parquet, legacy_parquet

MARCH, AUGUST = date(2026, 3, 1), date(2026, 8, 1)
MEASURES = {"billed_cost": "BilledCost", "effective_cost": "EffectiveCost"}
KEYS = ("service_name", "sub_account_id", "month", "billing_account_id")
# Doubles carry fifteen digits; a millionth is far below the cent that must agree.
CLOSE = Decimal("0.000001")
Make = Callable[[], TinyHome]


@cache
def some_of(month: date) -> list[dict[str, Any]]:
    """Return a month's line items; of the hourly ones, only those of two days."""
    rows = [*sample_line_items(month).to_dicts()]
    rows += office_line_items(month).to_dicts() if month == MARCH else []
    return [row for row in rows if _kept(row)]


def _kept(row: Row) -> bool:
    start, end = row["line_item_usage_start_date"], row["line_item_usage_end_date"]
    return bool(end - start > timedelta(hours=1) or start.day in {3, 4})


def loaded(tiny_home: Make, rows: Sequence[Row], month: date) -> dict[str, Costs]:
    """Deliver the same charges in each format, and load each on its own."""
    formats: dict[str, Callable[[Delivery], object]] = {
        "CUR 2.0": lambda place: cur2_parquet(rows, place),
        "legacy": lambda place: legacy_parquet(rows, place),
        "FOCUS 1.2": lambda place: focus_parquet(focus_rows(rows), place),
        "FOCUS 1.0": lambda place: focus_parquet(focus_rows(rows, "1.0"), place, "1.0"),
    }
    found = {}
    for name, write in formats.items():
        made = tiny_home()
        write(Delivery(made.bucket, month))
        made.refresh()
        found[name] = made.costs()
    return found


def expected(rows: Sequence[Row], measure: str) -> dict[Any, Decimal]:
    """Add FOCUS rows up in plain Python."""
    sums: dict[Any, Decimal] = {}
    for row in focus_rows(rows):
        month = f"{row['BillingPeriodStart']:%Y-%m}"
        key = (row["ServiceName"], row["SubAccountId"], month, row["BillingAccountId"])
        sums[key] = sums.get(key, ZERO) + row[measure]
    return sums


def agree(costs: dict[str, Costs], rows: Sequence[Row]) -> None:
    for measure, column in MEASURES.items():
        wanted = expected(rows, column)
        for name, told in costs.items():
            found = by(told, KEYS, measure)
            apart = {
                key: (found.get(key), wanted.get(key))
                for key in found.keys() | wanted.keys()
                if abs((found.get(key) or ZERO) - (wanted.get(key) or ZERO)) > CLOSE
            }
            assert not apart, f"{measure} by {', '.join(KEYS)} from {name}"


@pytest.mark.parametrize("month", [MARCH, AUGUST])
def test_a_month_of_the_sample_costs_the_same_in_every_format(month: date, tiny_home: Make) -> None:
    rows = some_of(month)
    agree(loaded(tiny_home, rows, month), rows)


@few
@given(rows=organisations())
def test_any_organisation_costs_the_same_in_every_format(rows: Sequence[Row], tiny_home: Make) -> None:
    agree(loaded(tiny_home, rows, date(2026, 1, 1)), rows)


def test_the_months_compared_hold_what_can_go_wrong() -> None:
    kinds = {row["line_item_line_item_type"] for month in (MARCH, AUGUST) for row in some_of(month)}
    assert kinds == {
        "Usage", "DiscountedUsage", "RIFee", "Fee", "SavingsPlanCoveredUsage", "SavingsPlanNegation",
        "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "BundledDiscount", "RiVolumeDiscount",
        "EdpDiscount", "Credit", "Refund", "Tax",
    }  # fmt: skip
    assert any(row["line_item_operation"] == "EKSPod-EC2" for row in some_of(AUGUST))


def test_a_toy_reading_would_not_agree(tiny_home: Make) -> None:
    """The comparison can fail: fees that keep their effective cost, and no row for what went unused."""
    rows = some_of(AUGUST)
    toy = [
        charge | ({"EffectiveCost": charge["BilledCost"]} if charge["ChargeCategory"] == "Purchase" else {})
        for charge in focus_rows(rows)
        if charge["CommitmentDiscountStatus"] != "Unused"
    ]
    made = tiny_home()
    focus_parquet(toy, Delivery(made.bucket, AUGUST))
    made.refresh()
    wanted = sum(expected(rows, "EffectiveCost").values(), ZERO)
    assert abs(total(made.costs(), "effective_cost") - wanted) > 100
    with pytest.raises(AssertionError, match="effective_cost by"):
        agree({"toy": made.costs()}, rows)


def test_the_same_month_as_report_and_as_focus_passes_the_standing_comparison(tiny_home: Make) -> None:
    rows = some_of(AUGUST)
    made = tiny_home()
    cur2_parquet(rows, Delivery(made.bucket, AUGUST, export="report"))
    focus_parquet(focus_rows(rows), Delivery(made.bucket, AUGUST, export="focus"))
    made.refresh()
    compared = [t for t in made.costs().opened.data_tests if t.name == "overlapping exports tell the same"]
    assert len(compared) == 1
    assert compared[0].off_by < CLOSE
