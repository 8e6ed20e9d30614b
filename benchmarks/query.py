"""How fast is a warm question, against plain DuckDB doing the same GROUP BY over the same files?

usage: python -m benchmarks.query [LINE_ITEMS] [FOLDER]
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.organisation import write_export
from finops_mcp.app import App
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.engine import EngineLimits, connect, scan
from finops_mcp.settings import Settings

QUESTIONS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    (
        "a month by service",
        "cost_by",
        {"month": "2025-03", "metric": "unblended_cost"},
        (
            "select line_item_product_code, sum(line_item_unblended_cost) from {} "
            "where bill_billing_period_start_date = timestamp '2025-03-01' group by 1"
        ),
    ),
    (
        "all months by service and account",
        "cost_by",
        {"start": "2025-01-01", "end": "2025-11-01", "dimension": ["service_name", "sub_account_id"]},
        (
            "select line_item_product_code, line_item_usage_account_id, sum(line_item_unblended_cost) from {}"
            " group by all"
        ),
    ),
    (
        "the dearest resources of a month",
        "resource_costs",
        {"month": "2025-03"},
        (
            "select line_item_resource_id, sum(line_item_unblended_cost) as c from {} "
            "where bill_billing_period_start_date = timestamp '2025-03-01' group by 1 order by 2 desc"
            " limit 10"
        ),
    ),
    (
        "a month by tag",
        "cost_by",
        {"month": "2025-03", "dimension": ["tag:project"]},
        (
            "select resource_tags['user_project'], sum(line_item_unblended_cost) from {} "
            "where bill_billing_period_start_date = timestamp '2025-03-01' group by 1"
        ),
    ),
)
_TIMES = 30


def median_ms(work: Callable[[], Any]) -> float:
    """Give the median of many runs, the first left out."""
    work()
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


@contextmanager
def time_in_sql() -> Iterator[list[float]]:
    """Add up the time that questions spend in the statements they run."""
    spent = [0.0]
    asked = Costs.ask

    def timed(self: Costs, *arguments: Any, **parameters: Any) -> Any:
        began = time.perf_counter()
        try:
            return asked(self, *arguments, **parameters)
        finally:
            spent[0] += time.perf_counter() - began

    Costs.ask = timed  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        Costs.ask = asked  # type: ignore[method-assign]


def _asked_anew(app: App, tool: str, arguments: dict[str, Any]) -> None:
    """Ask as if for the first time: what was answered before would be given from memory."""
    app.toolbox.cache.opened().remembered.forget()
    app.toolbox.call(tool, arguments)


def _rows(engine: Any, sql: str) -> Any:
    return engine.execute(sql).fetchall()


def main() -> None:
    """Print each question's time, the same sum over the Parquet files, and what is added to the SQL."""
    line_items = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir()) / "finops-bench"  # noqa: PLR2004
    files = write_export(folder / str(line_items), line_items)
    home = folder / "query-home"
    shutil.rmtree(home, ignore_errors=True)
    app = App(Settings.read(home=home))
    app.refresher.refresh(str(folder / str(line_items)))
    print(f"{line_items:,} line items, {_TIMES} runs each, medians")
    with connect(EngineLimits()) as raw:
        for name, tool, arguments, sql in QUESTIONS:
            plain = median_ms(partial(_rows, raw, sql.format(scan(*files))))
            with time_in_sql() as spent:
                whole = median_ms(partial(_asked_anew, app, tool, arguments))
            in_sql = 1000 * spent[0] / (_TIMES + 1)
            print(
                f"{name:<34} {whole:7.1f} ms  of it SQL {in_sql:7.1f} ms, added {whole - in_sql:5.1f} ms"
                f"  plain over Parquet {plain:7.1f} ms  ratio {plain / whole:5.1f}"
            )


if __name__ == "__main__":
    main()
