"""Does the command write the file that a person names, and no other?"""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from tests.tools.tiny import charge, home_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    home_of(folder, [charge("1.25"), charge("3", line_item_product_code="AmazonS3")])
    return folder / "home"


def run(*words: str, home: Path) -> Result:
    return CliRunner().invoke(command, ["export", *words, "--home", str(home)], obj=App)


def test_focus_lies_where_it_was_wanted_in_the_form_that_its_ending_says(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "january.parquet"
    done = run("focus_1_2", "--month", "2026-01", "--to", str(path), home=home)
    assert done.exit_code == 0, done.output
    assert "january.parquet is written: 2 rows" in done.stdout
    assert pl.read_parquet(path)["BilledCost"].sum() == 4.25
    manifest = json.loads((tmp_path / "january.parquet.manifest.json").read_text())
    assert manifest["file"]["name"] == "january.parquet"
    assert not (home / "exports").exists()


def test_an_answer_is_asked_as_by_ask_and_a_folder_takes_a_name_of_ours(home: Path, tmp_path: Path) -> None:
    done = run("cost-by", "--dimension", "service_code", "--top", "1", "--to", str(tmp_path), home=home)
    assert done.exit_code == 0, done.output
    (path,) = tmp_path.glob("cost_by_*.csv")
    assert path.read_text().splitlines()[1].startswith("AmazonS3,3.00,")
    assert len(path.read_text().splitlines()) == 2  # the one row that was asked for


def test_what_is_there_stays_unless_it_is_forced(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("mine")
    refused = run("focus_1_2", "--to", str(path), home=home)
    assert isinstance(refused.exception, SystemExit)
    assert refused.exit_code == 2
    assert "is there already" in refused.stderr
    assert path.read_text() == "mine"
    assert run("focus_1_2", "--to", str(path), "--force", home=home).exit_code == 0
    assert path.read_text().startswith("AvailabilityZone,")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["focus_1_2", "--to", "january"], "does not say in which form"),
        (["focus_1_2", "--to", "j.csv", "--colour", "red"], "has no parameter 'colour'"),
        (["cost_bye", "--to", "j.csv"], "no tool named 'cost_bye'"),
    ],
)
def test_what_is_not_understood_is_refused(
    home: Path, words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run(*words, home=home)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert list(tmp_path.iterdir()) == []
