"""Do all renderings carry the same charges, in the layout and with the manifest of their kind?"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, find, given, settings

from tests.support.organisations import (
    UNKNOWN_TYPE,
    ZERO,
    Row,
    amortized,
    is_upfront,
    organisations,
    period_upfront,
    postings,
)
from tests.support.renderings import (
    CUR_RENDERINGS,
    Delivery,
    athena_name,
    cur2_parquet,
    focus_csv_gz,
    focus_parquet,
    legacy_header,
    tag_header,
)

JANUARY = date(2026, 1, 1)
FEBRUARY = date(2026, 2, 1)


def row(**columns: Any) -> Row:
    usage = {
        "identity_line_item_id": "1",
        "line_item_line_item_type": "Usage",
        "line_item_unblended_cost": "0.1234567890",
        "resource_tags": {"user_cost_center": 'a "b", c'},
        "product": {"product_name": "Amazon Simple Storage Service"},
    }
    return usage | columns


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            (name,) = archive.namelist()
            text = archive.read(name).decode()
    else:
        text = gzip.decompress(path.read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def named(root: Path, manifest: Path) -> list[Path]:
    said = json.loads(manifest.read_text())
    keys = said.get("reportKeys") or [uri.split("/", 3)[3] for uri in said["dataFiles"]]
    return [root / key for key in keys]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=organisations())
def test_every_rendering_carries_every_charge(
    rows: Sequence[Row], tmp_path_factory: pytest.TempPathFactory
) -> None:
    costs = {line["identity_line_item_id"]: line["line_item_unblended_cost"] for line in rows}
    for name, write in CUR_RENDERINGS.items():
        root = tmp_path_factory.mktemp(name)
        files = named(root, write(rows, Delivery(root, JANUARY, chunks=2)))
        assert len(files) == 2
        delivered = [line for path in files for line in read(path)]
        names = ("identity_line_item_id", "line_item_unblended_cost")
        ids, cost = [legacy_header(column) if "/" in next(iter(delivered[0])) else column for column in names]
        found = {line[ids]: Decimal(str(line[cost])) for line in delivered}
        assert found.keys() == costs.keys(), name
        assert all(abs(found[one] - costs[one]) < Decimal("1e-12") for one in costs), name


@settings(max_examples=50, deadline=None)
@given(rows=organisations(months=(JANUARY, FEBRUARY)))
def test_random_organisations_keep_aws_rules(rows: Sequence[Row]) -> None:
    for month in (JANUARY, FEBRUARY):
        mine = [line for line in rows if line["bill_billing_period_start_date"].date() == month]
        unblended = sum((line["line_item_unblended_cost"] for line in mine), ZERO)
        paid = sum((line["line_item_unblended_cost"] for line in mine if is_upfront(line)), ZERO)
        accrued = sum((amortized(line) - period_upfront(line) for line in mine), ZERO)
        assert mine
        assert unblended == accrued + paid
        negated = sum(
            line["line_item_unblended_cost"]
            for line in mine
            if line["line_item_line_item_type"] in {"SavingsPlanCoveredUsage", "SavingsPlanNegation"}
        )
        assert negated == 0


@pytest.mark.parametrize(
    ("rendering", "manifest", "file"),
    [
        (
            "cur2_parquet",
            "exports/sample/metadata/BILLING_PERIOD=2026-01/sample-Manifest.json",
            "exports/sample/data/BILLING_PERIOD=2026-01/2026-01-05T05:13:47.826Z-x/sample-00001.snappy.parquet",
        ),
        (
            "cur2_csv_gz",
            "exports/sample/metadata/BILLING_PERIOD=2026-01/sample-Manifest.json",
            "exports/sample/data/BILLING_PERIOD=2026-01/2026-01-05T05:13:47.826Z-x/sample-00001.csv.gz",
        ),
        (
            "legacy_csv_gz",
            "exports/sample/20260101-20260201/sample-Manifest.json",
            "exports/sample/20260101-20260201/x/sample-00001.csv.gz",
        ),
        (
            "legacy_csv_zip",
            "exports/sample/20260101-20260201/sample-Manifest.json",
            "exports/sample/20260101-20260201/x/sample-1.csv.zip",
        ),
        (
            "legacy_parquet",
            "exports/sample/20260101-20260201/sample-Manifest.json",
            "exports/sample/sample/year=2026/month=1/sample-00001.snappy.parquet",
        ),
    ],
)
def test_each_kind_has_its_own_layout(rendering: str, manifest: str, file: str, tmp_path: Path) -> None:
    written = CUR_RENDERINGS[rendering]([row()], Delivery(tmp_path, JANUARY, execution="x"))
    assert written == tmp_path / manifest
    assert named(tmp_path, written) == [tmp_path / file]
    assert (tmp_path / file).is_file()


def test_versions_lie_side_by_side_and_overwriting_leaves_one(tmp_path: Path) -> None:
    for execution, kept in (("a", 1), ("b", 2)):
        cur2_parquet([row()], Delivery(tmp_path, JANUARY, execution=execution))
        assert len(list(tmp_path.rglob("*.parquet"))) == kept
    for execution in ("a", "b"):
        written = cur2_parquet(
            [row()], Delivery(tmp_path / "over", JANUARY, execution=execution, create_new=False)
        )
        assert json.loads(written.read_text())["executionId"] == execution
    assert len(list((tmp_path / "over").rglob("*.parquet"))) == 1
    assert len(list((tmp_path / "over").rglob("*-Manifest.json"))) == 1


def test_maps_are_maps_in_parquet_and_json_in_csv(tmp_path: Path) -> None:
    parquet = read(named(tmp_path, CUR_RENDERINGS["cur2_parquet"]([row()], Delivery(tmp_path, JANUARY)))[0])
    text = read(named(tmp_path, CUR_RENDERINGS["cur2_csv_gz"]([row()], Delivery(tmp_path, JANUARY)))[0])
    assert parquet[0]["resource_tags"] == json.loads(text[0]["resource_tags"]) == row()["resource_tags"]
    assert text[0]["line_item_unblended_cost"] == "0.1234567890"


def test_headers_are_what_aws_calls_them() -> None:
    assert legacy_header("line_item_unblended_cost") == "lineItem/UnblendedCost"
    assert legacy_header("line_item_line_item_type") == "lineItem/LineItemType"
    assert legacy_header("split_line_item_split_cost") == "splitLineItem/SplitCost"
    assert legacy_header("reservation_reservation_a_r_n") == "reservation/ReservationARN"
    assert legacy_header("savings_plan_used_commitment") == "savingsPlan/UsedCommitment"
    assert legacy_header("product_instance_type") == "product/instanceType"
    assert tag_header("user_cost_center") == "resourceTags/user:Cost Center"
    assert athena_name("resourceTags/user:Cost Center") == "resource_tags_user_cost_center"
    assert athena_name("product/ProductName") == "product_product_name"


def test_athena_names_undo_legacy_headers(tmp_path: Path) -> None:
    written = CUR_RENDERINGS["legacy_parquet"]([row()], Delivery(tmp_path, JANUARY))
    (line,) = read(named(tmp_path, written)[0])
    assert line == {
        "product_product_name": "Amazon Simple Storage Service",
        "identity_line_item_id": "1",
        "line_item_line_item_type": "Usage",
        "line_item_unblended_cost": 0.123456789,
        "resource_tags_user_cost_center": 'a "b", c',
    }


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_focus_rows_are_delivered_as_data_exports(version: str, tmp_path: Path) -> None:
    charge = {"ServiceName": "Amazon S3", "BilledCost": "1.5", "Tags": {"team": "shop"}, "x_Discounts": None}
    for write in (focus_parquet, focus_csv_gz):
        written = write([charge], Delivery(tmp_path, JANUARY), version)
        assert written.parent == tmp_path / "exports/sample/metadata/billing_period=2026-01"
        assert json.loads(written.read_text())["tableName"] == f"FOCUS_{version.replace('.', '_')}_AWS"
        (line,) = read(named(tmp_path, written)[0])
        assert float(line["BilledCost"]) == 1.5


def test_random_organisations_include_a_type_that_nobody_knows() -> None:
    found = find(postings(JANUARY), lambda line: line["line_item_line_item_type"] == UNKNOWN_TYPE)
    assert found["line_item_unblended_cost"] == 0
