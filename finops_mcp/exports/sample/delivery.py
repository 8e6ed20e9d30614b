"""How AWS delivers the sample: a folder per period and execution; manifests name the newest."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from finops_mcp.exports.sample.columns import DELIVERED, manifest_columns
from finops_mcp.exports.sample.months import DATA_END, Month
from finops_mcp.exports.sample.organisation import BUCKET, MAIN, SEED, Payer

PREFIX = "exports"
# A month with more rows than this arrives in two files.
BIG = 30_000
# The period that was delivered twice: an older, complete execution still lies beside the newest one.
REDELIVERED = "2026-03"
EARLY, FINAL, RESTATED = 1, 2, 3


def execution_of(month: Month, delivered: int = FINAL, export: str = MAIN.export) -> tuple[str, str]:
    """Return (folder, execution id) of a delivery: made as the period went, final, or final once more."""
    # The final delivery of a closed month comes after the corrections of the first week.
    day = month.end + timedelta(days={EARLY: -2, FINAL: 8, RESTATED: 45}[delivered])
    made = min(day, DATA_END) + timedelta(hours=5, minutes=13, seconds=47)
    execution = str(uuid5(NAMESPACE_URL, f"{SEED}/{export}/{month.label}/{delivered}"))
    return f"{made:%Y-%m-%dT%H:%M:%S}.826Z-{execution}", execution


def deliver(
    root: Path, month: Month, rows: pl.DataFrame, payer: Payer = MAIN, delivered: int = FINAL
) -> None:
    """Write one month as AWS would have: older executions first, then the newest and its manifests."""
    if payer == MAIN and month.label == REDELIVERED:
        # Complete when it was made: the month's bill as it stood two days before the end.
        early = rows.filter(pl.col("line_item_usage_start_date") < month.end - timedelta(days=3))
        _execution(root, month, early.with_columns(bill_invoice_id=pl.lit("")), payer, EARLY)
    manifest = _execution(root, month, rows, payer, delivered)
    _write(_place(root, "metadata", month, payer) / f"{payer.export}-Manifest.json", manifest)


def _place(root: Path, kind: str, month: Month, payer: Payer) -> Path:
    return root / PREFIX / payer.export / kind / f"BILLING_PERIOD={month.label}"


def _execution(root: Path, month: Month, rows: pl.DataFrame, payer: Payer, delivered: int) -> dict[str, Any]:
    """Write one execution's files and its own manifest; return the manifest."""
    export = payer.export
    folder, execution = execution_of(month, delivered, export)
    files = []
    size = rows.height if rows.height <= BIG else -(-rows.height // 2)
    for number, chunk in enumerate(rows.cast(pl.Schema(DELIVERED)).iter_slices(size), start=1):
        path = _place(root, "data", month, payer) / folder / f"{export}-{number:05}.snappy.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        chunk.write_parquet(path, compression="snappy", row_group_size=size)
        files.append(f"s3://{BUCKET}/{path.relative_to(root).as_posix()}")
    unique = uuid5(NAMESPACE_URL, SEED)
    manifest = {
        "accountId": payer.account.id,
        "exportName": export,
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{payer.account.id}:export/{export}-{unique}",
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
    _write(_place(root, "metadata", month, payer) / folder / f"{export}-Manifest.json", manifest)
    return manifest


def _write(path: Path, manifest: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
