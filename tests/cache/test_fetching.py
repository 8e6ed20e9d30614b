"""Is only what changed fetched, whatever the store does, and what it took remembered?"""

import gzip
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache import fetching, history
from finops_mcp.cache.records import Records
from finops_mcp.errors import (
    FileMissing,
    NoDataYet,
    SourceFailed,
    SourceForbidden,
    SourceNotFound,
)
from finops_mcp.exports.bucket import Bucket
from tests.support.fault_store import HURRIED
from tests.support.stored import FEBRUARY, JANUARY, Stored

D = Decimal


# ---------------------------------------------------------------- only what changed


def test_a_refresh_with_nothing_new_lists_once_and_gets_nothing(stored: Stored) -> None:
    for month in (JANUARY, FEBRUARY):
        stored.deliver("1", month, export="one")
        stored.deliver("2", month, export="two")
    assert stored.refresh().loaded == 4
    before = stored.made.generation
    again = stored.refresh()
    assert [(asked.kind, asked.key) for asked in stored.store.log] == [("LIST", "")]
    assert (again.loaded, again.published, again.generation.name) == (0, False, before)
    assert stored.made.generation == before


def test_a_month_that_changes_is_fetched_and_no_other(stored: Stored) -> None:
    stored.deliver("1", JANUARY)
    stored.deliver("2", FEBRUARY)
    stored.refresh()
    assert stored.total == D(4)
    stored.deliver("3", JANUARY, execution="second")
    assert stored.refresh().loaded == 1
    got = [asked.key for asked in stored.store.log if asked.kind == "GET"]
    assert len(got) == 3  # a manifest and two files
    assert all("2026-01" in key for key in got)
    # Listed before, and after what was fetched: nothing was delivered meanwhile.
    assert stored.store.counted("LIST") == 2
    assert stored.total == D(6)


def test_a_listing_of_several_pages_is_read_to_its_end(stored: Stored) -> None:
    stored.deliver("1", JANUARY)
    stored.deliver("2", FEBRUARY)
    stored.store.page = 2
    assert stored.refresh().deliveries == 2
    stored.refresh()
    pages = -(-len(stored.store.objects) // 2)
    assert [asked.kind for asked in stored.store.log] == ["LIST"] * pages


def test_another_source_or_another_set_of_exports_is_published(stored: Stored) -> None:
    stored.deliver("1", JANUARY)
    stored.deliver("2", FEBRUARY)
    stored.refresh()
    for key in [k for k in stored.store.objects if "2026-02" in k]:
        del stored.store.objects[key]
    gone = stored.refresh()
    assert (gone.loaded, gone.published) == (0, True)
    assert stored.total == D("1.5")


# ---------------------------------------------------------------- a store that stumbles


@pytest.mark.parametrize("kind", ["LIST", "GET"])
@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (500, "InternalError")])
@pytest.mark.fault(11)
def test_a_busy_store_is_asked_again(stored: Stored, kind: str, status: int, code: str) -> None:
    stored.deliver("1")
    stored.store.fails(kind=kind, status=status, code=code, times=3)
    stored.refresh()
    assert stored.total == D("1.5")


@pytest.mark.fault(11)
def test_a_store_that_stays_busy_is_given_up_and_the_old_generation_serves(stored: Stored) -> None:
    stored.deliver("1")
    stored.refresh()
    stored.deliver("2", execution="second")
    stored.store.fails(status=503, code="SlowDown", times=99, holds=".parquet")
    with pytest.raises(SourceFailed, match=r"SlowDown \(503\)"):
        stored.refresh()
    # Two files at HURRIED's four tries each at most, one after the other: the first refused ends it.
    assert stored.store.counted("GET", ".parquet") == HURRIED.tries
    assert stored.total == D("1.5")


@pytest.mark.parametrize(
    ("kind", "holds", "action"),
    [("LIST", "", "s3:ListBucket"), ("GET", "Manifest", "s3:GetObject"), ("GET", ".parquet", "s3:GetObject")],
)
@pytest.mark.fault(10)
def test_what_is_forbidden_is_asked_once_and_the_permission_named(
    stored: Stored, kind: str, holds: str, action: str
) -> None:
    stored.deliver("1")
    stored.refresh()
    stored.deliver("2", execution="second")
    stored.store.fails(kind=kind, holds=holds, status=403, code="AccessDenied", times=99)
    with pytest.raises(SourceForbidden, match=action):
        stored.refresh()
    assert stored.store.counted(kind, holds) == 1
    assert stored.total == D("1.5")


def test_a_clock_that_is_off_is_not_taken_for_a_missing_permission(stored: Stored) -> None:
    stored.store.fails(kind="LIST", status=403, code="RequestTimeTooSkewed", times=99)
    with pytest.raises(SourceFailed, match="the clock of this machine"):
        stored.refresh()


@pytest.mark.parametrize("days", [-1, 1])
@pytest.mark.fault(16)
def test_a_clock_that_is_a_day_off_changes_no_figure_and_fetches_nothing_again(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    stored.deliver("1")
    stored.refresh()

    class Off(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Off":
            return super().now(tz) + timedelta(days=days)

    for module in (fetching, history):
        monkeypatch.setattr(module, "datetime", Off)
    assert not stored.refresh().published
    assert stored.store.counted("GET") == 0
    stored.deliver("2", execution="second")
    stored.refresh()
    assert stored.total == D("2.5")
    with Records(stored.made.home) as records:
        assert all(0 <= refresh.seconds < 600 for refresh in records.refreshes())


def test_an_object_that_is_gone_is_asked_once(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(holds="-00002.", status=404, code="NoSuchKey", times=99)
    with pytest.raises(SourceNotFound, match=r"no such object: .*-00002\."):
        stored.refresh()
    assert stored.store.counted("GET", "-00002.") == 1
    with pytest.raises(NoDataYet):
        stored.made.costs()


@pytest.mark.fault(8)
def test_a_manifest_that_names_a_missing_file_leaves_the_month_as_it_was(stored: Stored) -> None:
    stored.deliver("1")
    stored.refresh()
    stored.deliver("2", execution="second")
    lost = max(k for k in stored.store.objects if k.endswith("-00002.snappy.parquet"))
    del stored.store.objects[lost]
    with pytest.raises(FileMissing, match="The month is not loaded in part"):
        stored.refresh()
    assert stored.store.counted("GET", ".parquet") == 0
    assert stored.total == D("1.5")


@pytest.mark.fault(12)
def test_a_body_that_ends_early_is_gone_on_with_where_it_ended(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(holds="-00001.", cut=1000)
    stored.refresh()
    begun = [asked.begins for asked in stored.store.log if "-00001." in asked.key]
    assert begun == [0, 1000]
    assert stored.total == D("1.5")
    key = stored.key("-00001.snappy.parquet")
    mirrored = stored.made.home.mirror / stored.store.bucket / key
    assert mirrored.read_bytes() == stored.store.objects[key].body
    assert mirrored.stat().st_mode & 0o077 == 0
    assert not list(stored.made.home.mirror.rglob(".*"))


@pytest.mark.fault(12)
def test_a_body_that_stalls_is_given_up_and_gone_on_with(stored: Stored, tmp_path: Path) -> None:
    body = bytes(range(256)) * 1200
    stored.store.put("large", body)
    stored.store.fails(holds="large", stall=200_000)
    bucket = Bucket("exports", "", stored.store.endpoint, HURRIED)
    arrived: list[int] = []
    (listed,) = bucket.list()
    path = bucket.fetch(listed, tmp_path, arrived.append).path
    assert path.read_bytes() == body
    # Blocks of 65,536 bytes: three of them were whole when the store fell silent.
    assert [asked.begins for asked in stored.store.log if asked.kind == "GET"] == [0, 196_608]
    assert sum(arrived) == len(body)


@pytest.mark.parametrize("offers_checksums", [True, False])
@pytest.mark.fault(12)
def test_wherever_a_body_is_cut_the_whole_arrives(
    stored: Stored, tmp_path: Path, *, offers_checksums: bool
) -> None:
    stored.store.checksums = offers_checksums
    body = gzip.compress(bytes(range(256)) * 40, mtime=0)
    stored.store.put("x.csv.gz", body)
    bucket = Bucket("exports", "", stored.store.endpoint, HURRIED)
    (listed,) = bucket.list()
    for percent in range(1, 100):
        stored.store.fails(cut=len(body) * percent // 100)
        path = bucket.fetch(listed, tmp_path / str(percent), lambda _: None).path
        assert path.read_bytes() == body
    begun = [asked.begins for asked in stored.store.log if asked.kind == "GET"]
    assert begun[1::2] == [len(body) * percent // 100 for percent in range(1, 100)]


def test_when_one_delivery_fails_the_others_are_not_waited_for(stored: Stored) -> None:
    stored.deliver("1", JANUARY)
    stored.deliver("2", FEBRUARY)
    stored.store.fails(holds="/data/BILLING_PERIOD=2026-01", status=403, code="AccessDenied", times=99)
    stored.store.fails(holds="/data/BILLING_PERIOD=2026-02", slow=0.3, times=2)
    with pytest.raises(SourceForbidden):
        stored.refresh()
    assert list(stored.made.home.segments.iterdir()) == []


def test_what_one_refresh_has_received_the_next_does_not_ask_for(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(holds="-00001.", cut=1000)
    stored.store.fails(holds="-00001.", status=403, code="AccessDenied")
    with pytest.raises(SourceForbidden):
        stored.refresh()
    stored.refresh()
    begun = [(asked.kind, asked.begins) for asked in stored.store.log if "-00001." in asked.key]
    # The checksum of the whole comes with no part of it: it is asked for apart.
    assert begun == [("GET", 1000), ("HEAD", 0)]
    assert stored.total == D("1.5")


def test_a_cut_download_of_an_older_version_is_not_gone_on_with(stored: Stored) -> None:
    stored.deliver("1", create_new=False)
    stored.store.fails(holds="-00001.", cut=1000)
    stored.store.fails(holds="-00001.", status=403, code="AccessDenied")
    with pytest.raises(SourceForbidden):
        stored.refresh()
    stored.deliver("2", create_new=False, execution="second")
    stored.refresh()
    assert [asked.begins for asked in stored.store.log if "-00001." in asked.key] == [0]
    assert stored.total == D("2.5")
    assert not list(stored.made.home.mirror.rglob(".*"))


def test_a_slow_store_is_waited_for(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(holds=".parquet", slow=0.05, times=2)
    stored.refresh()
    assert stored.total == D("1.5")
    assert stored.store.counted("GET", ".parquet") == 2


# ---------------------------------------------------------------- what is remembered of it


def test_requests_and_bytes_are_remembered_as_the_store_saw_them(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(kind="LIST", status=503, code="SlowDown")
    stored.refresh()
    seen = {k: stored.store.counted(k) for k in ("LIST", "GET", "HEAD")}
    fetched = sum(len(stored.store.objects[a.key].body) for a in stored.store.log if a.kind == "GET")
    with Records(stored.made.home) as records:
        (of_it,) = records.refreshes()
        assert (
            (of_it.lists, of_it.gets, of_it.heads) == (seen["LIST"], seen["GET"], seen["HEAD"]) == (3, 3, 0)
        )
        assert of_it.received == fetched
        assert (of_it.outcome, of_it.deliveries, of_it.loaded) == ("published", 1, 1)
        assert records.requests_so_far() == {
            "refreshes": 1,
            "lists": 3,
            "gets": 3,
            "heads": 0,
            "received": fetched,
        }
    stored.refresh()
    stored.store.fails(kind="LIST", status=403, code="AccessDenied")
    with pytest.raises(SourceForbidden):
        stored.refresh()
    with Records(stored.made.home) as records:
        assert [r.outcome for r in records.refreshes()] == ["failed", "same", "published"]
        assert "s3:ListBucket" in records.refreshes()[0].said
        assert records.requests_so_far()["lists"] == 5
