"""Does the doctor find what is wrong, and say what to do about it?"""

import os
from datetime import date
from pathlib import Path

import pytest

from finops_mcp.app import App
from finops_mcp.cache.published import roll_back
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.errors import RefreshHeld, SourceNotFound
from finops_mcp.exports.storage import Stored
from finops_mcp.surfaces.doctor import Finding, examined
from finops_mcp.toolbox.folder import built_in, find_tools
from tests.support.renderings import Delivery, cur2_parquet
from tests.surfaces.serving import run
from tests.tools.tiny import app_at, charge, home_of


def findings(app: App) -> dict[str, Finding]:
    return {f.what: f for f in examined(app)}


def test_a_loaded_home_is_well(tmp_path: Path) -> None:
    found = findings(home_of(tmp_path, [charge("1")]))
    assert all(f.well for f in found.values()), found
    assert "1 charges of 1 month(s)" in found["cache"].said
    assert "1 current deliveries" in found["source"].said
    assert found["tools"].said == f"{len(find_tools(built_in('tools')))} loaded"


def test_a_new_home_is_well_and_nothing_is_made_by_looking(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there"
    found = findings(app_at(home))
    assert all(f.well for f in found.values()), found
    assert "finops-duck refresh --from" in found["source"].said
    assert "no data yet" in found["cache"].said
    assert not home.exists()


def test_a_home_that_others_can_read_is_not_well(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    (tmp_path / "home").chmod(0o755)
    assert not findings(app)["home"].well
    assert "chmod 700" in findings(app)["home"].said


def test_a_file_that_others_can_read_is_not_well(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    (tmp_path / "home" / "cache" / "current").chmod(0o644)
    found = findings(app)["privacy"]
    assert not found.well
    assert "1 files or folders can be read by others" in found.said
    assert "chmod -R go-rwx" in found.said


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    (segment,) = (tmp_path / "home" / "cache" / "segments").glob("*/charges.duckdb")
    whole = bytearray(segment.read_bytes())
    whole[300_000] ^= 1
    segment.write_bytes(whole)
    found = findings(app)["integrity"]
    assert not found.well
    assert str(segment) in found.said


def test_a_loaded_file_that_turned_is_found_where_files_are_added_up(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    assert "doctor --files" in findings(app)["files"].said
    assert {f.what: f for f in examined(app, files=True)}["files"].well
    (one,) = (tmp_path / "exports").rglob("*.parquet")
    stat, whole = one.stat(), bytearray(one.read_bytes())
    whole[len(whole) // 2] ^= 1
    one.write_bytes(whole)
    os.utime(one, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert findings(app)["files"].well
    found = {f.what: f for f in examined(app, files=True)}["files"]
    assert not found.well
    assert str(one) in found.said
    done = run("doctor", "--files", home=tmp_path / "home")
    assert done.returncode == 1
    assert f"FAIL files: 1 not as loaded: {one}" in done.stdout


def test_what_is_in_quarantine_is_named_with_the_way_out(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    assert findings(app)["quarantine"].well
    held = [Stored("data/bad.parquet", 9, "v1", "2026-01-01T00:00:00Z")]
    Quarantine(app.refresher.home).add("s3://bucket", held, "its reader ended with SIGSEGV")
    found = findings(app)["quarantine"]
    assert not found.well
    assert "data/bad.parquet of s3://bucket" in found.said
    assert "SIGSEGV" in found.said
    assert "refresh --retry-quarantined" in found.said


def test_a_rollback_in_force_is_told_and_is_no_fault(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    home_of(tmp_path, [charge("2")], execution="second")
    roll_back(app.refresher.home)
    with pytest.raises(RefreshHeld):
        app.refresher.refresh()
    found = findings(app)
    assert found["rollback"].said.startswith("holds generation 1 since ")
    assert "rollback --release" in found["rollback"].said
    assert all(f.well for f in found.values()), found


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written_is_not_well(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    found = findings(app_at(tmp_path / "home"))["home"]
    assert not found.well
    assert "--home" in found.said


def test_exports_that_are_gone_are_told_of_while_the_cache_still_answers(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    (tmp_path / "exports").rename(tmp_path / "elsewhere")
    found = findings(app)
    assert not found["source"].well
    assert "no file or folder" in found["source"].said
    assert found["cache"].well


def test_new_deliveries_are_counted_before_they_are_loaded(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    cur2_parquet([charge("1", date(2026, 2, 1))], Delivery(tmp_path / "exports", date(2026, 2, 1)))
    assert "2 current deliveries" in findings(app)["source"].said


def test_data_past_its_age_and_a_refresh_that_failed_are_faults(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    assert findings(app)["freshness"].well
    assert "less than an hour ago" in findings(app)["freshness"].said
    app.refresher.home.source_note.write_text(str(tmp_path / "gone"))
    stale = findings(app_at(tmp_path / "home", stale_after_hours="0.0000001"))["freshness"]
    assert not stale.well
    assert "more than it may be" in stale.said
    with pytest.raises(SourceNotFound):
        app.refresher.refresh()
    failed = findings(app)["freshness"]
    assert not failed.well
    assert str(tmp_path / "gone") in failed.said


def test_tools_that_do_not_load_are_told_by_file(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "nothing.py").write_text("x = 1\n")
    found = findings(app_at(tmp_path / "home", tools=str(tmp_path / "mine")))
    assert not found["tools"].well
    assert "nothing.py defines no tool" in found["tools"].said


def test_the_command_says_it_line_by_line_and_fails_where_something_is_wrong(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    done = run("doctor", home=tmp_path / "home")
    assert done.returncode == 0, done.stdout
    assert [line[:4] for line in done.stdout.splitlines()] == ["ok  "] * 15
    (tmp_path / "home").chmod(0o755)
    done = run("doctor", "--home", str(tmp_path / "home"))
    assert done.returncode == 1
    assert "FAIL home: " in done.stdout
