"""How long do all checks of savings take, the first time and when nothing has changed since?

usage: python -m benchmarks.savings [LINE_ITEMS] [MONTHS] [FOLDER]
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import measured
from benchmarks.metered import write_beside, write_metered
from finops_mcp.app import App
from finops_mcp.cache.engine import EngineLimits, connect
from finops_mcp.cache.home import Home, current_generation
from finops_mcp.cache.inputs import keep_input
from finops_mcp.cache.kept import forget_kept
from finops_mcp.cache.used.reading import newest_window
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import Findings, findings_of, run
from finops_mcp.savings.inputs import Inputs
from finops_mcp.settings import Settings

FIRST_SECONDS, AGAIN_SECONDS, MOST_MIB = 20, 2, 2048
_DEAREST, _RESOURCES = 12, 400
_RAW = {
    "a sum of the rollups by service": (
        "select x_service_code, sku_meter, sum(effective_cost) from generation.charges_daily group by all;"
        "select x_service_code, sku_meter, sum(effective_cost) from generation.resources_monthly group by all"
    ),
    "a sum of the window by resource and meter": (
        "select resource_id, sku_meter, x_operation, region_id, sum(effective_cost), sum(pricing_quantity)"
        " from {charges} where charge_period_start >= timestamp '{start}'"
        " and charge_period_start < timestamp '{end}' group by all"
    ),
}


def main(line_items: int, months: int, folder: Path) -> None:
    """Make the cache where there is none yet, and ask as commands do: each time in a process of its own."""
    home = folder / "home"
    if not home.exists():
        measured(_load, folder, line_items, months)
    print(f"{line_items:,} line items in {months} months, 30 days looked at, each time in a fresh process")
    raw = {name: measured(_plain, home, sql) for name, sql in _RAW.items()}
    for name, found in raw.items():
        print(f"  {name:44} {_said(found)}")
    forget_kept(Home(home))
    plain = raw["a sum of the window by resource and meter"]
    for name, most in (("all checks, the first time", FIRST_SECONDS), ("nothing has changed", AGAIN_SECONDS)):
        found = measured(_ask, home)
        within = found.seconds < most and found.peak_mib < MOST_MIB
        print(f"  {name:44} {_said(found)}, {found.seconds / plain.seconds:.1f} plain sums of the window")
        print(f"  {'':44} within {most} s and {MOST_MIB:,} MiB: {'yes' if within else 'NO'}; {found.result}")
    print("  the dearest checks alone, on a window that is read")
    for line in measured(_alone, home).result:
        print(f"    {line}")


def _said(found: Any) -> str:
    return f"{found.seconds:6.2f} s ({found.cpu_seconds:5.2f} s of processors), {found.peak_mib:5,.0f} MiB"


def _app(home: Path) -> App:
    return App(Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=home))


def _load(folder: Path, line_items: int, months: int) -> None:
    write_metered(folder / "exports", line_items, months)
    _app(folder / "home").refresher.refresh(str(folder / "exports"))
    for path in write_beside(folder / "beside", _RESOURCES):
        keep_input(Home(folder / "home"), path)


def _ask(home: Path) -> str:
    app = _app(home)
    began = time.perf_counter()
    answer = app.toolbox.call("savings_findings", {"top": 5})
    seconds = time.perf_counter() - began
    found: Findings = findings_of(app.toolbox.cache.costs(), Checks())
    names = {one.finding.check for one in found.all}
    return (
        f"{len(found.all):,} findings of {len(names)} checks, {len(found.unlooked)} not looked at,"
        f" {answer.total_rows:,} count; {seconds:.2f} s once the app was there"
    )


def _plain(home: Path, sql: str) -> int:
    """Ask the engine alone for a sum over the same tables."""
    opened = _app(home).toolbox.cache.opened()
    window = newest_window(_app(home).toolbox.cache.costs())
    segments = [f"select * from s{n}.charges" for n in range(len(opened.segments()))]
    with connect(EngineLimits()) as engine:
        engine.execute(f"attach '{current_generation(Home(home))}' as generation (read_only)")
        for number, (_, path) in enumerate(opened.segments()):
            engine.execute(f"attach '{path / 'charges.duckdb'}' as s{number} (read_only)")
        charges = f"({' union all '.join(segments)})"
        return sum(
            len(engine.execute(one).fetchall())
            for one in sql.format(charges=charges, start=window.start, end=window.end).split(";")
        )


def _alone(home: Path) -> list[str]:
    app = _app(home)
    costs = app.toolbox.cache.costs()
    window, inputs = newest_window(costs), Inputs(costs)
    took = []
    for check in Checks().all:
        if inputs.lacking(check.mark.needs):
            continue
        began, cpu = time.perf_counter(), time.process_time()
        found = run(costs, check, window, inputs)
        told = f"{len(found):,} findings, {time.process_time() - cpu:.2f} s of processors"
        took.append((time.perf_counter() - began, f"{check.mark.number} {check.name}", told))
    took.sort(reverse=True)
    return [f"{seconds:5.2f} s  {name:32} {told}" for seconds, name, told in took[:_DEAREST]]


if __name__ == "__main__":
    given = [*sys.argv[1:], *("10000000", "10")[max(len(sys.argv) - 1, 0) :]]
    if len(sys.argv) > 3:  # noqa: PLR2004
        main(int(given[0]), int(given[1]), Path(given[2]))
    else:
        made = Path(tempfile.mkdtemp(prefix="benchmark-"))
        try:
            main(int(given[0]), int(given[1]), made)
        finally:
            shutil.rmtree(made)
