"""Is what was forgotten in no file that the user gave beside the bill, and do the others' rows stay?"""

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.inputs import held_inputs, held_rows, input_table, keep_input
from finops_mcp.cache.kept import keep, kept_files
from finops_mcp.errors import NothingToForget
from tests.cache.test_forgetting_everywhere import made_up, where_is
from tests.support.homes import LIMITS, TinyHome, charge

Make = Callable[[], TinyHome]
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
METRICS = "resource_id,metric,stat,period_s,start,end,value\n"
JUST_JANUARY, INTO_FEBRUARY = "2026-01-01,2026-02-01", "2026-01-20,2026-02-10"


def given(made: TinyHome, folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(text)
    keep_input(made.home, path)


def ids(made: TinyHome, kind: str) -> list[str]:
    rows = made.costs().ask(f"select resource_id from {input_table(made.home, kind)} order by 1")
    return [resource for (resource,) in rows]


def test_an_account_goes_from_what_was_given_by_name_and_by_its_resources(
    tiny_home: Make, tmp_path: Path
) -> None:
    made, lost, marker = tiny_home(), made_up(), secrets.token_hex(12)
    theirs: dict[str, Any] = {"line_item_usage_account_id": lost}
    made.deliver(
        [
            charge("2", line_item_resource_id=f"i-{marker}", **theirs),
            charge("2", line_item_resource_id=f"arn:aws:rds:us-east-1:{lost}:db:db-{marker}", **theirs),
            charge("3", line_item_resource_id="i-ours"),
        ]
    )
    made.refresh()
    values = f"CPUUtilization,max,3600,{JUST_JANUARY},7\n"
    named = (f"i-{marker}", f"db-{marker}", "i-ours")
    given(made, tmp_path, "metrics.csv", METRICS + "".join(f"{name},{values}" for name in named))
    head = "resource_id,resource_type,account,region,state\n"
    own, ours = (f"vol-{n},EC2 volume,{a},us-east-1,available\n" for n, a in ((marker, lost), ("ours", "1")))
    given(made, tmp_path, "inventory.csv", head + own + ours)
    head = "instanceArn,finding,recommendationOptions_1_estimatedMonthlySavings_value\n"
    arns = (f"arn:aws:ec2:us-east-1:{lost}:instance/i-{marker}", "arn:aws:ec2:us-east-1:1:instance/i-ours")
    given(made, tmp_path, "optimizer.csv", head + "".join(f"{arn},Idle,1\n" for arn in arns))
    keep(made.costs().opened.path, "key", f"about i-{marker}".encode())
    (folder := held_inputs(made.home, "metrics")[0].parent).joinpath(".x.parquet.part").write_text(marker)
    assert len(where_is(marker, made.home)) >= 6

    gone = forget(made.home, LIMITS, account=lost)
    assert where_is(lost, made.home) == where_is(marker, made.home) == []
    assert (gone.count("rows of your inputs"), gone.count("kept findings")) == (4, 1)
    assert ids(made, "metrics") == ["i-ours"]
    assert ids(made, "inventory") == ["vol-ours"]
    assert ids(made, "optimizer") == ["i-ours"]
    assert list(folder.glob(".*")) == []


def test_a_month_takes_what_was_measured_in_it_along(tiny_home: Make, tmp_path: Path) -> None:
    made = tiny_home()
    made.deliver([charge("2")])
    made.deliver([charge("3", FEBRUARY)], FEBRUARY)
    made.refresh()
    spans = {"january": JUST_JANUARY, "both": INTO_FEBRUARY, "february": "2026-02-01,2026-03-01"}
    rows = "".join(f"i-{name},CPUUtilization,max,3600,{days},7\n" for name, days in spans.items())
    given(made, tmp_path, "metrics.csv", METRICS + rows)
    given(made, tmp_path, "inventory.csv", "resource_id,resource_type,state\nvol-1,EC2 volume,available\n")
    gone = forget(made.home, LIMITS, month="2026-01")
    assert gone.count("rows of your inputs") == 2
    assert ids(made, "metrics") == ["i-february"]
    assert ids(made, "inventory") == ["vol-1"]


def test_an_account_that_only_what_was_given_names_can_be_forgotten(tiny_home: Make, tmp_path: Path) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("3")])
    made.refresh()
    head = "resource_id,resource_type,account,region,state\n"
    given(made, tmp_path, "inventory.csv", f"{head}vol-1,EC2 volume,{lost},us-east-1,available\n")
    path = made.costs().opened.path
    keep(path, "key", b"findings")
    assert forget(made.home, LIMITS, account=lost).count("rows of your inputs") == 1
    assert (held_rows(made.home), kept_files(made.home), path.exists()) == ({}, [], True)
    keep(path, "key", b"findings")
    with pytest.raises(NothingToForget):
        forget(made.home, LIMITS, account=made_up())
    assert len(kept_files(made.home)) == 1


def test_what_nobody_can_read_goes(tiny_home: Make, tmp_path: Path) -> None:
    made, lost = tiny_home(), made_up()
    made.deliver([charge("2", line_item_usage_account_id=lost), charge("3")])
    made.refresh()
    given(made, tmp_path, "metrics.csv", f"{METRICS}i-1,CPUUtilization,max,3600,{JUST_JANUARY},7\n")
    (file,) = held_inputs(made.home, "metrics")
    file.write_bytes(file.read_bytes()[:-20])
    assert forget(made.home, LIMITS, account=lost).count("input files that are damaged") == 1
    assert not file.exists()
