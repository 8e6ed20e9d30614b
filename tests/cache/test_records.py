"""Is what is remembered beside the cache kept, private, and never in the way of an answer?"""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlite_utils import Database

from finops_mcp.cache.home import Home
from finops_mcp.cache.migrations import migrations
from finops_mcp.cache.records import FileRecord, Records, RefreshRecord, add_answers, records_path
from finops_mcp.cache.refresh import Refresher
from finops_mcp.errors import RecordsUnreadable
from tests.support.homes import LIMITS, TinyHome, charge, total

FILE = FileRecord("s3://b", "k", "v1", 3, "ab", "md5", "/m/b/k", 7, "", "2026-01-01T00:00:00+00:00")
REFRESH = RefreshRecord("2026-01-01T00:00:00+00:00", 1.5, "s3://b", "published", "", 2, 1, 1, 3, 0, 99, "c")


def test_before_the_first_refresh_nothing_is_remembered_and_nothing_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with Records(home) as records:
        assert records.file("s3://b", "k") is None
        assert (records.files(), records.refreshes(), records.last_looked()) == ([], [], None)
        assert set(records.requests_so_far().values()) == {0}
    add_answers(home, {"cost_by": (1, 10)})
    assert not home.path.exists()


def test_a_file_is_remembered_in_its_last_version(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Records(home) as records:
        records.note_file(FILE)
        records.note_file(replace(FILE, version="v2"))
        records.note_file(replace(FILE, key="other"))
    with Records(home) as records:
        assert records.file("s3://b", "k") == replace(FILE, version="v2")
        records.forget_files([("s3://b", "k")])
        assert [f.key for f in records.files()] == ["other"]
    assert records_path(home).stat().st_mode & 0o777 == 0o600


def test_refreshes_are_remembered_newest_first_and_added_up(tmp_path: Path) -> None:
    with Records(Home(tmp_path)) as records:
        records.note_refresh(REFRESH)
        later = replace(REFRESH, began_at="2026-01-02T00:00:00+00:00", outcome="failed", lists=4)
        records.note_refresh(later)
        assert records.refreshes() == [later, REFRESH]
        assert records.requests_so_far() == {
            "refreshes": 2,
            "lists": 5,
            "gets": 6,
            "heads": 0,
            "received": 198,
        }
        assert records.last_looked() == REFRESH.began_at  # the last one that could


def test_records_of_an_older_form_are_read_as_they_are_and_renewed_when_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    older = Database(records_path(home))
    migrations.apply(older, stop_before="m002_refreshes")
    older.close()
    with Records(home) as records:
        assert (records.files(), records.refreshes(), records.answers_so_far()) == ([], [], [])
        records.note_refresh(REFRESH)
        assert records.refreshes() == [REFRESH]
    applied = sqlite3.connect(records_path(home)).execute("select name from _sqlite_migrations order by id")
    assert [name for (name,) in applied] == [
        "m001_files",
        "m002_refreshes",
        "m003_answers",
        "m004_left_by_size",
        "m005_mutes",
        "m006_alerts",
        "m007_ledger",
        "m008_allocation",
        "m009_charged",
    ]


def test_what_was_removed_is_not_readable_in_the_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Records(home) as records:
        for key in ("one-of-the-keys", "another-of-the-keys"):
            records.note_file(replace(FILE, key=key))
        records.forget_files([("s3://b", "one-of-the-keys")])
    assert b"one-of-the-keys" not in records_path(home).read_bytes()
    older = sqlite3.connect(records_path(home))  # as versions before did, which left what they removed
    older.execute("pragma secure_delete = off")
    older.execute("delete from files")
    older.commit()
    older.close()
    assert b"another-of-the-keys" in records_path(home).read_bytes()
    with Records(home) as records:
        records.compact()
    assert b"another-of-the-keys" not in records_path(home).read_bytes()


def test_months_that_left_stay_away_while_no_more_is_kept(tmp_path: Path) -> None:
    with Records(Home(tmp_path)) as records:
        assert records.left_by_size(1) == set()
        records.note_left(["2026-01", "2026-02"], 2)
        records.note_left(["2026-02"], 5)
        found = [records.left_by_size(gigabytes) for gigabytes in (1, 2, 3, 5, 6)]
    both, one = {"2026-01", "2026-02"}, {"2026-02"}
    assert found == [both, both, one, one, set()]


def test_records_that_cannot_be_read_stop_a_refresh_and_no_answer(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    made.deliver([charge("3")])
    made.refresh()
    records_path(made.home).write_bytes(b"not a database, but long enough to look at" * 100)
    made.deliver([charge("4")], execution="second")
    with pytest.raises(RecordsUnreadable, match=r"records\.sqlite cannot be used: file is not a database"):
        made.refresh()
    assert total(made.costs()) == Decimal(3)
    records_path(made.home).unlink()
    made.refresh()
    assert total(made.costs()) == Decimal(4)


def test_answers_are_added_to_those_before(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Records(home) as records:
        records.note_refresh(REFRESH)
    add_answers(home, {"cost_by": (2, 20), "invoices": (1, 10)})
    add_answers(home, {"cost_by": (1, 15)})
    with Records(home) as records:
        told = [(a.tool, a.answers, a.megabytes) for a in records.answers_so_far()]
    assert told == [("cost_by", 3, 35), ("invoices", 1, 10)]


def test_a_refresh_that_fails_is_remembered_with_what_it_said(tiny_home: Callable[[], TinyHome]) -> None:
    made = tiny_home()
    made.deliver([charge("3")])
    made.refresh()
    next(made.bucket.rglob("*Manifest.json")).write_text("{")
    with pytest.raises(Exception, match="cannot be read"):
        Refresher(made.home, LIMITS).refresh()
    with Records(made.home) as records:
        failed, published = records.refreshes()
    assert (failed.outcome, published.outcome) == ("failed", "published")
    assert failed.said.startswith("The manifest ")
    assert published.generation == "cache-000001"
