"""Is whatever cannot be loaded whole refused by name, while the last good figures go on being served?"""

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from finops_mcp.errors import (
    CallerMistake,
    ColumnMissing,
    ExportDamaged,
    FileMissing,
    FileUnreadable,
    FinopsError,
    ManifestUnreadable,
    NoExportsFound,
    SourceNotFound,
    ValueUnreadable,
)
from tests.support.homes import TinyHome, charge, charges, refreshed, total

D = Decimal
JANUARY = date(2026, 1, 1)
Make = Callable[[], TinyHome]


@pytest.fixture
def serving(tiny_home: Make) -> TinyHome:
    """A home that serves 7.00 of January, whatever is delivered next."""
    made = tiny_home()
    made.deliver([charge("3"), charge("4")], execution="good")
    made.refresh()
    return made


def refused(made: TinyHome, kind: type[FinopsError], match: str, source: Path | str = "") -> str:
    """Refresh, and hold that it fails as it should while the generation before it still answers."""
    before = made.generation
    with pytest.raises(kind, match=match) as raised:
        refreshed(made.home, source or made.bucket)
    assert type(raised.value) is kind
    assert made.generation == before
    assert total(made.costs()) == D(7)
    assert charges(made.costs()) == 2
    assert not list(made.home.segments.glob(".*"))
    return str(raised.value)


def newest(made: TinyHome, ending: str) -> Path:
    return max(made.bucket.rglob(f"*{ending}"), key=lambda p: p.stat().st_mtime_ns)


def as_text(made: TinyHome, change: Callable[[str], str], rendering: str = "cur2_csv_gz") -> None:
    """Deliver two charges as text, changed in one way."""
    made.deliver([charge("1"), charge("2")], rendering=rendering, execution="bad")
    path = newest(made, ".csv.gz")
    path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()).decode()).encode()))


def test_a_folder_without_exports(serving: TinyHome, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    refused(serving, NoExportsFound, r"No cost export was found under .* \(1 file\(s\) seen", tmp_path)


def test_a_folder_that_is_not_there(serving: TinyHome, tmp_path: Path) -> None:
    refused(serving, SourceNotFound, "There is no file or folder at", tmp_path / "missing")


@pytest.mark.fault(8)
def test_a_manifest_that_names_a_missing_file(serving: TinyHome) -> None:
    serving.deliver([charge("1"), charge("2")], execution="bad", chunks=2)
    lost = newest(serving, "-00002.snappy.parquet")
    lost.unlink()
    said = refused(serving, FileMissing, "which is not there. The month is not loaded in part")
    assert lost.name in said
    assert "sample-Manifest.json" in said


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', '{"dataFiles": "x"}', '{"dataFiles": [1]}', "[" * 5000, '{"a": 1}', "\udcff"],
    ids=["empty", "cut", "list", "word", "no list", "number", "deep", "other", "not text"],
)
def test_a_manifest_that_is_not_one(text: str, serving: TinyHome) -> None:
    manifest = serving.deliver([charge("1")], execution="bad")
    manifest.write_bytes(text.encode(errors="surrogateescape"))
    refused(serving, ManifestUnreadable, r"The manifest .*sample-Manifest.json cannot be read")


@pytest.mark.parametrize("kept", [0, 4, 100, -9, -1])
@pytest.mark.fault(2)
def test_a_truncated_parquet_file(kept: int, serving: TinyHome) -> None:
    serving.deliver([charge("1")] * 50, execution="bad")
    path = newest(serving, ".parquet")
    path.write_bytes(path.read_bytes()[:kept])
    refused(serving, FileUnreadable, r"sample-00001.snappy.parquet cannot be read whole")


def cut_at_every(percent: int, packed: bytes) -> list[bytes]:
    return [packed[: len(packed) * part // 100] for part in range(0, 100, percent)]


@pytest.mark.fault(3)
def test_a_gzip_file_cut_anywhere(serving: TinyHome) -> None:
    serving.deliver(
        [charge(str(n), identity_line_item_id=str(n * 7919)) for n in range(300)],
        rendering="cur2_csv_gz",
        execution="bad",
    )
    path = newest(serving, ".csv.gz")
    for part in cut_at_every(12, path.read_bytes()):
        path.write_bytes(part)
        refused(serving, FileUnreadable, r"sample-00001.csv.gz cannot be read whole")


@pytest.mark.parametrize("where", ["inside", "after", "checksum"])
@pytest.mark.fault(3)
def test_a_gzip_file_with_garbage(where: str, serving: TinyHome) -> None:
    serving.deliver([charge("1")] * 300, rendering="cur2_csv_gz", execution="bad")
    path = newest(serving, ".csv.gz")
    packed = bytearray(path.read_bytes())
    if where == "inside":
        packed[60:90] = b"\xff" * 30
    elif where == "after":
        packed += b"trailing garbage"
    else:
        packed[-8] ^= 1
    path.write_bytes(bytes(packed))
    refused(serving, FileUnreadable, r"sample-00001.csv.gz cannot be read whole")


@pytest.mark.parametrize("where", ["cut", "inside", "not a zip", "locked"])
def test_a_zip_file_that_cannot_be_opened(where: str, serving: TinyHome) -> None:
    serving.deliver([charge("1")] * 300, rendering="legacy_csv_zip", execution="bad", export="legacy")
    path = newest(serving, ".csv.zip")
    packed = bytearray(path.read_bytes())
    if where == "cut":
        packed = packed[: len(packed) // 2]
    elif where == "inside":
        packed[120:150] = b"\xff" * 30
    elif where == "not a zip":
        packed = bytearray(b"line_item_unblended_cost\n1\n")
    else:
        with zipfile.ZipFile(path) as archive:
            at = archive.infolist()[0].header_offset
        packed[at + 6] |= 1  # the flag that says: wants a password
        packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(packed))
    refused(serving, FileUnreadable, r"legacy-1.csv.zip cannot be read whole")


@pytest.mark.parametrize(
    ("word", "by", "column"),
    [
        (",1,", ",one,", "line_item_unblended_cost"),
        (",1,", ",NaN,", "line_item_unblended_cost"),
        (",1,", ",inf,", "line_item_unblended_cost"),
        (",1,", ",1e1000000,", "line_item_unblended_cost"),
        (",1,", ',"1,5",', "line_item_unblended_cost"),
        ("2026-01-05T07:00:00.000Z", "2026-02-30T07:00:00.000Z", "line_item_usage_start_date"),
        ("2026-01-05T07:00:00.000Z", "yesterday", "line_item_usage_start_date"),
        ("2026-01-05T07:00:00.000Z", "", "line_item_usage_start_date"),
        ("2026-01-01T00:00:00.000Z", "", "bill_billing_period_start_date"),
    ],
)
@pytest.mark.fault(7)
def test_a_value_that_is_not_of_its_type(word: str, by: str, column: str, serving: TinyHome) -> None:
    def change(text: str) -> str:
        header, first, *others = text.split("\n")
        at = header.split(",").index(column)
        if not word.startswith(","):
            return "\n".join([header, first.replace(word, by, 1), *others])
        cells = first.split(",")
        plain = len(header.split(",")) == len(cells)
        # The map columns hold commas; the cost lies before them.
        assert plain or cells[at] == "1"
        cells[at] = by.strip(",") if not by.startswith(',"') else by[1:-1]
        return "\n".join([header, ",".join(cells), *others])

    as_text(serving, change)
    said = refused(serving, ValueUnreadable, rf"column {column} holds 1 value")
    assert "sample-00001.csv.gz" in said


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e30])
@pytest.mark.fault(31)
def test_a_cost_that_is_no_amount_in_parquet(value: float, serving: TinyHome) -> None:
    serving.deliver([charge("1"), charge("2")], execution="bad")
    path = newest(serving, ".parquet")
    frame = pl.read_parquet(path)
    changed = frame.with_columns(line_item_unblended_cost=pl.Series([value, 2.0]))
    changed.write_parquet(path)
    refused(serving, ValueUnreadable, "column line_item_unblended_cost holds 1 value")


@pytest.mark.parametrize("rendering", ["cur2_parquet", "cur2_csv_gz", "legacy_csv_gz", "legacy_parquet"])
@pytest.mark.parametrize("column", ["line_item_unblended_cost", "line_item_usage_start_date"])
@pytest.mark.fault(6)
def test_a_required_column_that_is_missing(rendering: str, column: str, serving: TinyHome) -> None:
    rows = [{k: v for k, v in charge("1").items() if k != column}]
    serving.deliver(rows, rendering=rendering, execution="bad", export="bad")
    refused(serving, ColumnMissing, f"has no column {column}, without which its charges cannot be told")


def test_a_required_column_that_only_one_of_two_files_lacks(serving: TinyHome) -> None:
    serving.deliver([charge("1"), charge("2")], execution="bad", chunks=2)
    path = newest(serving, "-00002.snappy.parquet")
    pl.read_parquet(path).drop("line_item_unblended_cost").write_parquet(path)
    refused(serving, ColumnMissing, "has no column line_item_unblended_cost")


def test_two_kinds_of_export_in_one_folder_of_bare_files(serving: TinyHome, tmp_path: Path) -> None:
    serving.deliver([charge("1")], execution="bad")
    newest(serving, ".parquet").rename(tmp_path / "a.parquet")
    focus = "BilledCost,BillingPeriodStart,ChargePeriodStart,ChargeCategory\n1,2026-01-01,2026-01-01,Usage\n"
    (tmp_path / "b.csv").write_text(focus)
    refused(serving, FileUnreadable, r"b.csv .* load them apart", tmp_path)


def test_the_same_bare_file_twice(serving: TinyHome, tmp_path: Path) -> None:
    serving.deliver([charge("1")], execution="bad")
    data = newest(serving, ".parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(data)
    (tmp_path / "b.parquet").write_bytes(data)
    refused(serving, FileUnreadable, "b.parquet .* same file as a.parquet, and would count twice", tmp_path)


def test_a_file_that_is_whole_again_is_loaded(serving: TinyHome) -> None:
    serving.deliver([charge("10")], execution="bad")
    path = newest(serving, ".parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    refused(serving, FileUnreadable, "cannot be read whole")
    path.write_bytes(whole)
    serving.refresh()
    assert total(serving.costs()) == D(10)


def test_one_bad_month_publishes_none_of_the_good_ones(serving: TinyHome) -> None:
    serving.deliver([charge("5", date(2026, 2, 1))], date(2026, 2, 1))
    manifest = serving.deliver([charge("6", date(2026, 3, 1))], date(2026, 3, 1))
    manifest.write_text(json.dumps({"dataFiles": ["s3://bucket/nowhere/data/x.parquet"]}))
    refused(serving, FileMissing, "nowhere/data/x.parquet")


def test_a_callers_mistake_and_damage_are_told_apart() -> None:
    assert issubclass(NoExportsFound, CallerMistake)
    assert NoExportsFound.exit_code == SourceNotFound.exit_code == 2
    damages = (FileMissing, FileUnreadable, ManifestUnreadable, ColumnMissing, ValueUnreadable)
    assert all(issubclass(kind, ExportDamaged) and kind.exit_code == 1 for kind in damages)
