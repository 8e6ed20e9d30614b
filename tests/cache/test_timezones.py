"""Is the answer the same bytes wherever the machine stands?"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest

from finops_mcp.cache.home import Home
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


@pytest.mark.fault(32)
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


EVERY_TOOL = """
import sys
from finops_mcp.app import App
from finops_mcp.settings import Settings
from finops_mcp.toolbox.toolbox import as_json

toolbox = App(Settings.read(home=sys.argv[1])).toolbox
for name, arguments in (
    ("data_status", {}),
    ("cost_by", {"month": "2026-10", "dimension": ["day", "service_name"], "compare": "previous_period"}),
    ("cost_by", {"start": "2026-08-20", "end": "2026-09-05", "dimension": ["resource_id"]}),
    ("cost_changes", {"month": "2026-09"}),
    ("cost_trend", {"granularity": "week"}),
    ("cost_trend", {"granularity": "month", "metric": "billed_cost", "scope": "bill"}),
    ("resource_costs", {"month": "2026-09"}),
    ("invoices", {"month": "2026-05"}),
    ("cost_schema", {}),
    ("cost_sql", {"sql": "select date_trunc('day', charge_period_start) d, sum(billed_cost) from charges"
                  " where billing_period_start = date '2026-09-01' group by 1 order by 1"}),
):
    print(as_json(toolbox.call(name, arguments)))
"""


@pytest.mark.fault(32)
def test_every_tool_answers_with_the_same_bytes_in_every_zone(sample_home: Home) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", EVERY_TOOL, str(sample_home.path)],
            env={**os.environ, "TZ": zone, "FINOPS_THREADS": threads},
            stdout=subprocess.PIPE,
        )
        for zone, threads in (
            ("UTC", "2"),
            ("UTC", "1"),
            ("America/New_York", "2"),
            ("Asia/Kolkata", "1"),
            ("Pacific/Apia", "2"),
        )
    ]
    told = [process.communicate()[0] for process in running]
    assert all(process.returncode == 0 for process in running)
    assert len(told[0].splitlines()) == 10
    assert set(told) == {told[0]}
