"""Does one closed month have two final deliveries that differ, and can a test step from one to the other?"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from finops_mcp.exports.sample import sample_line_items, write_restated_month
from finops_mcp.exports.sample.identities import KIND, UNBLENDED, broken
from tests.exports.sample.reading import delivered, manifest, named_files, read, total

MAY = date(2026, 5, 1)


def test_both_final_deliveries_lie_there_and_the_later_is_named(root: Path) -> None:
    data = root / "exports/sample-cur2/data/BILLING_PERIOD=2026-05"
    folders = sorted(folder.name for folder in data.iterdir())
    assert [name[:10] for name in folders] == ["2026-06-09", "2026-07-16"]
    assert folders[1].endswith(str(manifest(root, "2026-05")["executionId"]))
    first = read(sorted((data / folders[0]).iterdir()))
    assert first.equals(sample_line_items(MAY, first_said=True))
    assert set(first["bill_invoice_id"]) == set(delivered(root, "2026-05")["bill_invoice_id"])


def test_the_month_said_something_else_in_two_services_of_one_account() -> None:
    first, now = sample_line_items(MAY, first_said=True), sample_line_items(MAY)
    assert broken(first) == []
    by = ["line_item_usage_account_name", "line_item_product_code", "line_item_line_item_type"]
    both = (
        first.group_by(by).agg(first=UNBLENDED.sum())
        .join(now.group_by(by).agg(now=UNBLENDED.sum()), on=by, how="full", coalesce=True)
        .fill_null(Decimal(0))
        .filter(pl.col("first") != pl.col("now"))
    )  # fmt: skip
    changed = {row[1:3]: row[4] - row[3] for row in both.rows()}
    assert set(both["line_item_usage_account_name"]) - {"sample-organisation"} == {"data-lake"}
    scans = now.filter(
        pl.col("line_item_product_code") == "AmazonAthena",
        KIND == "Usage",
        pl.col("line_item_usage_start_date").dt.day().is_between(12, 14),
    )
    # Three days of scans had counted double, with a tenth off; the credit came later.
    assert changed["AmazonAthena", "Usage"] == -total(scans) < 0
    assert changed["AmazonAthena", "EdpDiscount"] == total(scans) * Decimal("0.1")
    assert changed["AWSGlue", "Credit"] == Decimal("-180.25")
    assert set(changed) == {
        ("AmazonAthena", "Usage"), ("AmazonAthena", "EdpDiscount"), ("AmazonAthena", "Tax"),
        ("AWSGlue", "Credit"), ("AWSGlue", "Tax"),
    }  # fmt: skip


def test_a_test_can_write_the_one_and_then_the_other(tmp_path: Path) -> None:
    assert write_restated_month(tmp_path, first_said=True) == MAY
    first = manifest(tmp_path, "2026-05")["executionId"]
    assert delivered(tmp_path, "2026-05").equals(sample_line_items(MAY, first_said=True))
    write_restated_month(tmp_path, first_said=False)
    assert manifest(tmp_path, "2026-05")["executionId"] != first
    assert delivered(tmp_path, "2026-05").equals(sample_line_items(MAY))
    assert all(path.is_file() for path in named_files(tmp_path, "2026-05"))
