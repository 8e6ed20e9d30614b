"""Is the answer the same bytes wherever the machine stands?"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

from tests.support.homes import TinyHome, charge

PROGRAM = """
import json, sys
from pathlib import Path
from finops_mcp.cache.home import Home
from tests.support.homes import by, costs_of, refreshed

home, bucket = Home(Path(sys.argv[1])), sys.argv[2]
refreshed(home, bucket)
costs = costs_of(home)
told = {
    "days": sorted(by(costs, ["day", "week", "month"]).items()),
    "day": sorted(by(costs, "day", start="2026-01-31", end="2026-02-01").items()),
    "times": costs.ask("select charge_period_start, charge_period_end from charges order by all"),
    "basis": costs.basis(costs.select()).model_dump(),
    "today": costs.today,
    "compared": costs.select(compare="previous_period").previous,
}
print(json.dumps(told, default=str))
"""


def test_every_zone_gives_the_same_bytes(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    hours = [datetime.fromisoformat(f"2026-01-{hour}") for hour in ("01T00", "15T12", "31T23")]
    for rendering, cost in (("cur2_parquet", "1.5"), ("legacy_csv_gz", "2.5")):
        rows = [
            charge(cost, line_item_usage_start_date=hour, bill_payer_account_id=rendering) for hour in hours
        ]
        made.deliver(rows, rendering=rendering, export=rendering)
    running = {
        zone: subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(made.home.path / zone), str(made.bucket)],
            env={**os.environ, "TZ": zone},
            stdout=subprocess.PIPE,
        )
        for zone in ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia")
    }
    told = {zone: process.communicate()[0] for zone, process in running.items()}
    assert all(process.returncode == 0 for process in running.values())
    assert len(set(told.values())) == 1
    assert b'"2026-01-31", "2026-01-26", "2026-01"' in told["UTC"]
