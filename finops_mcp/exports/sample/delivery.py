"""How AWS delivers the sample: a folder per period and execution; manifests name the newest."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from finops_mcp.exports.sample.columns import DELIVERED, manifest_columns
from finops_mcp.exports.sample.months import DATA_END, Month
from finops_mcp.exports.sample.organisation import BUCKET, PAYER, SEED

PREFIX = "exports"
EXPORT = "sample-cur2"
EXPORTS_ARN = f"arn:aws:bcm-data-exports:us-east-1:{PAYER.id}:export"
# A month with more rows than this arrives in two files.
BIG = 30_000
# The period that was delivered twice: an older, complete execution still lies beside the newest one.
REDELIVERED = "2026-03"


def execution_of(month: Month, delivered: int = 2) -> tuple[str, str]:
    """Return (folder, execution id) of a delivery: one made as the period went, or the newest."""
    # The newest delivery of a closed month comes after the corrections of the first week.
    day = min(month.end + timedelta(days=8), DATA_END) if delivered > 1 else month.end - timedelta(days=2)
    made = day + timedelta(hours=5, minutes=13, seconds=47)
    execution = str(uuid5(NAMESPACE_URL, f"{SEED}/{EXPORT}/{month.label}/{delivered}"))
    return f"{made:%Y-%m-%dT%H:%M:%S}.826Z-{execution}", execution


def deliver(root: Path, month: Month, rows: pl.DataFrame) -> None:
    """Write one month as AWS would have: older executions first, then the newest and its manifests."""
    if month.label == REDELIVERED:
        # Complete when it was made: the month's bill as it stood two days before the end.
        early = rows.filter(pl.col("line_item_usage_start_date") < month.end - timedelta(days=3))
        _execution(root, month, early.with_columns(bill_invoice_id=pl.lit("")), 1)
    manifest = _execution(root, month, rows, 2)
    _write(_place(root, "metadata", month) / f"{EXPORT}-Manifest.json", manifest)


def _place(root: Path, kind: str, month: Month) -> Path:
    return root / PREFIX / EXPORT / kind / f"BILLING_PERIOD={month.label}"


def _execution(root: Path, month: Month, rows: pl.DataFrame, delivered: int) -> dict[str, Any]:
    """Write one execution's files and its own manifest; return the manifest."""
    folder, execution = execution_of(month, delivered)
    files = []
    size = rows.height if rows.height <= BIG else -(-rows.height // 2)
    for number, chunk in enumerate(rows.cast(pl.Schema(DELIVERED)).iter_slices(size), start=1):
        path = _place(root, "data", month) / folder / f"{EXPORT}-{number:05}.snappy.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        chunk.write_parquet(path, compression="snappy", row_group_size=size)
        files.append(f"s3://{BUCKET}/{path.relative_to(root).as_posix()}")
    manifest = {
        "accountId": PAYER.id,
        "exportName": EXPORT,
        "exportArn": f"{EXPORTS_ARN}/{EXPORT}-{uuid5(NAMESPACE_URL, SEED)}",
        "tableName": "COST_AND_USAGE_REPORT",
        "executionId": execution,
        "billingPeriod": {
            "start": f"{month.start:%Y-%m-%dT%H:%M:%S}.000Z",
            "end": f"{month.end:%Y-%m-%dT%H:%M:%S}.000Z",
        },
        "bucket": BUCKET,
        "contentType": "Parquet",
        "compression": "Parquet",
        "columns": manifest_columns(),
        "dataFiles": files,
    }
    _write(_place(root, "metadata", month) / folder / f"{EXPORT}-Manifest.json", manifest)
    return manifest


def _write(path: Path, manifest: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
