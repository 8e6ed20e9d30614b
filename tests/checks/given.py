"""Files beside the bill, as a home keeps them once they are given."""

from datetime import datetime
from typing import Any

import duckdb

from finops_mcp.cache.inputs import COLUMNS, folder_of
from tests.support.homes import TinyHome

START, END = datetime(2026, 6, 1), datetime(2026, 7, 1)  # noqa: DTZ001 - the cache keeps UTC without a zone


def metric(
    resource: str, name: str, stat: str, value: float, start: datetime = START, end: datetime = END
) -> dict[str, Any]:
    """Make up one value over June, or over some of it."""
    period = int((end - start).total_seconds())
    return {"resource_id": resource, "metric": name, "stat": stat, "period_s": period, "start": start,
            "end": end, "value": value}  # fmt: skip


def give(home: TinyHome, kind: str, *told: dict[str, Any]) -> TinyHome:
    """Put a file of inputs into a home; what a row does not tell is absent."""
    folder = folder_of(home.home, kind)
    folder.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f'"{name}" {of}' for name, of in COLUMNS[kind].items())
    engine = duckdb.connect()
    engine.execute(f"create table told ({columns})")
    for row in told:
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        engine.execute(f"insert into told ({names}) values ({marks})", list(row.values()))
    engine.table("told").write_parquet(str(folder / "given.parquet"))
    return home
