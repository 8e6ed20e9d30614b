"""Files beside the bill, as a home keeps them once they are given."""

from datetime import datetime
from typing import Any

import polars as pl

from finops_mcp.cache.inputs import COLUMNS, folder_of
from tests.support.homes import TinyHome

START, END = datetime(2026, 6, 1), datetime(2026, 7, 1)  # noqa: DTZ001 - the cache keeps UTC without a zone


def metric(resource: str, name: str, stat: str, value: float, start: datetime = START) -> dict[str, Any]:
    """Make up one value over June."""
    period = int((END - start).total_seconds())
    return {"resource_id": resource, "metric": name, "stat": stat, "period_s": period, "start": start,
            "end": END, "value": value}  # fmt: skip


def give(home: TinyHome, kind: str, *rows: dict[str, Any]) -> TinyHome:
    """Put rows of a kind of input into a home, columns that they lack empty."""
    folder = folder_of(home.home, kind)
    folder.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame([{name: row.get(name) for name in COLUMNS[kind]} for row in rows])
    frame.write_parquet(folder / "given.parquet")
    return home
