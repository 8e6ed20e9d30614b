"""How AWS would deliver the same charges: as CUR 2.0, as a legacy report, as FOCUS; as Parquet, gzip or zip.

Every function takes line items under CUR 2.0's names (or FOCUS rows under FOCUS's), writes them below a root
in the layout that AWS uses for that kind of export, and returns the path of the manifest that a reader
should find first. Amounts may be decimals or their text; tags are dictionaries.
"""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from finops_mcp.exports.sample.columns import MAPS, NUMBERS, TIMES

Row = Mapping[str, Any]
Rows = Sequence[Row] | pl.DataFrame


@dataclass(frozen=True)
class Delivery:
    """One refresh of one export's billing period: where it lands and under which id."""

    root: Path
    period: date
    prefix: str = "exports"
    export: str = "sample"
    execution: str = "8f14e45f-ceea-467f-a8f3-3d7f1e5b2c01"
    delivered: str = "2026-01-05T05:13:47.826Z"
    create_new: bool = True
    chunks: int = 1
    bucket: str = "sample-organisation-exports"
    account: str = "104816291057"

    @property
    def end(self) -> date:
        return (self.period.replace(day=28) + timedelta(days=4)).replace(day=1)

    @property
    def span(self) -> str:
        """The folder of a legacy report's period: `20260101-20260201`."""
        return f"{self.period:%Y%m%d}-{self.end:%Y%m%d}"


# ---------------------------------------------------------------- the renderings


def cur2_parquet(rows: Rows, delivery: Delivery) -> Path:
    return _data_export(_charges(rows), delivery, CUR2, "snappy.parquet", _parquet)


def cur2_csv_gz(rows: Rows, delivery: Delivery) -> Path:
    return _data_export(_charges(rows), delivery, CUR2, "csv.gz", _csv_gz)


def focus_parquet(rows: Rows, delivery: Delivery, version: str = "1.2") -> Path:
    return _data_export(_charges(rows), delivery, FOCUS[version], "snappy.parquet", _parquet)


def focus_csv_gz(rows: Rows, delivery: Delivery, version: str = "1.2") -> Path:
    return _data_export(_charges(rows), delivery, FOCUS[version], "csv.gz", _csv_gz)


def legacy_csv_gz(rows: Rows, delivery: Delivery) -> Path:
    return _legacy_report(_legacy_charges(rows), delivery, "-{:05}.csv.gz", _csv_gz, "GZIP")


def legacy_csv_zip(rows: Rows, delivery: Delivery) -> Path:
    return _legacy_report(_legacy_charges(rows), delivery, "-{}.csv.zip", _csv_zip, "ZIP")


def legacy_parquet(rows: Rows, delivery: Delivery) -> Path:
    """Write the Athena flavour: always overwritten, under `year=/month=`, its manifest beside the periods."""
    legacy = _legacy_charges(rows)
    headers = _columns(legacy)
    table = [{athena_name(header): value for header, value in row.items()} for row in legacy]
    folder = f"{delivery.prefix}/{delivery.export}/{delivery.export}"
    place = f"{folder}/year={delivery.period.year}/month={delivery.period.month}"
    kinds = {athena_name(header): _legacy_kind(header) for header in headers}
    keys = _chunks(table, kinds, delivery, f"{place}/{delivery.export}-{{:05}}.snappy.parquet", _parquet)
    return _legacy_manifest(delivery, headers, keys, "Parquet", [_period_folder(delivery)])


CUR_RENDERINGS: dict[str, Callable[[Rows, Delivery], Path]] = {
    "cur2_parquet": cur2_parquet,
    "cur2_csv_gz": cur2_csv_gz,
    "legacy_csv_gz": legacy_csv_gz,
    "legacy_csv_zip": legacy_csv_zip,
    "legacy_parquet": legacy_parquet,
}


# ---------------------------------------------------------------- Data Exports (CUR 2.0 and FOCUS)

TIME = pl.Datetime("ms")
Kinds = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    name: str
    partition: str
    kind: Callable[[str], Any]


def _cur2_kind(column: str) -> Any:
    if column in MAPS:
        return MAPS[column]
    return pl.Float64() if column in NUMBERS else TIME if column in TIMES else pl.String()


def _focus_kind(column: str) -> Any:
    if column in {"Tags", "SkuPriceDetails", "x_CostCategories"}:
        return pl.Map(pl.String, pl.String)
    if column == "x_Discounts":
        return pl.Map(pl.String, pl.Float64)
    if re.search(r"(Cost|Price|Quantity)$", column):
        return pl.Float64()
    return TIME if re.search(r"Period(Start|End)$", column) else pl.String()


CUR2 = Table("COST_AND_USAGE_REPORT", "BILLING_PERIOD", _cur2_kind)
FOCUS = {
    "1.0": Table("FOCUS_1_0_AWS", "billing_period", _focus_kind),
    "1.2": Table("FOCUS_1_2_AWS", "billing_period", _focus_kind),
}
WORDS: dict[Any, str] = {pl.String: "string", pl.Datetime: "timestamp", pl.Float64: "double", pl.Map: "map"}


def _data_export(
    rows: list[dict[str, Any]],
    delivery: Delivery,
    table: Table,
    ending: str,
    write: Callable[[Path, list[dict[str, Any]], Kinds], None],
) -> Path:
    kinds = {name: table.kind(name) for name in _columns(rows)}
    export = f"{delivery.prefix}/{delivery.export}"
    partition = f"{table.partition}={delivery.period:%Y-%m}"
    version = f"/{delivery.delivered}-{delivery.execution}" if delivery.create_new else ""
    data = f"{export}/data/{partition}{version}/{delivery.export}-{{:05}}.{ending}"
    keys = _chunks(rows, kinds, delivery, data, write)
    manifest = {
        "accountId": delivery.account,
        "exportName": delivery.export,
        "tableName": table.name,
        "executionId": delivery.execution,
        "billingPeriod": {
            "start": f"{delivery.period:%Y-%m-%d}T00:00:00.000Z",
            "end": f"{delivery.end:%Y-%m-%d}T00:00:00.000Z",
        },
        "bucket": delivery.bucket,
        "columns": [{"name": name, "type": WORDS[type(kind)]} for name, kind in kinds.items()],
        "dataFiles": [f"s3://{delivery.bucket}/{key}" for key in keys],
    }
    metadata = f"{export}/metadata/{partition}"
    for folder in {version: None, "": None}:
        path = _write_json(delivery.root / f"{metadata}{folder}/{delivery.export}-Manifest.json", manifest)
    return path


# ---------------------------------------------------------------- legacy reports

SECTIONS = {
    "identity_": "identity",
    "bill_": "bill",
    "line_item_": "lineItem",
    "pricing_": "pricing",
    "product_": "product",
    "reservation_": "reservation",
    "savings_plan_": "savingsPlan",
    "split_line_item_": "splitLineItem",
    "discount_": "discount",
    "capacity_reservation_": "capacityReservation",
}
# What only CUR 2.0 has, and the maps that legacy reports spread over columns of their own.
UNKNOWN_TO_LEGACY = {
    "bill_payer_account_name",
    "line_item_usage_account_name",
    "line_item_iam_principal",
    "line_item_user_identifier",
    "billing_period",
    *MAPS,
}
# Headers whose capitals do not follow from the name.
HEADERS = {
    "product_product_name": "product/ProductName",
    "pricing_public_on_demand_cost": "pricing/publicOnDemandCost",
    "pricing_public_on_demand_rate": "pricing/publicOnDemandRate",
    "pricing_term": "pricing/term",
    "pricing_unit": "pricing/unit",
    "pricing_currency": "pricing/currency",
    "reservation_reservation_a_r_n": "reservation/ReservationARN",
    "savings_plan_savings_plan_a_r_n": "savingsPlan/SavingsPlanARN",
}
# Keys of CUR 2.0's map, and the tag as its owner wrote it.
TAGS = {"user_cost_center": "user:Cost Center", "aws_created_by": "aws:createdBy"}


@cache
def legacy_header(column: str) -> str:
    """Return the legacy header of a CUR 2.0 column: `line_item_unblended_cost`, `lineItem/UnblendedCost`."""
    if column in HEADERS:
        return HEADERS[column]
    section = next(prefix for prefix in sorted(SECTIONS, key=len, reverse=True) if column.startswith(prefix))
    words = column.removeprefix(section).split("_")
    name = "".join(word.capitalize() for word in words)
    if section == "product_":
        name = name[0].lower() + name[1:]
    return f"{SECTIONS[section]}/{name}"


@cache
def tag_header(key: str) -> str:
    """Return the legacy header of a tag: `user_cost_center`, `resourceTags/user:Cost Center`."""
    return f"resourceTags/{TAGS.get(key) or key.replace('_', ':', 1)}"


@cache
def athena_name(header: str) -> str:
    """Return the Parquet column of a legacy header: `lineItem/UnblendedCost`, `line_item_unblended_cost`."""
    spread = re.sub(r"([A-Z])", r"_\1", header).lower()
    return re.sub(r"[^a-z0-9]+", "_", spread).strip("_")


def _legacy_charges(rows: Rows) -> list[dict[str, Any]]:
    """Spread maps over columns and rename the rest; every row has every header, in one order."""
    flat = []
    for row in _charges(rows):
        named = {legacy_header(f"product_{key}"): value for key, value in (row.get("product") or {}).items()}
        named |= {
            legacy_header(column): value
            for column, value in row.items()
            if column not in UNKNOWN_TO_LEGACY and not (value is None and legacy_header(column) in named)
        }
        named |= {tag_header(key): value for key, value in (row.get("resource_tags") or {}).items()}
        named |= {f"costCategory/{key}": value for key, value in (row.get("cost_category") or {}).items()}
        flat.append(named)
    headers = _columns(flat)
    return [{header: row.get(header) for header in headers} for row in flat]


NUMBER_HEADERS = {legacy_header(column) for column in NUMBERS}
TIME_HEADERS = {legacy_header(column) for column in TIMES}


def _legacy_kind(header: str) -> Any:
    return pl.Float64() if header in NUMBER_HEADERS else TIME if header in TIME_HEADERS else pl.String()


def _period_folder(delivery: Delivery) -> str:
    return f"{delivery.prefix}/{delivery.export}/{delivery.span}"


def _legacy_report(
    rows: list[dict[str, Any]],
    delivery: Delivery,
    ending: str,
    write: Callable[[Path, list[dict[str, Any]], Kinds], None],
    compression: str,
) -> Path:
    kinds = {header: _legacy_kind(header) for header in _columns(rows)}
    period = _period_folder(delivery)
    assembly = f"{period}/{delivery.execution}" if delivery.create_new else period
    keys = _chunks(rows, kinds, delivery, f"{assembly}/{delivery.export}{ending}", write)
    return _legacy_manifest(delivery, list(kinds), keys, compression, [assembly, period])


def _legacy_manifest(
    delivery: Delivery, headers: list[str], keys: list[str], compression: str, folders: Iterable[str]
) -> Path:
    words = {pl.Float64(): "BigDecimal", TIME: "DateTime", pl.String(): "String"}
    manifest = {
        "assemblyId": delivery.execution,
        "account": delivery.account,
        "columns": [
            {"category": category, "name": name, "type": words[_legacy_kind(header)]}
            for header in headers
            for category, _, name in [header.partition("/")]
        ],
        "charset": "UTF-8",
        "compression": compression,
        "contentType": "Parquet" if compression == "Parquet" else "text/csv",
        "reportId": "c0535e4b1a7f4e0c9d2b6a8f3e5d7c91",
        "reportName": delivery.export,
        "billingPeriod": {
            "start": f"{delivery.period:%Y%m%d}T000000.000Z",
            "end": f"{delivery.end:%Y%m%d}T000000.000Z",
        },
        "bucket": delivery.bucket,
        "reportKeys": keys,
    }
    for folder in folders:
        path = _write_json(delivery.root / folder / f"{delivery.export}-Manifest.json", manifest)
    return path


# ---------------------------------------------------------------- files


def _charges(rows: Rows) -> list[dict[str, Any]]:
    return rows.to_dicts() if isinstance(rows, pl.DataFrame) else [dict(row) for row in rows]


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    """Return every column that some row has, in the order in which they first appear."""
    return list(dict.fromkeys(column for row in rows for column in row))


def _chunks(
    rows: list[dict[str, Any]],
    kinds: Kinds,
    delivery: Delivery,
    pattern: str,
    write: Callable[[Path, list[dict[str, Any]], Kinds], None],
) -> list[str]:
    """Write the rows in so many files; return their keys."""
    keys = []
    for number in range(delivery.chunks):
        key = pattern.format(number + 1)
        path = delivery.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, rows[number :: delivery.chunks], kinds)
        keys.append(key)
    return keys


def _parquet(path: Path, rows: list[dict[str, Any]], kinds: Kinds) -> None:
    columns = [
        pl.Series(name, [_native(row.get(name), kind) for row in rows], dtype=kind)
        for name, kind in kinds.items()
    ]
    pl.DataFrame(columns).write_parquet(path, compression="snappy")


def _native(value: Any, kind: Any) -> Any:
    """Return a value as Parquet holds it: amounts are the nearest doubles."""
    if value is None or isinstance(kind, pl.Map | pl.Datetime):
        return value
    return float(Decimal(value)) if kind == pl.Float64() else str(value)


def _csv_text(rows: list[dict[str, Any]], kinds: Kinds) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kinds)
    writer.writerows([_cell(row.get(name), kind) for name, kind in kinds.items()] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any, kind: Any) -> str:
    """Return a value as AWS writes it into CSV: nothing for absent, JSON for maps, digits for amounts."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.000Z"
    return f"{Decimal(value):f}" if kind == pl.Float64() else str(value)


def _csv_gz(path: Path, rows: list[dict[str, Any]], kinds: Kinds) -> None:
    path.write_bytes(gzip.compress(_csv_text(rows, kinds), mtime=0))


def _csv_zip(path: Path, rows: list[dict[str, Any]], kinds: Kinds) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(path.name.removesuffix(".zip"), _csv_text(rows, kinds))


def _write_json(path: Path, manifest: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    return path
