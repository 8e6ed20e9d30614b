"""What tests of storage checks are given beside June: files of inputs, and charges of months before."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import duckdb

from finops_mcp.cache.inputs import COLUMNS, folder_of
from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row


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


def metric(resource: str, name: str, value: float, stat: str = "avg") -> dict[str, Any]:
    """Make up what a file of metrics says of June in one line."""
    days = {"start": datetime(2026, 6, 1), "end": datetime(2026, 7, 1)}  # noqa: DTZ001
    return {"resource_id": resource, "metric": name, "stat": stat, "period_s": 86400, "value": value, **days}


def charged_before(home: TinyHome, month: date, *told: tuple[str, str, str, str]) -> TinyHome:
    """Deliver one line item each on the fifth of an earlier month: resource, service, meter, operation."""
    rows: Sequence[Row] = [
        charge(
            "0.01",
            month,
            identity_line_item_id=f"{resource}-{meter}",
            line_item_resource_id=resource,
            line_item_product_code=service,
            line_item_usage_type=meter,
            line_item_operation=operation,
        )
        for resource, service, meter, operation in told
    ]
    home.deliver(rows, month)
    return home
