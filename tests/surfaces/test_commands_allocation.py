"""Do the commands keep rules by version, show what a change would move, and guard months that are closed?"""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from finops_mcp.app import App
from finops_mcp.surfaces.cli import command
from tests.tools.tiny import PAYER, app_at, charge, home_of

RULES = """\
dimensions:
  team:
    rules:
      - {{id: box, when: {{field: tag:team, op: eq, value: a}}, set: {box}}}
      - {{id: storage, when: {{field: service, op: eq, value: AmazonS3}}, set: Storage}}
shared:
  - {{id: s3, match: {{field: service, op: eq, value: AmazonS3}}, method: even}}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two closed months and an open one: 10 of team a, 5 of storage and 1 of nobody in each."""
    rows = []
    for month in (1, 2, 3):
        day, open_ = date(2026, month, 3), {"bill_invoice_id": None} if month == 3 else {}
        rows += [
            charge("10", day, resource_tags={"user_team": "a"}, **open_),
            charge("5", day, line_item_product_code="AmazonS3", **open_),
            charge("1", day, **open_),
        ]
    home_of(tmp_path, rows)
    return tmp_path / "home"


def run(*words: str, home: Path | None) -> Result:
    given = ["--home", str(home)] if home else []
    return CliRunner().invoke(command, ["allocation", *words, *given], obj=App)


def written(folder: Path, box: str = "Boxes") -> str:
    path = folder / "ours.yaml"
    path.write_text(RULES.format(box=box))
    return str(path)


def test_versions_are_kept_listed_shown_and_forgotten(home: Path, tmp_path: Path) -> None:
    assert "No rules of allocation are kept." in run(home=home).stdout
    nothing = run("show", home=home)
    assert (nothing.exit_code, "finops-duck allocation FILE" in nothing.stderr) == (2, True)
    kept = run(written(tmp_path), home=home)
    assert (kept.exit_code, kept.stderr) == (0, "")
    assert "is kept, and holds for every month." in kept.stdout
    first = kept.stdout.split()[1]
    same = run(written(tmp_path), home=home)
    assert same.stdout == f"Version {first} says the same, and is in force since always: nothing changes.\n"
    # Another holds from the running month on, and leaves those before it alone.
    other = run(written(tmp_path, "Crates"), home=home)
    assert (other.exit_code, "holds from 2026-03 on" in other.stdout) == (0, True)
    listed = run(home=home).stdout.splitlines()
    assert [line.split(" | ")[1:4] for line in listed[2:]] == [
        ["always", "2026-01 to 2026-02", "team (2 rules)"],
        ["2026-03", "2026-03", "team (2 rules)"],
    ]
    assert (home / "records.sqlite").stat().st_mode & 0o077 == 0
    # What is shown can be kept again, and is the same version.
    shown = run("show", first[:6], home=home).stdout
    again = tmp_path / "again.yaml"
    again.write_text(shown)
    assert f"Version {first} is kept" in run("keep", str(again), home=home).stdout
    unknown = run("show", "nope", home=home)
    assert (unknown.exit_code, first in unknown.stderr) == (2, True)
    assert run("forget", home=home).stdout == "No rules of allocation are kept any more.\n"
    assert app_at(home).toolbox.cache.costs().own.allocation() == []
    assert run("forget", home=home).exit_code == 0


def test_closed_months_are_told_otherwise_only_where_that_is_asked_for(home: Path, tmp_path: Path) -> None:
    run(written(tmp_path), home=home)
    refused = run(written(tmp_path, "Crates"), "--from", "2026-02", home=home)
    assert refused.exit_code == 2
    assert "Closed months would be allocated by other rules than they were: 2026-02." in refused.stderr
    assert len(app_at(home).toolbox.cache.costs().own.allocation()) == 1
    kept = run(written(tmp_path, "Crates"), "--from", "2026-02", "--restate", home=home)
    assert (kept.exit_code, "holds from 2026-02 on" in kept.stdout) == (0, True)
    wrong = run(written(tmp_path), "--from", "2026-2", home=home)
    assert (wrong.exit_code, "a billing month such as 2026-10" in wrong.stderr) == (2, True)


def test_a_dry_run_shows_what_would_move_and_keeps_nothing(home: Path, tmp_path: Path) -> None:
    bare = run(written(tmp_path), "--dry-run", home=home)
    assert "| 2026-03 | (no rules) | - | Boxes | box | 10.00 | USD |" in bare.stdout
    assert "| 2026-03 | (no rules) | - | Storage, shared as s3 | storage | 5.00 | USD |" in bare.stdout
    run(written(tmp_path), home=home)
    months = ["--month", "2026-01", "--month", "2026-03"]
    moved = run(written(tmp_path, "Crates"), "--dry-run", *months, "--from", "2026-01", home=home)
    assert moved.exit_code == 0
    assert [line for line in moved.stdout.splitlines() if line.startswith("| 2026")] == [
        "| 2026-01 | Boxes | box | Crates | box | 10.00 | USD |",
        "| 2026-03 | Boxes | box | Crates | box | 10.00 | USD |",
    ]
    assert moved.stdout.count("10.00 USD would move, 6.00 would stay.") == 2
    assert "Nothing was kept." in moved.stdout
    assert (
        "Closed months would be allocated by other rules than they were: 2026-01 to 2026-02" in moved.stderr
    )
    assert len(app_at(home).toolbox.cache.costs().own.allocation()) == 1
    shared = tmp_path / "shared.yaml"
    shared.write_text(RULES.format(box="Boxes").replace("AmazonS3}, method", "AmazonEC2}, method"))
    also = run(str(shared), "--dry-run", home=home)
    assert "| 2026-03 | Boxes | box | Boxes, shared as s3 | box | 10.00 | USD |" in also.stdout
    other = tmp_path / "other.yaml"
    other.write_text(RULES.format(box="Boxes").replace("  team:", "  owner:"))
    new = run(str(other), "--dry-run", home=home)
    assert "| 2026-03 | (no rules) | - | Boxes | box | 10.00 | USD |" in new.stdout
    strange = run(str(other), "--dry-run", "--dimension", "team", home=home)
    assert (strange.exit_code, "have no dimension 'team'. Valid: owner" in strange.stderr) == (2, True)
    none = run(written(tmp_path), "--dry-run", home=home)
    assert "0.00 USD would move, 16.00 would stay." in none.stdout


def test_doubts_are_told_beside_what_is_kept(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "dimensions: {team: {rules: [\n"
        f"  {{id: ours, when: {{field: account, value: '{PAYER}'}}, set: Ours}},\n"
        "  {id: behind, when: {field: service, value: AmazonS3}, set: Never},\n"
        "  {id: misspelt, when: {field: service, value: AmazonS4}, set: Never},\n"
        "  {id: over, to: 2026-01-01, when: {field: service, value: AmazonS3}, set: Never}]}}\n"
    )
    kept = run(str(file), home=home)
    assert kept.exit_code == 0
    assert kept.stderr.splitlines() == [
        "misspelt: no charge has service = 'AmazonS4' (near: AmazonS3, AmazonEC2)",
        "team: in 2026-01 to 2026-03, no charge was taken by behind, misspelt.",
    ]


def test_what_the_cache_cannot_tell_is_refused_by_line_and_changes_nothing(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(RULES.format(box="Boxes").replace("field: tag:team", "field: ou"))
    wrong = run(str(file), home=home)
    assert (wrong.exit_code, "line 4, dimensions.team.rules.0.when.field" in wrong.stderr) == (2, True)
    assert app_at(home).toolbox.cache.costs().own.allocation() == []


def test_rules_can_be_kept_before_there_is_any_data(tmp_path: Path) -> None:
    kept = run(written(tmp_path), home=tmp_path / "home")
    assert (kept.exit_code, kept.stderr) == (0, "")
    assert "always | - | team" in run(home=tmp_path / "home").stdout
    dry = run(written(tmp_path), "--dry-run", home=tmp_path / "home")
    assert (dry.exit_code, "finops-duck refresh" in dry.stderr) == (2, True)


def test_a_terminal_prints_the_schema() -> None:
    assert run("schema", home=None).stdout.startswith("{")
