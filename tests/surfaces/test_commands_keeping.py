"""Do the commands that keep a home do what they say, and say what they did?"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.homes import TinyHome
from tests.surfaces.serving import run
from tests.tools.tiny import charge, home_of


def test_rollback_lists_goes_back_and_holds(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("2")], execution="second")
    home = ["--home", str(made.home.path)]
    assert run("refresh", *home).returncode == 0
    listed = run("rollback", "--list", *home).stdout.splitlines()
    assert [line[:4] for line in listed] == ["  1:", "* 2:"]
    assert listed[1].endswith("(in force)")
    gone_back = run("rollback", *home).stdout
    assert "* 1: 1 month(s), made " in gone_back
    assert "A rollback holds generation 1" in gone_back
    refused = run("refresh", *home)
    assert refused.returncode == 2
    assert "rollback --release" in refused.stderr
    assert run("rollback", "--to", "9", *home).returncode == 2
    assert "holds" not in run("rollback", "--release", *home).stdout
    assert run("refresh", *home).returncode == 0


def test_prune_says_what_would_go_and_then_lets_it_go(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    for month in (date(2026, 1, 1), date(2026, 2, 1)):
        made.deliver([charge("1", month)], month)
    made.refresh()
    home = ["--home", str(made.home.path)]
    nothing = "Nothing is kept for longer, or is larger, than the FINOPS_KEEP_ settings say."
    assert run("prune", *home).stdout.strip() == nothing
    room: dict[str, Any] = {"FINOPS_KEEP_CHARGES_GB": "0.000000001"}
    told = run("prune", "--dry-run", *home, **room).stdout.splitlines()
    assert re.fullmatch(r"would go: deliveries without line items now: 1, [1-9][\d,]+ bytes", told[0])
    assert len(list(made.home.segments.glob("*-1"))) == 0
    done = run("prune", *home, **room)
    assert re.match(r"removed: deliveries without line items now: 1", done.stdout), done.stderr
    assert len(list(made.home.segments.glob("*-1"))) == 1
    assert run("prune", *home, **room).stdout.strip() == nothing


def test_forget_says_what_went(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1"), charge("2", line_item_usage_account_id="310000000007")])
    home = ["--home", str(tmp_path / "home")]
    done = run("forget", "--account", "310000000007", *home)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0] == "removed: charges: 1"
    assert re.fullmatch(r"removed: loaded deliveries: 1, [1-9][\d,]+ bytes", said[1])
    assert re.fullmatch(r"removed: generations: 1, [1-9][\d,]+ bytes", said[2])
    assert re.fullmatch(r"  loaded deliveries: \S+ 2026-01 \S+", said[3])
    assert "are yours and were not touched" in done.stdout
    for wrong in (
        ["--account", "999999999999"],
        ["--month", "yesterday"],
        [],
        ["--month", "2026-01", "--account", "1"],
    ):
        assert run("forget", *wrong, *home).returncode == 2
