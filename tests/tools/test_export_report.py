"""Is what leaves as a file whole, where it may be, and what was asked for?"""

import fcntl
import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from finops_mcp.cache.forgetting import forget
from finops_mcp.errors import ExportNotWritten, ExportStandsThere, InvalidArgument, UnknownTool
from finops_mcp.toolbox.exporting import Place
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import LIMITS
from tests.tools.tiny import app_at, asked, charge, home_of

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
MANY = 30


@pytest.fixture
def toolbox(tmp_path: Path) -> Toolbox:
    charges = [charge("1.25", line_item_resource_id="=cmd|' /C calc'!A0"), charge("-2", FEBRUARY)]
    charges += [charge(f"{n}.5", line_item_resource_id=f"i-{n}") for n in range(MANY)]
    return home_of(tmp_path, charges).toolbox


def files_of(toolbox: Toolbox) -> set[str]:
    return {path.name for path in toolbox.exports.glob("*")}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_focus_lies_in_the_home_with_a_manifest_of_what_it_holds(toolbox: Toolbox, tmp_path: Path) -> None:
    answer = asked(toolbox, "export_report", start="2026-01-01", end="2026-03-01", format="parquet")
    (name, what, rows, size, sha256), (beside, *_) = answer["rows"]
    path = tmp_path / "home" / "exports" / name
    assert Path(answer["path"]) == path
    assert (what, rows, size, sha256) == ("FOCUS 1.2", MANY + 2, path.stat().st_size, digest(path))
    assert beside == f"{name}.manifest.json"
    assert files_of(toolbox) == {name, beside}
    assert all(p.stat().st_mode & 0o077 == 0 for p in [path.parent, *path.parent.iterdir()])
    manifest = json.loads((path.parent / beside).read_text())
    assert manifest["focus_version"] == "1.2"
    assert manifest["file"] == {"name": name, "rows": rows, "bytes": size, "sha256": sha256}
    frame = pl.read_parquet(path)
    assert [column["name"] for column in manifest["columns"]] == frame.columns
    # 1.25 - 2 + (0.5 + 1.5 + ... + 29.5 = 30 x 15) = 449.25
    assert manifest["totals"]["USD"]["BilledCost"] == answer["totals"]["billed_cost"] == "449.25"
    assert frame["BilledCost"].sum() == 449.25
    assert manifest["basis"]["period"]["end_exclusive"] == "2026-03-01"


def test_the_same_data_is_written_once_and_what_was_changed_meanwhile_anew(toolbox: Toolbox) -> None:
    first = asked(toolbox, "export_report", month="2026-01")
    path = Path(first["path"])
    before = path.stat().st_mtime_ns
    assert asked(toolbox, "export_report", month="2026-01")["rows"] == first["rows"]
    assert path.stat().st_mtime_ns == before
    path.write_bytes(path.read_bytes()[:-3])
    again = asked(toolbox, "export_report", month="2026-01")
    assert again["rows"][0][4] == digest(path)
    assert len(path.read_text().splitlines()) == MANY + 2
    assert len(files_of(toolbox)) == 2


def test_an_answer_leaves_with_every_row_and_what_it_means_beside_it(toolbox: Toolbox) -> None:
    arguments = {"dimension": ["resource_id"]}
    answer = asked(toolbox, "export_report", report="cost-by", arguments=arguments, month="2026-01")
    lines = Path(answer["path"]).read_text().splitlines()
    assert lines[0] == "resource_id,effective_cost,share"
    assert len(lines) == MANY + 2  # and not the ten of a page
    assert any(line.startswith("'=cmd|") for line in lines)
    about = json.loads(Path(f"{answer['path']}.about.json").read_text())
    assert about["report"] == "cost_by"
    assert about["arguments"] == {**arguments, "month": "2026-01"}
    assert about["totals"] == answer["totals"] == {"effective_cost": "451.25"}
    assert about["basis"] == answer["basis"]
    assert about["file"]["sha256"] == digest(Path(answer["path"]))
    assert "rows" not in about


def test_figures_are_numbers_in_parquet_and_names_are_not(toolbox: Toolbox) -> None:
    sql = "select '1.30' as version, 1.30 as cost, '104816291057' as payer, count(*) as n, null as none"
    arguments = {"sql": f"{sql} from charges"}
    answer = asked(toolbox, "export_report", report="cost_sql", arguments=arguments, format="parquet")
    frame = pl.read_parquet(answer["path"])
    assert frame.to_dicts()[0]["version"] == "1.30"
    assert frame.to_dicts()[0]["payer"] == "104816291057"
    assert frame.schema["cost"] == pl.Decimal(38, 2)
    assert frame.schema["n"] == pl.Int64


def test_a_sheet_has_numbers_texts_that_nothing_runs_and_the_totals_on_another(toolbox: Toolbox) -> None:
    arguments = {"dimension": ["resource_id"]}
    given = {"report": "cost_by", "arguments": arguments, "month": "2026-01", "format": "xlsx"}
    answer = asked(toolbox, "export_report", **given)
    with zipfile.ZipFile(answer["path"]) as book:
        rows, about = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
        texts = (
            book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
        )
    assert "<f>" not in rows
    assert "<v>29.5</v>" in rows
    assert rows.count("<row ") == MANY + 2
    assert "=cmd|" in rows + texts
    assert "451.25" in about + texts
    before = Path(answer["path"]).read_bytes()
    assert asked(toolbox, "export_report", **given)["path"] == answer["path"]
    assert Path(answer["path"]).read_bytes() == before  # no clock is in it


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"format": "xlsx"}, "more rows than a sheet"),
        ({"start": "2026-01-01", "end": "2026-01-09"}, "whole months"),
        ({"arguments": {"month": "2026-01"}}, "no other arguments"),
        ({"report": "refresh_data"}, "it does something"),
        ({"report": "export_report"}, "it does something"),
        (
            {"report": "cost_by", "month": "2026-01", "arguments": {"month": "2026-01"}},
            "beside the arguments",
        ),
        ({"report": "cost_by", "arguments": {"colour": "red"}}, "no parameter 'colour'"),
        ({"report": "../../etc/passwd"}, "no tool named"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_nothing(
    toolbox: Toolbox, given: dict[str, Any], said: str
) -> None:
    with pytest.raises((InvalidArgument, UnknownTool), match=said):
        asked(toolbox, "export_report", **given)
    assert files_of(toolbox) == set()


def test_a_setting_names_another_folder_and_nothing_lies_in_the_home(
    toolbox: Toolbox, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    other = app_at(toolbox.cache.home.path, exports=str(elsewhere)).toolbox
    assert Path(asked(other, "export_report")["path"]).parent == elsewhere
    assert not toolbox.cache.home.exports.exists()


def test_a_file_of_a_person_has_their_name_and_is_not_written_over(toolbox: Toolbox, tmp_path: Path) -> None:
    place = Place(tmp_path / "mine", "june.csv")
    answer = asked(toolbox.writing_to(place), "export_report", month="2026-01")
    assert answer["path"] == str(tmp_path / "mine" / "june.csv")
    assert {p.name for p in place.folder.iterdir()} == {"june.csv", "june.csv.manifest.json"}
    before = digest(Path(answer["path"]))
    with pytest.raises(ExportStandsThere, match=r"june\.csv is there already"):
        asked(toolbox.writing_to(place), "export_report", month="2026-02")
    assert digest(Path(answer["path"])) == before
    asked(
        toolbox.writing_to(Place(place.folder, "june.csv", replaces=True)), "export_report", month="2026-02"
    )
    assert digest(Path(answer["path"])) != before


def test_what_fails_half_way_leaves_no_file(toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch) -> None:
    from finops_mcp.toolbox.exporting import exporter

    def full(*_given: Any, **_more: Any) -> None:
        (path,) = toolbox.exports.glob(".unfinished-*")
        (path / "rows.csv").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporter, "write_answer", full)
    with pytest.raises(ExportNotWritten, match="No space left on device"):
        asked(toolbox, "export_report", report="cost_by")
    assert files_of(toolbox) == set()


def test_what_a_killed_process_left_is_swept_and_what_another_is_writing_stays(toolbox: Toolbox) -> None:
    for name in (".unfinished-dead", ".unfinished-alive"):
        (toolbox.exports / name).mkdir(parents=True)
        (toolbox.exports / name / "rows.csv").write_text("half")
    with (toolbox.exports / ".unfinished-alive" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asked(toolbox, "export_report", report="cost_by")
        left = {name for name in files_of(toolbox) if name.startswith(".unfinished")}
    assert left == {".unfinished-alive"}


def test_forgetting_takes_what_was_exported_into_the_home(toolbox: Toolbox) -> None:
    asked(toolbox, "export_report", start="2026-01-01", end="2026-03-01")
    gone = forget(toolbox.cache.home, LIMITS, month="2026-02")
    assert gone.kinds["exports"].count == 2
    assert list(toolbox.exports.iterdir()) == []
