"""Do the commands keep, show and forget a tag policy, and say what of it the cache does not know?"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from tests.tools.tiny import app_at, asked, charge, column, home_of

POLICY = """\
keys:
  - {key: Enviroment, where: {accounts: shop, regions: [us-east-9]}}
  - {key: environment}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tags = {"user:environment": "prod"}
    home_of(tmp_path, [charge("10", line_item_resource_id="i-1", resource_tags=tags)])
    return tmp_path / "home"


def run(*words: str, home: Path | None) -> Result:
    given = ["--home", str(home)] if home else []
    return CliRunner().invoke(command, ["tags", *words, *given], obj=App)


def test_a_policy_is_kept_shown_held_against_the_bill_and_forgotten(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(POLICY)
    kept = run(str(file), home=home)
    assert kept.exit_code == 0
    assert kept.stdout.startswith("The policy is kept; it asks for Enviroment, environment.")
    assert "No charge carries Enviroment (near: environment)" in kept.stderr
    assert "No charge has sub_account_id or sub_account_name = shop" in kept.stderr
    assert (home / "tag-policy.yaml").stat().st_mode & 0o077 == 0
    assert run("show", home=home).stdout == POLICY
    answer = asked(app_at(home).toolbox, "tag_coverage")
    assert column(answer, "key") == ["enviroment", "environment"]
    assert column(answer, "compliant_cost") == ["0.00", "10.00"]
    assert run("forget", home=home).stdout == "No tag policy is kept any more.\n"
    nothing = run("show", home=home)
    assert (nothing.exit_code, "finops-duck tags FILE" in nothing.stderr) == (2, True)
    assert run("forget", home=home).exit_code == 0


def test_a_policy_that_is_wrong_changes_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(POLICY)
    run(str(file), home=home)
    file.write_text("keys:\n  - {key: a, case: Upper}\n")
    wrong = run(str(file), home=home)
    assert (wrong.exit_code, "line 2, keys.0.case" in wrong.stderr) == (2, True)
    assert run("show", home=home).stdout == POLICY


def test_a_policy_can_be_kept_before_there_is_any_data(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(POLICY)
    kept = run(str(file), home=tmp_path / "empty")
    assert (kept.exit_code, kept.stderr) == (0, "")
