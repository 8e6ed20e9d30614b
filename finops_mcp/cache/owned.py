"""Whose are the rows of the cache's own files, and of which month?"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from finops_mcp.exports.dialects import BESIDE_COST

_ACCOUNTS = ("sub_account_id", "billing_account_id")
_MONTHS = ("billing_period_start", "period_start", "snapshot_date")


@dataclass(frozen=True)
class Rows:
    """Some accounts and months, as conditions over the columns of a table."""

    accounts: list[str]
    months: list[str]

    def holds(self, accounts: Iterable[str], months: Iterable[str]) -> str:
        """Write the condition of being of one of the accounts or months."""
        found = ["false"]
        found += [f"list_contains($accounts, coalesce({c}, ''))" for c in accounts if self.accounts]
        found += [
            f"coalesce(list_contains($months, strftime({c}, '%Y-%m')), false)" for c in months if self.months
        ]
        return " or ".join(found)

    def bound(self, condition: str) -> dict[str, list[str]]:
        """Give the values that a condition names."""
        values = {"accounts": self.accounts, "months": self.months}
        return {name: value for name, value in values.items() if f"${name}" in condition}


@dataclass(frozen=True)
class OwnedTable:
    """A table that says whose a row is or of which month: the columns that say so."""

    name: str
    accounts: tuple[str, ...]
    months: tuple[str, ...]

    def holds(self, rows: Rows) -> str:
        """Write the condition of being of some accounts or months."""
        return rows.holds(self.accounts, self.months)


def owned_tables(engine: duckdb.DuckDBPyConnection, database: str) -> list[OwnedTable]:
    """List the tables of an open file that say whose a row is or of which month."""
    found: dict[str, list[str]] = {}
    for table, column in engine.execute(
        "select table_name, column_name from duckdb_columns() where database_name = $database"
        " and list_contains($columns, column_name) order by table_name, column_index",
        {"database": database, "columns": [*_ACCOUNTS, *_MONTHS]},
    ).fetchall():
        found.setdefault(table, []).append(column)
    return [
        OwnedTable(
            name, tuple(c for c in columns if c in _ACCOUNTS), tuple(c for c in columns if c in _MONTHS)
        )
        for name, columns in found.items()
    ]


def owners_in_cache(path: Path) -> tuple[set[str], set[str]]:
    """List the accounts and the months of all rows in a segment's or a generation's file."""
    accounts: set[str] = set()
    months: set[str] = set()
    with duckdb.connect(str(path), read_only=True) as engine:
        for table in owned_tables(engine, path.stem):
            for column in table.accounts:
                rows = engine.execute(f"select distinct {column} from {table.name}").fetchall()
                accounts.update(account for (account,) in rows if account)
            for column in table.months:
                rows = engine.execute(
                    f"select distinct strftime({column}, '%Y-%m') from {table.name}"
                ).fetchall()
                months.update(month for (month,) in rows if month)
        # Rows of recommendations get their day when they are gathered; their delivery has it.
        told = "select 1 from duckdb_columns() where table_name = 'delivery' and column_name = 'tells'"
        if not engine.execute(told).fetchall():
            return accounts, months  # made by another version, which loaded nothing but charges
        days = engine.execute(
            "select distinct strftime(billing_period, '%Y-%m') from delivery where tells <> 'charges'"
        ).fetchall()
        months.update(month for (month,) in days if month)
    return accounts, months


def resources_of(segment: Path, rows: Rows) -> set[str]:
    """List the resources of some accounts in a segment, as its rows name them."""
    found: set[str] = set()
    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        told = engine.execute("select table_name from duckdb_columns() where column_name = 'resource_id'")
        named = {name for (name,) in told.fetchall()}
        for table in owned_tables(engine, "charges"):
            if table.name in named and rows.accounts:
                condition = rows.holds(table.accounts, ())
                held = engine.execute(
                    f"select distinct resource_id from {table.name}"
                    f" where resource_id is not null and ({condition})",
                    rows.bound(condition),
                )
                found.update(resource for (resource,) in held.fetchall())
    return found


def counted(segment: Path, rows: Rows) -> dict[str, int]:
    """Count the charges, recommendations and emissions of some accounts or months in a segment."""
    found = {}
    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        tables = {table.name: table for table in owned_tables(engine, "charges")}
        rolled = "charges_daily" in tables
        ((month,),) = engine.execute("select strftime(billing_period, '%Y-%m') from delivery").fetchall()
        for kind in ("charges", *BESIDE_COST):
            table = tables.get("charges_daily" if rolled and kind == "charges" else kind)
            if table is None:
                continue
            number = "count(*)" if kind != "charges" else f"sum({'x_charges' if rolled else 'x_line_items'})"
            every = kind != "charges" and month in rows.months
            condition = "true" if every else table.holds(rows)
            ((count,),) = engine.execute(
                f"select coalesce({number}, 0)::bigint from {table.name} where {condition}",
                rows.bound(condition),
            ).fetchall()
            found[kind] = int(count)
    return found
