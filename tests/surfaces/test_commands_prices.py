"""Does the command take AWS's own price files, list them, and forget them?"""

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from tests.support.homes import TinyHome, charge
from tests.support.offer_files import write_plans, write_service

PLANS = "ComputeSavingsPlans of us-east-1, published 2026-01-12, version 20260112225308: 4 rates in USD"
SERVICE = "AmazonEC2 of us-east-1, published 2026-01-12, version 20260112225308: 9 rates in USD"


def run(home: TinyHome, *words: str) -> Result:
    return CliRunner().invoke(command, ["prices", *words, "--home", str(home.home.path)], obj=App)


def test_files_are_kept_listed_and_forgotten(tiny_home: Callable[[], TinyHome], tmp_path: Path) -> None:
    home = tiny_home()
    assert run(home).stdout == "No file of prices is held; `finops-duck prices FILE` keeps one.\n"
    plans, service = write_plans(tmp_path / "a.csv.gz"), write_service(tmp_path / "b.json")
    kept = run(home, str(plans), str(service))
    assert (kept.exit_code, kept.stdout) == (0, f"kept: {PLANS}\nkept: {SERVICE}\n")
    assert run(home).stdout == f"{SERVICE}\n{PLANS}\n"
    old = run(home, str(write_plans(tmp_path / "old.json", published="2025-10-01T00:00:00Z")))
    assert old.stdout.startswith("passed over: ComputeSavingsPlans of us-east-1, published 2025-10-01")
    assert old.stderr == f"in force stays: {PLANS}\n"
    assert run(home, "--forget").stdout == "2 files of prices were forgotten.\n"
    assert run(home).stdout.startswith("No file of prices is held")


def test_a_mistake_is_one_line_and_changes_nothing(tiny_home: Callable[[], TinyHome], tmp_path: Path) -> None:
    home = tiny_home()
    home.deliver([charge("1")])
    home.refresh()
    yuan = run(home, str(write_plans(tmp_path / "a.csv", currency="CNY")))
    assert yuan.exit_code == 2
    assert "a.csv, as a whole: it is priced in CNY and the bill is in USD" in yuan.stderr
    both = run(home, str(tmp_path / "a.csv"), "--forget")
    assert (both.exit_code, both.stderr) == (2, "error: Give either files to keep or --forget.\n")
    assert run(home).stdout.startswith("No file of prices is held")
