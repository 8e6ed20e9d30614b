"""Is the sample organisation exact, complete, repeatable, and delivered as AWS delivers?"""

import hashlib
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from finops_mcp.exports.sample import sample_line_items, write_sample
from finops_mcp.exports.sample.charges import SKUS
from finops_mcp.exports.sample.columns import DELIVERED, EXACT
from finops_mcp.exports.sample.identities import AMORTIZED, KIND, SPLIT, UNBLENDED
from finops_mcp.exports.sample.months import MONTHS, at
from tests.exports.sample.reading import delivered, manifest, named_files, read, total

JANUARY, MARCH, JULY, OPEN = (date(2026, month, 1) for month in (1, 3, 7, 10))


def test_thirteen_months_ten_accounts_and_more_than_twenty_services(everything: pl.DataFrame) -> None:
    assert everything["bill_billing_period_start_date"].n_unique() == 13
    assert everything["line_item_usage_account_id"].n_unique() == 10
    assert everything["line_item_product_code"].n_unique() >= 20
    assert everything["product_region_code"].drop_nulls().n_unique() == 3
    assert 250_000 <= everything.height <= 450_000


def test_a_node_is_split_to_the_last_place(months: dict[date, pl.DataFrame]) -> None:
    march = months[MARCH]
    pods = march.filter(SPLIT)
    nodes = pods["split_line_item_parent_resource_id"].unique().to_list()
    given = pods.select(
        (pl.col("split_line_item_split_cost") + pl.col("split_line_item_unused_cost")).sum()
    ).item()
    of_nodes = march.filter(pl.col("line_item_resource_id").is_in(nodes))
    assert len(nodes) == 2
    assert given == total(of_nodes, AMORTIZED) > 0


def test_costs_are_quantity_times_price_to_the_last_place(everything: pl.DataFrame) -> None:
    priced = everything.filter(KIND == "Usage", ~SPLIT, pl.col("line_item_unblended_rate").is_not_null())
    rows = priced.unique("line_item_usage_type", keep="first", maintain_order=True)
    for quantity, rate, cost in rows.select(
        "line_item_usage_amount", "line_item_unblended_rate", "line_item_unblended_cost"
    ).iter_rows():
        assert quantity * Decimal(rate) == cost


def test_the_open_month_stops_on_the_20th_and_has_no_invoices(months: dict[date, pl.DataFrame]) -> None:
    newest = months[OPEN]
    assert newest["line_item_usage_start_date"].max() == at(date(2026, 10, 21)) - timedelta(hours=1)
    assert set(newest["bill_invoice_id"]) == {""}
    assert set(months[date(2026, 9, 1)]["bill_invoice_id"].str.len_chars()) == {10}


def test_a_week_of_logs_runs_away_one_resource_appears_and_one_goes(everything: pl.DataFrame) -> None:
    day = pl.col("line_item_usage_start_date").dt.date()
    logs = everything.filter(pl.col("line_item_resource_id").str.contains("/ecs/checkout"))
    daily = dict(logs.group_by(day.alias("day")).agg(UNBLENDED.sum()).iter_rows())
    assert daily[date(2026, 3, 12)] > 15 * daily[date(2026, 3, 5)]
    search = everything.filter(pl.col("line_item_resource_id").str.ends_with("domain/product-search"))
    assert search.select(day.min()).item() == date(2026, 2, 17)
    legacy = everything.filter(pl.col("line_item_usage_type") == "BoxUsage:c5.xlarge")
    assert legacy.select(day.max()).item() == date(2026, 5, 10)


def test_tags_are_spelled_in_several_ways_or_missing(everything: pl.DataFrame) -> None:
    environments = {(tags or {}).get("user_environment") for tags in everything["resource_tags"].unique()}
    assert {"prod", "Prod", "staging", None} <= environments
    assert everything["cost_category"].null_count() == 0


def test_support_is_posted_on_the_6th_for_the_month_before(everything: pl.DataFrame) -> None:
    fees = everything.filter(pl.col("line_item_product_code") == "AWSSupportBusiness", KIND == "Fee")
    assert fees["line_item_usage_start_date"].dt.day().to_list() == [6] * 13


def test_every_sku_has_its_own_key() -> None:
    assert all(sku.key == key for key, sku in SKUS.items())
    assert len({sku.code for sku in SKUS.values()}) == len(SKUS)


def test_the_export_has_the_types_that_aws_documents(root: Path) -> None:
    frame = pl.read_parquet(named_files(root, "2026-03")[0])
    assert dict(frame.schema) == DELIVERED
    assert manifest(root, "2026-03")["columns"] == [
        {"name": name, "type": word} for name, word in zip(DELIVERED, _words(), strict=True)
    ]
    assert frame["identity_line_item_id"].is_unique().all()


def _words() -> list[str]:
    spoken = {pl.String(): "string", pl.Float64(): "double", pl.Datetime("ms"): "timestamp"}
    return [spoken.get(kind, "map") for kind in DELIVERED.values()]


def test_the_files_hold_the_very_rows_that_were_made_up(root: Path) -> None:
    for month in (JANUARY, MARCH, JULY, OPEN):
        made = sample_line_items(month)
        assert dict(made.schema) == EXACT
        assert made.equals(delivered(root, f"{month:%Y-%m}"))


def test_an_older_execution_lies_beside_the_newest_and_is_not_named(root: Path) -> None:
    data = root / "exports/sample-cur2/data/BILLING_PERIOD=2026-03"
    assert len(list(data.iterdir())) == 2
    named = named_files(root, "2026-03")
    stale = set(data.rglob("*.parquet")) - set(named)
    assert len(named) == 2
    assert 30_000 < read(sorted(stale)).height < read(named).height
    folders = [
        path.parent.name
        for path in (root / "exports/sample-cur2").rglob("metadata/BILLING_PERIOD=2026-03/*/*-Manifest.json")
    ]
    assert sorted(folders) == sorted(folder.name for folder in data.iterdir())
    assert max(folders).endswith(str(manifest(root, "2026-03")["executionId"]))


def test_every_named_file_exists_and_every_month_is_delivered(root: Path) -> None:
    for month in MONTHS:
        assert all(path.is_file() for path in named_files(root, month.label))


def test_the_same_bytes_in_another_process_whatever_its_clock_and_hash_seed(
    root: Path, tmp_path: Path
) -> None:
    program = (
        "from pathlib import Path; import sys; from finops_mcp.exports.sample import write_sample; "
        "assert 'polars' not in sys.modules; from finops_mcp.exports.sample import months; "
        "months.MONTHS = months.MONTHS[3:6]; write_sample(Path(sys.argv[1]))"
    )
    surroundings = {"TZ": "Pacific/Apia", "PYTHONHASHSEED": "7", "POLARS_MAX_THREADS": "1"}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, env=surroundings)
    again = _digests(tmp_path)
    assert len(again) == 21
    assert again.items() <= _digests(root).items()


def _digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_progress_is_told_month_by_month(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("finops_mcp.exports.sample.months.MONTHS", MONTHS[:2])
    told: list[tuple[str, int, int]] = []
    write_sample(tmp_path, progress=lambda *step: told.append(step))
    assert told == [("2025-10", 1, 2), ("2025-11", 2, 2)]
