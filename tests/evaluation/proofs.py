"""What do the exported files themselves say? Plain SQL over them, without any of the product's code."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

RULES = Path(__file__).with_name("bill.sql")


def current_files(bucket: Path) -> list[str]:
    """List the files of the deliveries in force, as the manifest of each month names them."""
    return _named_by(bucket, "BILLING_PERIOD=*/*-Manifest.json")


def emission_files(bucket: Path) -> list[str]:
    """List the files of emissions, every model's of every month."""
    return _named_by(bucket, "carbon_model_version=*/usage_period=*/*-Manifest.json")


def _named_by(bucket: Path, manifests: str) -> list[str]:
    found: list[str] = []
    for path in sorted(bucket.glob(f"exports/*/metadata/{manifests}")):
        addresses = json.loads(path.read_text(encoding="utf-8"))["dataFiles"]
        found += [str(bucket / address.removeprefix("s3://").partition("/")[2]) for address in addresses]
    return found


def write_bill(bucket: Path, database: Path) -> None:
    """Read the current deliveries once into a database of their own, amounts as exact decimals."""
    with duckdb.connect(str(database)) as connection:
        files = connection.read_parquet(current_files(bucket), union_by_name=True)
        amounts = [
            name for name, kind in zip(files.columns, files.types, strict=True) if str(kind) == "DOUBLE"
        ]
        exact = ", ".join(f'cast("{name}" as decimal(38, 12)) as "{name}"' for name in amounts)
        files.project(f"* replace ({exact})").create_view("delivered")
        connection.execute(RULES.read_text(encoding="utf-8"))
        connection.execute("drop view delivered")
        emitted = connection.read_parquet(emission_files(bucket), union_by_name=True)
        emitted.create("emitted")


class Bill:
    """The files as one table, to be asked in their own words."""

    def __init__(self, database: Path) -> None:
        self._connection = duckdb.connect(str(database), read_only=True, config={"threads": 2})

    def says(self, sql: str) -> Sequence[Sequence[Any]]:
        """Run one SELECT."""
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        self._connection.close()
