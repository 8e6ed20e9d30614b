"""Do the commands keep and forget an agreement and benchmarks of one's own, and do the tools heed them?"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.errors import AgreementNotGiven
from finops_mcp.surfaces.cli import command
from tests.tools.tiny import app_at, asked, charge, column, home_of

TERMS = """
agreement:
  id: ours
  currency: USD
  years: [{from: 2026-01-01, to: 2027-01-01, commit: 1000, discount_pct: 8.5}]
  burn_basis: net
"""
ROW = (
    "- {kpi: private discount, scope: private_discount, scope_definition: what our adviser saw in 2026,"
    " value: 12, segment: peers, year: 2026, source_url: memo 7, retrieved: 2026-05-01, confidence: low}\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home_of(tmp_path, [charge("10")])
    return tmp_path / "home"


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(command, [*words, "--home", str(home)], obj=App)


def private(home: Path) -> list[bool]:
    answer = asked(app_at(home).toolbox, "negotiated_rates", show="benchmarks", kpi="private discount")
    return [given for given in column(answer, "private") if given]


def test_an_agreement_that_is_removed_is_judged_by_no_more(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(TERMS)
    assert run(home, "agreement", "keep", str(file)).exit_code == 0
    assert asked(app_at(home).toolbox, "agreement_status")["agreement"] == "ours"
    removed = run(home, "agreement", "remove")
    assert (removed.exit_code, removed.stdout) == (0, "No agreement is kept any more.\n")
    assert file.exists()
    with pytest.raises(AgreementNotGiven):
        asked(app_at(home).toolbox, "agreement_status")
    # There is nothing to remove now, and that is no mistake.
    assert run(home, "agreement", "remove").exit_code == 0


def test_benchmarks_of_ones_own_are_kept_shown_as_private_and_forgotten(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(ROW)
    kept = run(home, "benchmarks", str(file))
    assert (kept.exit_code, kept.stdout) == (0, "1 benchmarks of your own are kept beside the public ones.\n")
    assert (home / "benchmarks.yaml").stat().st_mode & 0o077 == 0
    assert private(home) == [True]
    file.write_text(ROW * 2)
    assert run(home, "benchmarks", str(file)).exit_code == 0
    assert private(home) == [True, True]  # another file takes the place of the first
    forgotten = run(home, "benchmarks", "--remove")
    assert forgotten.stdout == "No benchmarks of your own are kept any more.\n"
    assert private(home) == []


def test_benchmarks_that_are_wrong_change_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(ROW)
    run(home, "benchmarks", str(file))
    file.write_text(ROW + ROW.replace("value: 12, ", ""))
    wrong = run(home, "benchmarks", str(file))
    assert wrong.exit_code == 2
    assert "row 2" in wrong.stderr
    for words in (["benchmarks"], ["benchmarks", str(file), "--remove"]):
        refused = run(home, *words)
        assert (refused.exit_code, refused.stderr) == (2, "error: Give either a FILE to keep or --remove.\n")
    assert private(home) == [True]
