"""What the user gave beside the bill: metrics, inventory and Compute Optimizer files, kept in the home."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from finops_mcp.cache.kept import forget_kept
from finops_mcp.exports.line_items import literal

if TYPE_CHECKING:
    import polars as pl

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


def keep_input(home: "Home", path: Path) -> tuple[str, int]:
    """Take a file into the home; give its kind and how many rows it has.

    Metrics add to those held. What an inventory or Compute Optimizer tells of a type of resource of an
    account and region stands in for what was held of it. Raises InputUnreadable; nothing is changed then.
    """
    from finops_mcp.cache.inputs_file import read_input

    kind, told = read_input(path)
    folder = folder_of(home.made(), kind)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    given = folder / f"{sha256(path.read_bytes()).hexdigest()[:16]}.parquet"
    older = [] if kind == "metrics" else [p for p in held_inputs(home, kind) if p != given]
    write_input(told, given)
    for file in older:
        _leave_out(file, told)
    return kind, told.height


def forget_inputs(home: "Home") -> int:
    """Remove every file that was given, and the findings that rest on them; say how many files there were."""
    files = [path for kind in COLUMNS for path in held_inputs(home, kind)]
    for file in files:
        file.unlink()
    forget_kept(home)
    return len(files)


def held_rows(home: "Home") -> dict[str, int]:
    """Count the rows that are held of each kind."""
    import polars as pl

    found = {kind: held_inputs(home, kind) for kind in COLUMNS}
    return {
        kind: sum(pl.scan_parquet(p).select(pl.len()).collect().item() for p in paths)
        for kind, paths in found.items()
        if paths
    }


def _leave_out(file: Path, newer: "pl.DataFrame") -> None:
    """Keep of an older file what a newer one does not tell of."""
    import polars as pl

    of = [pl.col("resource_type"), pl.col("account")]
    region = (
        pl.col("region")
        if "region" in newer.columns
        else pl.col("resource_id").str.split(":").list.get(3, null_on_oob=True)
    )
    keys = [*of, region.alias("of_region")]
    old = pl.read_parquet(file).with_columns(keys[-1])
    left = old.join(
        newer.select(keys).unique(),
        on=["resource_type", "account", "of_region"],
        how="anti",
        nulls_equal=True,
    )
    if left.height == 0:
        file.unlink()
    elif left.height < old.height:
        write_input(left.drop("of_region"), file.with_stem(f"{file.stem[:16]}-{left.height}"))
        file.unlink()


def write_input(rows: "pl.DataFrame", path: Path) -> None:
    """Write a file so that a reader sees it whole or not at all, for its owner alone."""
    part = path.with_name(f".{path.name}.part")
    part.touch(mode=0o600)
    rows.write_parquet(part)
    part.replace(path)


def input_table(home: "Home", kind: str) -> str:
    """Write what a statement reads a kind of input from: its files, or an empty table of its columns."""
    paths = held_inputs(home, kind)
    if paths:
        named = ", ".join(literal(str(p)) for p in paths)
        return f"(select distinct * from read_parquet([{named}], hive_partitioning = false))"
    columns = ", ".join(f'cast(null as {kind_}) as "{name}"' for name, kind_ in COLUMNS[kind].items())
    return f"(select {columns} where false)"
