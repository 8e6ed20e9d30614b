"""What the user gave beside the bill: metrics, inventory and Compute Optimizer files, kept in the home."""

from pathlib import Path
from typing import TYPE_CHECKING

from finops_mcp.exports.line_items import literal

if TYPE_CHECKING:
    from finops_mcp.cache.home import Home

COLUMNS: dict[str, dict[str, str]] = {
    "metrics": {
        "resource_id": "varchar",
        "metric": "varchar",
        "stat": "varchar",
        "period_s": "bigint",
        "start": "timestamp",
        "end": "timestamp",
        "value": "double",
    },
    "inventory": {
        "resource_id": "varchar",
        "resource_type": "varchar",
        "account": "varchar",
        "region": "varchar",
        "state": "varchar",
        "attached_to": "varchar",
        "size": "decimal(38, 12)",
        "created": "timestamp",
        "last_used": "timestamp",
    },
    "optimizer": {
        "resource_id": "varchar",
        "account": "varchar",
        "resource_type": "varchar",
        "finding": "varchar",
        "current_configuration": "varchar",
        "recommended_configuration": "varchar",
        "monthly_saving": "decimal(38, 12)",
        "monthly_saving_after_discounts": "decimal(38, 12)",
        "currency": "varchar",
        "performance_risk": "double",
        "lookback_days": "double",
        "effort": "varchar",
        "told_at": "timestamp",
    },
}
"""The tables that checks read, one for each kind of file, whatever the file's own layout."""


def folder_of(home: "Home", kind: str) -> Path:
    """Name the folder that holds what was given of a kind, as Parquet files of its columns."""
    return home.inputs / kind


def held_inputs(home: "Home", kind: str) -> list[Path]:
    """List what was given of a kind; the names change whenever what they tell does."""
    return sorted(folder_of(home, kind).glob("[!.]*.parquet"))


def input_table(home: "Home", kind: str) -> str:
    """Write what a statement reads a kind of input from: its files, or an empty table of its columns."""
    paths = held_inputs(home, kind)
    if paths:
        named = ", ".join(literal(str(p)) for p in paths)
        return f"read_parquet([{named}], hive_partitioning = false)"
    columns = ", ".join(f'cast(null as {kind_}) as "{name}"' for name, kind_ in COLUMNS[kind].items())
    return f"(select {columns} where false)"
