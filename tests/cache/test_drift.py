"""Do columns that come, go or change their spelling give typed nulls and a word, never a wrong total?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from finops_mcp.cache.costs import Costs
from finops_mcp.errors import MeasureNotInExport
from finops_mcp.exports.dialects import texts_of_nothing
from tests.support.homes import TinyHome, by, charge, total
from tests.support.organisations import Row

D = Decimal
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
Make = Callable[[], TinyHome]
BOTH: dict[str, Any] = {"start": "2026-01-01", "end": "2026-03-01"}


def without(row: Row, *columns: str) -> Row:
    return {k: v for k, v in row.items() if k not in columns}


def changed(made: TinyHome, ending: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = next(made.bucket.rglob(f"*{ending}"))
    change(pl.read_parquet(path)).write_parquet(path)


def loaded(made: TinyHome) -> Costs:
    made.refresh()
    return made.costs()


@pytest.mark.parametrize("at", ["-00001.snappy.parquet", "-00002.snappy.parquet"])
@pytest.mark.fault(5)
def test_a_column_absent_in_one_file_is_null_there_in_either_order(at: str, tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("1")], chunks=2)
    changed(made, at, lambda frame: frame.drop("product_region_code", "product", "bill_invoice_id"))
    costs = loaded(made)
    assert by(costs, "region_id") == {"us-east-1": D(1), None: D(1)}
    assert by(costs, "invoice_id") == {"100200300": D(1), None: D(1)}
    said = costs.status.drift()
    for column in ("product", "product_region_code", "bill_invoice_id"):
        assert any(f"{at} has no column {column} while others of the delivery have it" in s for s in said)


@pytest.mark.fault(6)
def test_a_column_absent_in_one_month_is_null_there_and_named(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")], JANUARY)
    made.deliver([without(charge("2", FEBRUARY), "line_item_resource_id")], FEBRUARY)
    costs = loaded(made)
    assert by(costs, "resource_id", **BOTH) == {"i-0a1b2c3d4e5f60718": D(1), None: D(2)}
    assert costs.status.drift() == ["sample: no column line_item_resource_id in 2026-02"]


@pytest.mark.parametrize("spelling", [str.upper, str.title, str.lower], ids=["upper", "title", "lower"])
@pytest.mark.fault(6)
def test_the_case_of_a_column_does_not_matter(spelling: Callable[[str], str], tiny_home: Make) -> None:
    made = tiny_home()
    rows = [
        charge(cost, resource_tags={"user_team": "shop"}, cost_category={"unit": "retail"})
        for cost in ("1", "2")
    ]
    made.deliver(rows, chunks=2)
    changed(made, "-00002.snappy.parquet", lambda f: f.rename({c: spelling(c) for c in f.columns}))
    costs = loaded(made)
    assert by(costs, ["service_name", "region_id", "tag:team", "cost_category:unit"]) == {
        ("Amazon Elastic Compute Cloud", "us-east-1", "shop", "retail"): D(3)
    }
    assert costs.status.drift() == []


def test_the_case_of_a_focus_column_does_not_matter(tiny_home: Make) -> None:
    made = tiny_home()
    text = (
        "billedcost,BILLINGPERIODSTART,chargeperiodstart,ChargeCategory,tags,x_costcategories\n"
        '1.5,2026-01-01T00:00:00Z,2026-01-02 00:00:00,Usage,"{""user:Team"": ""shop""}","{""Unit"": ""a""}"\n'
    )
    (made.bucket / "focus.csv").write_text(text)
    costs = loaded(made)
    assert by(costs, ["tag:team", "cost_category:unit"], "billed_cost") == {("shop", "a"): D("1.5")}


@pytest.mark.fault(5)
def test_a_column_nobody_knows_is_named_and_changes_nothing(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("2")], chunks=2)
    changed(made, "-00002.snappy.parquet", lambda f: f.with_columns(line_item_brand_new=pl.lit("x")))
    costs = loaded(made)
    assert total(costs) == D(3)
    assert any("has an unknown column line_item_brand_new" in said for said in costs.status.drift())


@pytest.mark.fault(7)
def test_a_cost_column_that_turned_into_text_is_read_all_the_same(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1.1"), charge("2.2"), charge("1e-10")], chunks=3)
    as_text = pl.col("line_item_unblended_cost").cast(pl.String)
    changed(made, "-00002.snappy.parquet", lambda f: f.with_columns(as_text))
    changed(
        made,
        "-00003.snappy.parquet",
        lambda f: f.with_columns(pl.col("line_item_unblended_cost").cast(pl.Decimal(38, 12))),
    )
    assert total(loaded(made)) == D("3.3000000001")


def test_times_with_a_zone_are_read_as_utc(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    zoned = (
        pl.col("line_item_usage_start_date").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Tokyo")
    )
    changed(made, ".parquet", lambda f: f.with_columns(zoned))
    ((start,),) = loaded(made).ask("select charge_period_start from charges")
    assert start == charge()["line_item_usage_start_date"]


def test_a_measure_is_refused_only_where_charges_need_the_column_that_lacks(tiny_home: Make) -> None:
    """AWS leaves the columns of reservations out where there are none, and nothing is lacking then."""
    made = tiny_home()
    made.deliver([charge("1")], JANUARY)
    used = charge(
        "0", FEBRUARY, line_item_line_item_type="DiscountedUsage", reservation_reservation_a_r_n="arn:1"
    )
    made.deliver([used, charge("2", FEBRUARY)], FEBRUARY)
    costs = loaded(made)
    assert total(costs, "amortized_cost", month="2026-01") == D(1)
    assert total(costs, "unblended_cost", month="2026-02") == D(2)
    for metric in ("amortized_cost", "net_amortized_cost", "effective_cost"):
        with pytest.raises(MeasureNotInExport, match="it has no reservation_effective_cost"):
            costs.select(metric=metric, month="2026-02")


def test_a_comparison_with_a_month_that_lacks_the_measure_is_refused(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([without(charge("1"), "pricing_public_on_demand_cost")], JANUARY)
    made.deliver([charge("2", FEBRUARY)], FEBRUARY)
    costs = loaded(made)
    assert total(costs, "list_cost", month="2026-02") == D(2)
    with pytest.raises(MeasureNotInExport, match="it has no pricing_public_on_demand_cost"):
        costs.select(metric="list_cost", month="2026-02", compare="previous_period")


def test_a_currency_column_that_comes_late_mixes_nothing(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([without(charge("1"), "line_item_currency_code")], JANUARY)
    made.deliver([charge("2", FEBRUARY)], FEBRUARY)
    costs = loaded(made)
    chosen = costs.select(metric="billed_cost", **BOTH)
    assert any("Several currencies" in said for said in costs.caveats(chosen))
    assert total(costs, "billed_cost", month="2026-02") == D(2)


def test_a_tag_that_says_null_is_a_value_in_a_report_and_none_in_focus() -> None:
    report = ["bill_billing_period_start_date", "line_item_line_item_type", "line_item_unblended_cost"]
    focus = ["BilledCost", "BillingPeriodStart", "ChargePeriodStart", "ChargeCategory"]
    assert texts_of_nothing(report) == ("",)
    assert texts_of_nothing(focus) == ("", "NULL")
