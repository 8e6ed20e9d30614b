"""Do the commands keep, show and forget what cost is divided by?"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.drivers.reading import read_drivers
from finops_mcp.errors import DriversNotGiven
from finops_mcp.surfaces.cli import command
from tests.support.homes import LIMITS
from tests.tools.tiny import PAYER, app_at, asked, charge, home_of

CSV = f"""\
period,driver,quantity,dimension,value
2026-01-01,orders,20,,
2026-01,users,5,sub_account_id,{PAYER}
2026-01,users,7,sub_account_id,418273650915
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home_of(tmp_path, [charge("10"), charge("1", line_item_usage_account_id="418273650915")])
    return tmp_path / "home"


def run(*words: str, home: Path) -> Result:
    return CliRunner().invoke(command, ["drivers", *words, "--home", str(home)], obj=App)


def test_drivers_are_kept_shown_divided_by_and_forgotten(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(CSV)
    kept = run(str(file), home=home)
    assert kept.stdout.startswith("3 quantities are kept, 2026-01 to 2026-01-01: orders, users.")
    assert (home / "drivers.csv").stat().st_mode & 0o077 == 0
    assert run("show", home=home).stdout == CSV
    answer = asked(app_at(home).toolbox, "unit_cost", driver="orders")
    assert answer["totals"]["unit_cost"] == "0.55"  # 11.00 over 20
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(CSV.replace(",20,", ",twenty,"))
    refused = run(str(wrong), home=home)
    assert (refused.exit_code, "line 2, quantity" in refused.stderr) == (2, True)
    assert run("show", home=home).stdout == CSV
    assert run("forget", home=home).stdout == "No drivers are kept any more.\n"
    with pytest.raises(DriversNotGiven, match=r"finops-duck drivers FILE"):
        asked(app_at(home).toolbox, "unit_cost", driver="orders")
    assert run("show", home=home).exit_code == 2
    assert run("forget", home=home).exit_code == 0  # there is nothing to forget, and that is no mistake


def test_an_account_that_is_forgotten_takes_its_quantities_along(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(CSV)
    run(str(file), home=home)
    gone = forget(Home(home), LIMITS, account="418273650915")
    assert gone.count("quantities to divide by") == 1
    assert [one.value for one in read_drivers(home / "drivers.csv")] == [None, PAYER]
