"""How long do five hundred rules take over ten million charges, against a plain sum over the same files?

usage: python -m benchmarks.allocation [LINE_ITEMS] [FOLDER]
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import measured
from benchmarks.organisation import write_export
from finops_mcp.allocation import AllocationFile, Version
from finops_mcp.allocation.known import ALWAYS
from finops_mcp.app import App
from finops_mcp.cache.assigned.reading import assignment_of
from finops_mcp.cache.engine import EngineLimits, connect, scan
from finops_mcp.settings import Settings

RULES = 500
MOST_SECONDS, MOST_MIB = 10, 2048
ALL: Mapping[str, Any] = {"start": "2025-01-01", "end": "2025-11-01"}
PLAIN = (
    "select bill_billing_period_start_date, line_item_usage_account_id, line_item_product_code,"
    " sum(line_item_unblended_cost) from {} group by all"
)


def _account(number: int) -> str:
    return str(200000000000 + number % 60)


def of_days(number: int) -> dict[str, Any]:
    """Write a rule that days tell: accounts, services, regions and what is metered."""
    when = [
        {"field": "account", "value": [_account(number), _account(number * 7)]},
        {"field": "usage_type", "op": "suffix", "value": f"-{number % 180}"},
        {"not": [{"field": "region", "op": "eq", "value": "eu-west-1"}]},
    ]
    return {"id": f"r{number}", "when": {"all": when}, "set": f"team-{number % 40}"}


def of_resources(number: int) -> dict[str, Any]:
    """Write a rule that resources and their tags tell."""
    when = [
        {"field": "tag:project", "op": "regex", "value": f"^project-{number % 40}$"},
        {"field": "resource_id", "op": "contains", "value": f":r-{number}"},
        {"field": "tag:environment", "op": "eq", "value": "prod"},
    ]
    return {"id": f"r{number}", "when": {"all": when}, "set": f"team-{number % 40}"}


def of_dated_resources(number: int) -> dict[str, Any]:
    """Write such rules of which one begins within a month, whose line items alone tell it."""
    return of_resources(number) | ({"from": "2025-05-14"} if number == RULES // 2 else {})


def of_dated_resources_each_month(number: int) -> dict[str, Any]:
    """Write such rules of which one begins within each month: line items throughout."""
    return of_resources(number) | ({"from": date(2025, number + 1, 14)} if number < 10 else {})  # noqa: PLR2004


SETS: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "accounts, meters, regions": of_days,
    "tags and resources": of_resources,
    "the same, one begins within a month": of_dated_resources,
    "the same, one begins within each month": of_dated_resources_each_month,
}


def allocated(home: Path, name: str) -> tuple[float, float, int]:
    """Put every charge of all months where the rules put it; give its seconds, those of processors, rows."""
    rules = [SETS[name](number) for number in range(RULES)]
    said = AllocationFile.model_validate({"dimensions": {"team": {"rules": rules}}})
    costs = App(Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=home)).toolbox.cache.costs()
    began, worked = time.perf_counter(), time.process_time()
    chosen = costs.select(metric="unblended_cost", dimensions=["sub_account_id", "service_name"], **ALL)
    rows = assignment_of(costs, chosen, [Version(1, "x", ALWAYS, "", said)], "team").rows
    return time.perf_counter() - began, time.process_time() - worked, len(rows)


def summed(files: list[Path]) -> float:
    """Add the same charges up by account and service over the Parquet files; give the seconds."""
    with connect(EngineLimits()) as raw:
        began = time.perf_counter()
        raw.execute(PLAIN.format(scan(*files))).fetchall()
        return time.perf_counter() - began


def load(home: Path, exports: Path) -> None:
    """Load the export where it is not loaded yet."""
    App(Settings.read({}, home=home)).refresher.refresh(str(exports))


def main() -> None:
    """Print the seconds and the memory of each set of rules, and how they compare with a plain sum."""
    line_items = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir()) / "finops-bench"  # noqa: PLR2004
    exports, home = folder / str(line_items), folder / f"allocation-home-{line_items}"
    files = write_export(exports, line_items)
    if not (home / "cache" / "current").exists():
        measured(load, home, exports)  # apart: the memory of whoever starts a process counts as its own
    plain = measured(summed, files).result
    print(f"{line_items:,} line items, {RULES} rules, each in a fresh process; a plain sum {plain:.2f} s")
    for name in SETS:
        found = measured(allocated, home, name)
        seconds, worked, rows = found.result
        within = seconds < MOST_SECONDS and found.peak_mib < MOST_MIB
        print(f"  {name}: {seconds:.2f} s, {worked:.2f} of processors, {seconds / plain:.1f} plain sums,")
        told = f"within {MOST_SECONDS} s and {MOST_MIB} MiB: {'yes' if within else 'NO'}"
        print(f"    {found.peak_mib:,.0f} MiB, {rows:,} rows; {told}")


if __name__ == "__main__":
    main()
