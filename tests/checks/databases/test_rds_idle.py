"""27: all of an instance that nobody connects to, half of one whose CPU fits a size less."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from tests.checks.rows import Rows, cents, over_the_month
from tests.support.homes import TinyHome

D = Decimal
START = datetime(2026, 6, 1)  # noqa: DTZ001 - the cache keeps UTC without a zone


def metrics(folder: Path, told: dict[str, dict[str, float]], days: int = 30) -> None:
    folder.mkdir(parents=True)
    rows = [
        {"resource_id": name, "metric": metric, "stat": "max", "period_s": 3600, "start": START,
         "end": START + timedelta(days=days), "value": value}
        for name, values in told.items()
        for metric, value in values.items()
    ]  # fmt: skip
    pl.DataFrame(rows).write_parquet(folder / "given.parquet")


def test_idle_is_deleted_oversized_halved_and_busy_or_untold_left(
    rows: Rows, tiny_home: Callable[[], TinyHome]
) -> None:
    home = tiny_home()
    metrics(
        home.home.inputs / "metrics",
        {
            "idle": {"DatabaseConnections": 0.0, "CPUUtilization": 3.0},
            "large": {"DatabaseConnections": 9.0, "CPUUtilization": 40.0},
            "busy": {"DatabaseConnections": 9.0, "CPUUtilization": 41.0},
            "half-told": {"DatabaseConnections": 0.0},
        },
    )
    databases = [
        over_the_month("InstanceUsage:db.m5.large", "720", "144.00", service="AmazonRDS",
                       resource=f"arn:aws:rds:us-east-1:1:db:{name}")
        for name in ("idle", "large", "busy", "half-told", "untold")
    ]  # fmt: skip
    looked = rows.look("rds_idle", *databases, home=home)
    found = {str(one.resource_id).rsplit(":", 1)[-1]: one for one in looked}
    assert cents(found["idle"].saving.expected) == D("146.00")  # 144 x 730 / 720
    assert (found["idle"].action, found["idle"].risk) == ("delete", "med")
    assert cents(found["large"].saving.expected) == D("73.00")  # half of it
    assert found["large"].saving.low == 0
    assert found["large"].confidence == 0.6
    assert "busy" not in found
    assert "half-told" not in found
    assert "untold" not in found
