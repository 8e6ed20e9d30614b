"""How long does a statement of one's own take? With a child that must start, and with one that waits."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.free_sql import Dialect, run
from finops_mcp.cache.free_sql.children import children
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache, Opened
from finops_mcp.cache.refresh import Refresher

ROWS, MONTHS, REPEATS = 50_000, 13, 7
TRIVIAL = "select 1"
OVER_CUR = (
    "select line_item_product_code, sum(line_item_unblended_cost) as cost from cur"
    " where billing_period = '2025-12' group by 1"
)
OVER_DAYS = "select service_name, sum(x_unblended_cost) from charges_daily group by 1"


def write(root: Path) -> None:
    """Write bare files, one for each month."""
    for number in range(MONTHS):
        start = datetime(2025 + number // 12, number % 12 + 1, 1)  # noqa: DTZ001 - as Parquet has it
        pl.DataFrame(
            {
                "bill_billing_period_start_date": [start] * ROWS,
                "bill_payer_account_id": ["104816291057"] * ROWS,
                "line_item_usage_account_id": [str(200000000000 + n % 10) for n in range(ROWS)],
                "line_item_line_item_type": ["Usage"] * ROWS,
                "line_item_product_code": [f"Service{n % 20}" for n in range(ROWS)],
                "line_item_resource_id": [f"i-{n % 5000:08}" for n in range(ROWS)],
                "line_item_currency_code": ["USD"] * ROWS,
                "line_item_unblended_cost": [n % 1000 / 1000 for n in range(ROWS)],
            }
        ).with_columns(
            line_item_usage_start_date=pl.lit(start) + pl.duration(days=pl.int_range(pl.len()) % 28)
        ).write_parquet(root / f"{date(start.year, start.month, 1):%Y-%m}.parquet")


def timed(what: str, call: Callable[[], object], before: Callable[[], object]) -> None:
    """Print the median of some calls, each after something that is not timed."""
    taken = []
    for _ in range(REPEATS):
        before()
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    print(f"{what:46} {statistics.median(taken):8.1f} ms (least {min(taken):.1f})")


def ask(opened: Opened, sql: str, dialect: Dialect) -> Callable[[], object]:
    """Make a call that asks one statement."""
    return lambda: run(opened, sql, dialect, seconds=60, memory_mb=1024, max_rows=1000)


def warm(dialect: Dialect) -> None:
    """Wait until a child has surely started."""
    children.prepare(dialect)
    time.sleep(1)


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "exports").mkdir()
        write(root / "exports")
        home, limits = Home(root / "home"), EngineLimits()
        Refresher(home, limits).refresh(str(root / "exports"))
        opened = Cache(home, limits).opened()
        ask(opened, TRIVIAL, "duckdb")()
        print(f"{MONTHS} months of {ROWS:,} line items")
        dialects: tuple[Dialect, ...] = ("duckdb", "athena")
        for dialect in dialects:
            for name, sql in (
                ("trivial", TRIVIAL),
                ("over charges_daily", OVER_DAYS),
                ("over cur, one month", OVER_CUR),
            ):
                call = ask(opened, sql, dialect)
                timed(f"{dialect}, {name}, child must start", call, children.close)
                timed(f"{dialect}, {name}, child waits", call, lambda d=dialect: warm(d))  # type: ignore[misc]


if __name__ == "__main__":
    main()
