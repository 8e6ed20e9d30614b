"""What was delivered, read back as a reader of manifests would."""

import json
from decimal import Decimal
from pathlib import Path

import polars as pl

from finops_mcp.exports.sample.columns import EXACT
from finops_mcp.exports.sample.identities import SPLIT, UNBLENDED

EXPORT = "sample-cur2"


def manifest(root: Path, month: str, export: str = EXPORT) -> dict[str, object]:
    path = root / f"exports/{export}/metadata/BILLING_PERIOD={month}/{export}-Manifest.json"
    found: dict[str, object] = json.loads(path.read_text())
    return found


def named_files(root: Path, month: str, export: str = EXPORT) -> list[Path]:
    uris = manifest(root, month, export)["dataFiles"]
    assert isinstance(uris, list)
    return [root / uri.removeprefix("s3://sample-organisation-exports/") for uri in uris]


def delivered(root: Path, month: str, export: str = EXPORT) -> pl.DataFrame:
    return read(named_files(root, month, export))


def read(paths: list[Path]) -> pl.DataFrame:
    frame = pl.concat(pl.read_parquet(path) for path in paths)
    return frame.select(pl.col(name).cast(kind) for name, kind in EXACT.items())


def total(frame: pl.DataFrame, cost: pl.Expr = UNBLENDED) -> Decimal:
    return Decimal(frame.filter(~SPLIT).select(cost.sum()).item())
