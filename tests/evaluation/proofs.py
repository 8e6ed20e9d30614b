"""What do the exported files themselves say? Plain SQL over them, without any of the product's code."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

RULES = Path(__file__).with_name("bill.sql")


def current_files(bucket: Path) -> list[str]:
    """List the files of the deliveries in force, as the manifest of each month names them."""
    found: list[str] = []
    for path in sorted(bucket.glob("exports/*/metadata/BILLING_PERIOD=*/*-Manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        inside = f"s3://{manifest['bucket']}/"
        found += [str(bucket / address.removeprefix(inside)) for address in manifest["dataFiles"]]
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


class Bill:
    """The files as one table, to be asked in their own words."""

    def __init__(self, database: Path) -> None:
        self._connection = duckdb.connect(str(database), read_only=True, config={"threads": 2})

    def says(self, sql: str) -> Sequence[Sequence[Any]]:
        """Run one SELECT."""
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        self._connection.close()
