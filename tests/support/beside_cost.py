"""Deliveries of Cost Optimization Hub and carbon exports, in AWS's own layout, row by row."""

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

Row = dict[str, Any]
PAYER, ACCOUNT = "104816291057", "215530417762"
DOUBLES = ("value", "discount")


def recommendation(number: int, savings: float, **columns: Any) -> Row:
    """Make up one recommendation; any column may be said otherwise."""
    return {
        "account_id": ACCOUNT,
        "account_name": "platform-production",
        "action_type": "Rightsize",
        "currency_code": "USD",
        "current_resource_details": '{"ec2Instance": {}}',
        "current_resource_summary": "m6i.xlarge",
        "current_resource_type": "Ec2Instance",
        "estimated_monthly_cost_after_discount": 2 * savings,
        "estimated_monthly_cost_before_discount": 3 * savings,
        "estimated_monthly_savings_after_discount": savings,
        "estimated_monthly_savings_before_discount": 1.5 * savings,
        "estimated_savings_percentage_after_discount": 50.0,
        "estimated_savings_percentage_before_discount": 50.0,
        "implementation_effort": "Medium",
        "last_refresh_timestamp": "2026-01-02T03:04:05Z",
        "recommendation_id": f"rec-{number}",
        "recommendation_lookback_period_in_days": 14,
        "recommendation_source": "ComputeOptimizer",
        "recommended_resource_details": "{}",
        "recommended_resource_summary": "m6i.large",
        "recommended_resource_type": "Ec2Instance",
        "region": "us-east-1",
        "resource_arn": f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-{number}",
        "restart_needed": True,
        "rollback_possible": True,
    } | columns


def emission(mbm: float, lbm: float, *, month: str = "2026-06", model: str = "v3.0.0", **columns: Any) -> Row:
    """Make up the emissions of one account, service, region and month."""
    year, number = int(month[:4]), int(month[5:])
    following = f"{year + number // 12}-{number % 12 + 1:02}"
    return {
        "payer_account_id": PAYER,
        "usage_account_id": ACCOUNT,
        "product_code": "AmazonEC2",
        "region_code": "us-east-1",
        "location": "US East (N. Virginia)",
        "model_version": model,
        "usage_period_start": f"{month}-01 00:00:00",
        "usage_period_end": f"{following}-01 00:00:00",
        "last_refresh_timestamp": "2026-09-21 00:00:00",
        "total_mbm_emissions_value": mbm,
        "total_lbm_emissions_value": lbm,
        "total_mbm_emissions_unit": "MTCO2e",
        "total_lbm_emissions_unit": "MTCO2e",
    } | columns


def snapshot(bucket: Path, day: str, rows: Sequence[Row], export: str = "coh", **how: Any) -> Path:
    """Deliver a snapshot of recommendations; give its data file."""
    return _deliver(bucket, f"{export}/{{}}/date={day}", rows, **how)


def carbon(bucket: Path, rows: Sequence[Row], export: str = "carbon", **how: Any) -> Path:
    """Deliver a month of emissions by one model, as its rows say; give its data file."""
    model, month = rows[0]["model_version"], rows[0]["usage_period_start"][:7]
    return _deliver(bucket, f"{export}/{{}}/carbon_model_version={model}/usage_period={month}", rows, **how)


def _deliver(
    bucket: Path, place: str, rows: Sequence[Row], *, execution: str = "one", text: bool = False
) -> Path:
    export = place.partition("/")[0]
    data, metadata = (bucket / place.format(kind) for kind in ("data", "metadata"))
    for folder in (data, metadata):
        folder.mkdir(parents=True, exist_ok=True)
    path = data / f"{export}-00001.{'csv.gz' if text else 'snappy.parquet'}"
    names = list(dict.fromkeys(name for row in rows for name in row))
    if text:
        with gzip.open(path, "wt", newline="") as file:
            lines = csv.DictWriter(file, names)
            lines.writeheader()
            lines.writerows(rows)
    else:
        kinds = {n: pl.Float64() for n in names if n.endswith(DOUBLES)}
        pl.DataFrame({n: [r.get(n) for r in rows] for n in names}, schema_overrides=kinds).write_parquet(path)
    files = [{"s3Uri": f"s3://bucket/{path.relative_to(bucket).as_posix()}"}]
    manifest = {"executionId": execution, "dataFiles": files}
    (metadata / f"{export}-Manifest.json").write_text(json.dumps(manifest))
    return path
