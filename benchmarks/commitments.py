"""How long does it take to size a commitment, and to replay one? Against a plain sort of the same numbers."""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.machines import write_machines
from benchmarks.measure import measured
from finops_mcp.analytics.commitments.columns import Floats
from finops_mcp.analytics.commitments.displacement import by_plan
from finops_mcp.analytics.commitments.evaluation import curve, regrets
from finops_mcp.analytics.commitments.portfolio import Demand, Line, SavingsPlan
from finops_mcp.analytics.commitments.simulator import simulated
from finops_mcp.analytics.commitments.sizing import at_utilization, cheapest
from finops_mcp.app import App
from finops_mcp.settings import Settings

HOURS, SKUS, SEED = 10_000, 200, 6
YEAR, LINES, PLANS = 8_760, 300, 10
MOST_SECONDS = 2
_WHOLE_YEAR = {"start": "2025-01-01", "end": "2026-01-01"}
TOOLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("commitment_plan", {**_WHOLE_YEAR, "tranches": 4}),
    ("cost_scenario", {**_WHOLE_YEAR, "changes": [{"percent": -20}]}),
)
T = TypeVar("T")


def usage(lines: int, hours: int) -> Floats:
    """Make up machines that come and go by day, each kind by its own size."""
    random = np.random.default_rng(SEED)
    daily = 1.2 + np.sin(np.arange(hours) / 24 * 2 * np.pi)
    return random.integers(1, 50, (lines, 1)) * daily * random.random((lines, hours))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Give the seconds that work took, and its result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def sizing() -> None:
    """Size one offer over ten thousand hours of two hundred SKUs."""
    quantity = usage(SKUS, HOURS)
    prices = [Decimal(sku + 50) / 500 for sku in range(SKUS)]
    rates = [price * (400 + sku * 7 % SKUS) / 1000 for sku, price in enumerate(prices)]
    solved, (demand, best) = timed(lambda: (found := by_plan(quantity, prices, rates), cheapest(found)))
    sort, _ = timed(lambda: np.sort(demand.ends, axis=None))
    told, _ = timed(lambda: (curve(demand), regrets(demand, best), at_utilization(demand)))
    print(f"{HOURS:,} hours x {SKUS} SKUs, {len(demand.ends)} of them with a discount of their own")
    print(f"  a plain sort of its breakpoints   {sort:6.3f} s")
    print(f"  the cheapest commitment           {solved:6.3f} s, {solved / sort:.1f} sorts")
    print(f"  its curve, regret and guard-rail  {told:6.3f} s, {told / sort:.1f} sorts")
    print(f"  within {MOST_SECONDS} s: {'yes' if solved < MOST_SECONDS else 'NO'}")


def replaying() -> None:
    """Replay a year of hours with some plans of several owners and offers."""
    lines = [Line(f"{n % 20}", f"{n}", Decimal(n + 50) / 500) for n in range(LINES)]
    demand = Demand(lines, usage(LINES, YEAR))
    rates = {
        (line.sku, f"{offer}"): line.price * (400 + n * 7 % LINES + offer) / 1000
        for n, line in enumerate(lines)
        for offer in range(PLANS)
    }
    plan = SavingsPlan("", "compute", "", "", Decimal(150))
    plans = [replace(plan, id=f"{n}", offer=f"{n}", owner=f"{n}") for n in range(PLANS)]
    sort, _ = timed(lambda: np.sort(demand.quantity, axis=None))
    seconds, found = timed(lambda: simulated(demand, plans, rates))
    print(f"{YEAR:,} hours x {LINES} lines x {PLANS} plans: {len(found.covers):,} covers")
    print(f"  replayed in                       {seconds:6.3f} s, {seconds / sort:.1f} plain sorts")


def planning() -> None:
    """Ask the tools for a year of hours, from the line items of a cache on."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        write_machines(folder / "exports", LINES)
        settings = Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=folder / "home")
        App(settings).refresher.refresh(str(folder / "exports"))
        for tool, arguments in TOOLS:
            found = measured(_ask, folder / "home", tool, arguments)
            took = f"{found.result:6.3f} s warm, {found.seconds:6.3f} s with the first"
            print(f"  {tool:16} {took}, {found.peak_mib:,.0f} MiB at most")
    finally:
        shutil.rmtree(folder)


def _ask(home: Path, tool: str, arguments: dict[str, Any]) -> float:
    """Ask twice, and give the seconds of the second time."""
    toolbox = App(Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=home)).toolbox
    toolbox.call(tool, arguments)
    seconds, _ = timed(lambda: toolbox.call(tool, arguments))
    return seconds


if __name__ == "__main__":
    sizing()
    replaying()
    print(f"{YEAR:,} hours x {LINES} SKUs in a cache")
    planning()
