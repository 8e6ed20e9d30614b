"""Do the commands keep, show and forget budgets, and say what of them the cache does not know?"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.errors import BudgetsNotGiven
from finops_mcp.surfaces.cli import command
from tests.tools.tiny import app_at, asked, charge, column, home_of

CSV = "dimension,value,period,amount\n,,2026-01,8\nservice_code,AmazonEC3,2026-01,5\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home_of(tmp_path, [charge("10")])
    return tmp_path / "home"


def run(*words: str, home: Path | None) -> Result:
    given = ["--home", str(home)] if home else []
    return CliRunner().invoke(command, ["budgets", *words, *given], obj=App)


def test_budgets_are_kept_shown_held_against_what_was_spent_and_forgotten(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(CSV)
    kept = run(str(file), home=home)
    assert kept.exit_code == 0
    assert kept.stdout.startswith("2 budgets are kept, 2026-01-01 to 2026-02-01 (exclusive).")
    assert "service_code = AmazonEC3 (near: AmazonEC2" in kept.stderr
    assert (home / "budgets.yaml").stat().st_mode & 0o077 == 0
    shown = run("show", home=home)
    assert '"period": "2026-01", "amount": "8"' in shown.stdout
    answer = asked(app_at(home).toolbox, "budget_variance", month="2026-01")
    assert column(answer, "state") == ["running", "unknown"]
    # What is shown can be kept again.
    again = tmp_path / "again.yaml"
    again.write_text(shown.stdout)
    assert run("keep", str(again), home=home).exit_code == 0
    assert run("show", home=home).stdout == shown.stdout
    assert run("forget", home=home).stdout == "No budgets are kept any more.\n"
    with pytest.raises(BudgetsNotGiven):
        asked(app_at(home).toolbox, "budget_variance")
    nothing = run("show", home=home)
    assert (nothing.exit_code, "finops-duck budgets FILE" in nothing.stderr) == (2, True)
    assert run("forget", home=home).exit_code == 0  # there is nothing to forget, and that is no mistake


def test_budgets_that_are_wrong_change_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.csv"
    file.write_text(CSV)
    run(str(file), home=home)
    before = (home / "budgets.yaml").read_text()
    file.write_text(CSV.replace(",5", ",five"))
    wrong = run(str(file), home=home)
    assert (wrong.exit_code, "line 3, amount: it should be a valid decimal" in wrong.stderr) == (2, True)
    assert (home / "budgets.yaml").read_text() == before


def test_budgets_can_be_kept_before_there_is_any_data(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("# ours\nbudgets: [{period: 2026-01, amount: 8}]\n")
    kept = run(str(file), home=tmp_path / "home")
    assert (kept.exit_code, kept.stderr) == (0, "")
    assert (tmp_path / "home" / "budgets.yaml").read_text() == file.read_text()


def test_help_and_a_file_that_is_not_there_are_told_as_such(tmp_path: Path) -> None:
    assert "FILE | COMMAND" in run("--help", home=None).stdout
    missing = run("nowhere.csv", home=tmp_path)
    assert (missing.exit_code, "'nowhere.csv' does not exist" in missing.stderr) == (2, True)
    assert run(home=None).exit_code == 2  # without a word it says what there is
