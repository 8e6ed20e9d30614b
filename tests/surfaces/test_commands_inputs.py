"""Does the command take what the bill cannot show, know each kind by its header, and refuse what is wrong?"""

import gzip
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.cache.inputs import input_table
from finops_mcp.surfaces.cli import command
from tests.support.homes import TinyHome, charge

Make = Callable[[], TinyHome]
METRICS = """resource_id,metric,stat,period_s,start,end,value
i-1,CPUUtilization,p99.5,1209600,2026-06-01,2026-06-15T00:00:00Z,41.5
arn:aws:ec2:us-east-1:1:volume/vol-1,VolumeReadOps,Average,86400,2026-06-01,2026-06-02 01:00:00+01:00,0
"""
INVENTORY = """Resource_Id,resource_type,state,account,region,size
vol-1,EbsVolume,available,1,us-east-1,100
vol-2,EbsVolume,in-use,1,us-east-1,50
"""
VOLUMES = """accountId,volumeArn,finding,lookbackPeriodInDays,lastRefreshTimestamp_UTC,\
currentConfiguration_volumeType,recommendationOptions_1_configuration_volumeType,\
recommendationOptions_1_estimatedMonthlySavings_currency,recommendationOptions_1_estimatedMonthlySavings_value,\
recommendationOptions_1_performanceRisk
1,arn:aws:ec2:us-east-1:1:volume/vol-1,NotOptimized,14.0,2026-06-30 01:02:03,gp2,gp3,USD,2.5,1.0
1,arn:aws:ec2:us-east-1:1:volume/vol-2,Optimized,14.0,2026-06-30 01:02:03,gp3,,,,
"""
IDLE = """accountId,resourceArn,resourceId,resourceType,finding,lookbackPeriodInDays,\
estimatedMonthlySavingsCurrency,estimatedMonthlySavingsValue,estimatedMonthlySavingsValueAfterDiscounts
1,arn:aws:ec2:us-east-1:1:instance/i-1,i-1,EC2Instance,Idle,14,USD,70,55.25
"""


def run(home: TinyHome, *words: str) -> Result:
    return CliRunner().invoke(command, ["inputs", *words, "--home", str(home.home.path)], obj=App)


def given(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return str(path)


@pytest.fixture
def home(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    return made


def held(home: TinyHome, kind: str, columns: str) -> list[tuple[object, ...]]:
    return home.costs().ask(f"select {columns} from {input_table(home.home, kind)} order by all")


def test_each_kind_is_known_by_its_header_and_read_into_its_columns(home: TinyHome, tmp_path: Path) -> None:
    files = [("m.csv.gz", METRICS), ("i.csv", INVENTORY), ("v.csv", VOLUMES), ("idle.csv", IDLE)]
    told = run(home, *(given(tmp_path, name, text) for name, text in files))
    assert told.exit_code == 0, told.stderr
    assert [line.split(",")[0] for line in told.stdout.splitlines()] == [
        "kept: 2 rows of metrics", "kept: 2 rows of inventory", "kept: 1 rows of optimizer",
        "kept: 1 rows of optimizer",
    ]  # fmt: skip
    june = datetime(2026, 6, 1)  # noqa: DTZ001 - the cache keeps UTC without a zone
    assert held(home, "metrics", 'resource_id, stat, period_s, start, "end", value') == [
        ("i-1", "p99_5", 1209600, june, datetime(2026, 6, 15), 41.5),  # noqa: DTZ001
        ("vol-1", "avg", 86400, june, datetime(2026, 6, 2), 0.0),  # noqa: DTZ001 - 01:00 an hour east
    ]
    assert held(home, "inventory", "resource_id, state, size, created") == [
        ("vol-1", "available", Decimal(100), None),
        ("vol-2", "in-use", Decimal(50), None),
    ]
    columns = "resource_id, resource_type, finding, current_configuration, recommended_configuration,"
    columns += " monthly_saving, monthly_saving_after_discounts, currency, lookback_days"
    assert held(home, "optimizer", columns) == [
        ("i-1", "EC2Instance", "Idle", None, None, Decimal(70), Decimal("55.25"), "USD", 14.0),
        ("vol-1", "EbsVolume", "NotOptimized", "gp2", "gp3", Decimal("2.5"), None, "USD", 14.0),
    ]


def test_a_newer_inventory_stands_in_for_the_older_and_metrics_add_up(home: TinyHome, tmp_path: Path) -> None:
    other = INVENTORY.replace("1,us-east-1", "1,eu-west-1").replace("vol-", "vol-eu-")
    for name, text in (("a.csv", INVENTORY), ("b.csv", other), ("m.csv", METRICS)):
        run(home, given(tmp_path, name, text))
    newer = "\n".join(INVENTORY.splitlines()[:2])  # vol-2 is gone
    run(home, given(tmp_path, "c.csv", newer), given(tmp_path, "m.csv", METRICS))
    assert [row[0] for row in held(home, "inventory", "resource_id")] == ["vol-1", "vol-eu-1", "vol-eu-2"]
    assert run(home).stdout == "metrics: 2 rows\ninventory: 3 rows\n"
    assert run(home, "--forget").stdout == "3 files were forgotten.\n"
    assert held(home, "inventory", "resource_id") == []
    assert run(home).stdout.startswith("Nothing is held")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\n1,a\n", "header is of none of the kinds"),
        (METRICS.replace("41.5", "n/a"), "line 2: value cannot be 'n/a'"),
        (METRICS.replace("Average", "middle"), "line 3: stat cannot be 'middle'"),
        (INVENTORY.replace("vol-2", ""), "line 3: resource_id is absent"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_kept(
    home: TinyHome, tmp_path: Path, text: str, says: str
) -> None:
    told = run(home, given(tmp_path, "bad.csv", text))
    assert told.exit_code == 2
    assert says in told.stderr
    assert run(home).stdout.startswith("Nothing is held")
