"""Do charges that leave as FOCUS 1.2 say what FOCUS wants of them, and come back with the same totals?"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.focus import FocusForm
from finops_mcp.cache.spans import Span
from finops_mcp.exports.dialects import FOCUS_1_2
from finops_mcp.vocabulary import FOCUS_METRICS
from tests.cache.test_properties import few
from tests.support.focus import focus_rows
from tests.support.homes import TinyHome, by, refreshed
from tests.support.organisations import Row, organisations
from tests.support.renderings import Delivery, cur2_parquet

Make = Callable[[], TinyHome]
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
BOTH = Span(JANUARY, MARCH, "billing_period")
KEYS = ("month", "service_name", "sub_account_id", "charge_category", "sku_meter", "tag:project")


def loaded(tiny_home: Make, rows: Sequence[Row]) -> TinyHome:
    made = tiny_home()
    for month in {row["bill_billing_period_start_date"] for row in rows}:
        of_month = [row for row in rows if row["bill_billing_period_start_date"] == month]
        cur2_parquet(of_month, Delivery(made.bucket, month.date()))
    made.refresh()
    return made


def written(costs: Costs, folder: Path, form: FocusForm, asked: Span = BOTH) -> Path:
    path = folder / f"focus.{form}"
    costs.write_focus(asked, path, form, lambda *_: None)
    return path


def rounded(amount: Decimal) -> Decimal:
    return round(amount, 6)


@few
@given(rows=organisations((JANUARY, FEBRUARY)))
def test_what_was_exported_comes_back_with_the_same_totals(tiny_home: Make, rows: list[Row]) -> None:
    made = loaded(tiny_home, rows)
    costs = made.costs()
    keys = [key for key in KEYS if ":" not in key or "project" in costs.label_keys("tags")]
    for form in ("parquet", "csv"):
        back = tiny_home()
        refreshed(back.home, written(costs, back.bucket, form))
        for metric in FOCUS_METRICS:
            for scope in ("bill", "costs"):
                for dimensions in (("month",), ("charge_category",), keys):
                    before = by(costs, dimensions, metric, scope=scope, start="2026-01-01", end="2026-03-01")
                    after = by(
                        back.costs(), dimensions, metric, scope=scope, start="2026-01-01", end="2026-03-01"
                    )
                    assert {k: v for k, v in after.items() if v} == {k: v for k, v in before.items() if v}


@few
@given(rows=organisations((JANUARY,)))
def test_rows_are_those_that_the_specification_lists(tiny_home: Make, rows: list[Row]) -> None:
    made = loaded(tiny_home, rows)
    asked = Span(JANUARY, FEBRUARY, "billing_period")
    found = pl.read_parquet(written(made.costs(), made.bucket, "parquet", asked)).to_dicts()
    words = (
        "ChargeCategory", "ChargeClass", "ChargeFrequency", "CommitmentDiscountId", "SubAccountId",
        "CommitmentDiscountStatus", "CommitmentDiscountType", "ServiceName", "RegionId",
    )  # fmt: skip
    amounts = ("BilledCost", "EffectiveCost", "ListCost")
    assert told(found, words, amounts) == told(focus_rows(rows), words, amounts)


def told(rows: Sequence[dict[str, Any]], words: Sequence[str], amounts: Sequence[str]) -> Counter[Any]:
    return Counter(
        (*(row.get(w) for w in words), *(rounded(Decimal(row[a])) for a in amounts)) for row in rows
    )


def test_nothing_is_told_where_focus_wants_nothing(tiny_home: Make) -> None:
    made = tiny_home()
    rows = [row for row in _sample() if row["line_item_line_item_type"] in {"Tax", "Usage", "Fee"}]
    cur2_parquet(rows, Delivery(made.bucket, JANUARY))
    made.refresh()
    frame = pl.read_parquet(written(made.costs(), made.bucket, "parquet"))
    tax = frame.filter(pl.col("ChargeCategory") == "Tax")
    never = ("SkuId", "SkuPriceId", "PricingQuantity", "PricingUnit", "PricingCategory", "ListUnitPrice")
    assert tax.height == 1
    assert all(tax[name].null_count() == 1 for name in never)
    assert frame.filter(pl.col("ChargeCategory") != "Usage")["ConsumedQuantity"].null_count() == 2
    places = frame.select("x_ServiceCode", "ServiceCategory", "ServiceSubcategory").rows()
    assert ("AmazonEC2", "Compute", "Virtual Machines") in places
    assert ("SolarFlareService", "Other", "Other (Other)") in places


def _sample() -> list[Row]:
    from tests.tools.tiny import charge

    return [
        charge("1", pricing_unit="Hrs", line_item_usage_amount="2", product_sku="S"),
        charge("2", line_item_line_item_type="Tax", line_item_usage_amount="1", product_sku="S"),
        charge("3", line_item_line_item_type="Fee", line_item_product_code="SolarFlareService"),
    ]


def test_a_text_that_a_spreadsheet_would_run_has_an_apostrophe_in_csv_and_none_in_parquet(
    tiny_home: Make,
) -> None:
    from tests.tools.tiny import charge

    hostile = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx"]
    harmless = ["-5", "+5.25", "a=b", "fine"]
    made = tiny_home()
    rows = [
        charge("-1.5", line_item_line_item_description=text, identity_line_item_id=text)
        for text in [*hostile, *harmless]
    ]
    cur2_parquet(rows, Delivery(made.bucket, JANUARY))
    made.refresh()
    texts = pl.read_csv(written(made.costs(), made.bucket, "csv"), infer_schema=False)
    assert set(texts["ChargeDescription"]) == {*(f"'{text}" for text in hostile), *harmless}
    assert set(texts["BilledCost"].cast(pl.Float64)) == {-1.5}  # a number stays one, whatever it begins with
    exact = pl.read_parquet(written(made.costs(), made.bucket, "parquet"))
    assert set(exact["ChargeDescription"]) == {*hostile, *harmless}


def test_times_and_maps_are_as_focus_has_them_in_text(tiny_home: Make) -> None:
    from tests.tools.tiny import charge

    made = tiny_home()
    tagged = charge("1", resource_tags={"user_project": 'say "yes"'})
    cur2_parquet([tagged], Delivery(made.bucket, JANUARY))
    made.refresh()
    row = pl.read_csv(written(made.costs(), made.bucket, "csv"), infer_schema=False).to_dicts()[0]
    assert set(row) == set(FOCUS_1_2.columns)  # letter by letter
    assert row["ChargePeriodStart"] == "2026-01-01T00:00:00Z"
    assert row["BillingPeriodEnd"] == "2026-02-01T00:00:00Z"
    assert row["Tags"] == '{"project":"say \\"yes\\""}'


def test_how_far_it_is_is_told_and_a_caller_who_leaves_stops_it(tiny_home: Make, monkeypatch: Any) -> None:
    import pytest

    from finops_mcp.cache.focus import writing
    from finops_mcp.errors import Cancelled
    from tests.tools.tiny import charge

    monkeypatch.setattr(writing, "_SECONDS_BETWEEN", 0.0)
    made = tiny_home()
    cur2_parquet([charge("1")], Delivery(made.bucket, JANUARY))
    made.refresh()
    costs, heard = made.costs(), threading.Event()

    def leave(message: str, done: float, total: float) -> None:
        assert (message, total) == ("Writing 2026-01 to 2026-02", 100.0)
        assert 0 <= done <= 100
        heard.set()
        costs.interrupt()

    with pytest.raises(Cancelled):
        costs.write_focus(BOTH, made.bucket / "focus.csv", "csv", leave)
    assert heard.is_set()
