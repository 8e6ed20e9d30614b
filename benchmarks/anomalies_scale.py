"""How long does it take to tell what was unusual in a year of 60 accounts and 80 services, from the cache on?

usage: python -m benchmarks.anomalies_scale [METERS] [FOLDER]
"""

import json
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import measured
from benchmarks.organisation import COLUMNS
from finops_mcp.app import App
from finops_mcp.settings import Settings

ACCOUNTS, SERVICES = 60, 80
MOST_SECONDS, MOST_MIB = 5, 1024
_YEAR = 2025
_LOUD = 400
"""One stream of so many runs away for a week of December."""
_QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("the last thirty days", {}),
    ("the whole year", {"start": f"{_YEAR}-01-01", "end": f"{_YEAR + 1}-01-01"}),
    ("one account", {"filters": [{"dimension": "sub_account_id", "op": "eq", "values": ["200000000007"]}]}),
)
_ROWS = f"""
    select
        resource * 366 + dayofyear(hour) as i, resource, hour,
        'Service-' || lpad(cast(resource // {ACCOUNTS} % {SERVICES} as varchar), 2, '0') as service,
        ['us-east-1', 'eu-west-1', 'ap-southeast-2'][1 + resource % 3] as region,
        ['us-east-1', 'eu-west-1', 'ap-southeast-2'][1 + resource % 3] || 'a' as zone,
        cast(200000000000 + resource % {ACCOUNTS} as varchar) as account,
        'Meter-' || resource // {ACCOUNTS * SERVICES} as meter, 'Run' as operation, 'Hrs' as unit,
        cast(24 as double) as quantity,
        round(
            exp(hash(resource) % 60 / 10.0)
            * (1 + hash(resource, hour) % 1000 / 5000.0)
            * if(isodow(hour) > 5, 0.7, 1)
            * if(hash(resource, 7) % {_LOUD} = 0 and hour between date '2025-12-10' and date '2025-12-16',
                4, 1),
            6
        ) as cost
    from range({ACCOUNTS * SERVICES} * $meters) as r(resource)
    cross join range($month::timestamp, $next::timestamp, interval 1 day) as d(hour)
"""


def write_year(root: Path, meters: int) -> None:
    """Write a year of daily line items: one for each account, service and meter."""
    engine = duckdb.connect()
    engine.execute("set TimeZone = 'UTC'")
    for number in range(1, 13):
        month = date(_YEAR, number, 1)
        after = date(_YEAR + number // 12, number % 12 + 1, 1)
        partition = f"BILLING_PERIOD={month:%Y-%m}"
        data, metadata = (root / "scale" / kind / partition for kind in ("data", "metadata"))
        for folder in (data, metadata):
            folder.mkdir(parents=True)
        path = data / "scale-00001.snappy.parquet"
        engine.execute(
            f"copy (select {COLUMNS} from ({_ROWS})) to '{path}' (compression snappy)",
            {"month": month, "next": after, "meters": meters},
        )
        named = f"s3://bucket/scale/data/{partition}/{path.name}"
        manifest = {"executionId": f"scale-{month:%Y%m}", "dataFiles": [named]}
        (metadata / "scale-Manifest.json").write_text(json.dumps(manifest))


def main(meters: int, folder: Path) -> None:
    """Make the cache where there is none yet, and ask."""
    home = folder / "home"
    if not home.exists():
        measured(_load, folder, meters)  # apart: the memory of whoever starts a process counts as its own
    print(f"a year of {ACCOUNTS} accounts x {SERVICES} services x {meters} meter(s), each in a fresh process")
    for name, arguments in _QUESTIONS:
        found = measured(_ask, home, arguments)
        within = found.seconds < MOST_SECONDS and found.peak_mib < MOST_MIB
        said = "yes" if within else "NO"
        took = f"{found.seconds:6.2f} s ({found.cpu_seconds:.2f} s of processors)"
        print(f"  {name:20} {took}, {found.peak_mib:5,.0f} MiB at most, {found.result}")
        print(f"  {'':20} within {MOST_SECONDS} s and {MOST_MIB:,} MiB: {said}")


def _load(folder: Path, meters: int) -> None:
    write_year(folder / "exports", meters)
    settings = Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=folder / "home")
    App(settings).refresher.refresh(str(folder / "exports"))


def _ask(home: Path, arguments: dict[str, Any]) -> str:
    toolbox = App(Settings.read({"FINOPS_COUNT_ANSWERS": "no"}, home=home)).toolbox
    began = time.perf_counter()
    answer = toolbox.call("cost_anomalies", arguments)
    return f"{answer.total_rows} incidents, {time.perf_counter() - began:.2f} s once the app was there"


if __name__ == "__main__":
    given, *folders = [*sys.argv[1:], "1"][: max(len(sys.argv) - 1, 1)]
    if folders:
        main(int(given), Path(folders[0]))
    else:
        made = Path(tempfile.mkdtemp(prefix="benchmark-"))
        try:
            main(int(given), made)
        finally:
            shutil.rmtree(made)
