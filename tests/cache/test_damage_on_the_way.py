"""Is nothing ever loaded but what was delivered, wherever its bytes were turned or replaced?"""

import os
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.cache.fetching import Mirror, damaged_files
from finops_mcp.cache.records import Records
from finops_mcp.errors import (
    FileDamaged,
    FinopsError,
    SourceChanged,
    SourceFailed,
)
from finops_mcp.exports.bucket import Bucket
from finops_mcp.exports.storage import open_storage
from tests.support.fault_store import HURRIED
from tests.support.homes import TinyHome, charge, charges, total
from tests.support.stored import Stored

D = Decimal


# ---------------------------------------------------------------- bytes that are not what was delivered


@pytest.mark.parametrize(
    ("offers_checksums", "plain_etags"), [(True, True), (True, False), (False, True)], ids=str
)
@pytest.mark.fault(1)
def test_a_byte_that_is_turned_on_the_way_is_noticed_and_the_file_fetched_again(
    stored: Stored, *, offers_checksums: bool, plain_etags: bool
) -> None:
    stored.store.checksums, stored.store.plain_etags = offers_checksums, plain_etags
    stored.deliver("1")
    stored.store.fails(holds="-00001.", flip=700)
    stored.refresh()
    assert [asked.begins for asked in stored.store.log if "-00001." in asked.key] == [0, 0]
    assert stored.total == D("1.5")


@pytest.mark.fault(1)
def test_bytes_that_are_turned_every_time_are_refused_by_name(stored: Stored) -> None:
    stored.deliver("1")
    stored.refresh()
    stored.deliver("2", execution="second")
    stored.store.fails(holds="-00001.", flip=700, times=99)
    with pytest.raises(SourceFailed, match=r"-00001\.snappy\.parquet could not be fetched"):
        stored.refresh()
    assert stored.total == D("1.5")


def test_a_byte_that_is_turned_in_a_download_in_two_parts_is_noticed(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(holds="-00001.", cut=1000, flip=700)
    stored.refresh()
    # Cut, gone on with, found to be wrong, fetched whole.
    assert [asked.begins for asked in stored.store.log if "-00001." in asked.key] == [0, 1000, 0]
    assert stored.total == D("1.5")


# ---------------------------------------------------------------- delivered anew while it is read


@pytest.mark.fault(9)
def test_a_delivery_that_is_replaced_while_it_is_read_is_read_anew(stored: Stored) -> None:
    stored.deliver("1", create_new=False)
    stored.store.fails(
        holds="-00002.", before=lambda: stored.deliver("2", create_new=False, execution="second")
    )
    stored.refresh()
    assert stored.total == D("2.5")
    assert charges(stored.made.costs()) == 2


@pytest.mark.fault(9)
def test_a_delivery_that_is_replaced_after_it_was_read_is_read_anew(stored: Stored) -> None:
    stored.deliver("1", create_new=False)
    stored.store.fails(kind="LIST", status=500)  # the first listing is asked for twice …
    again = stored.store.fails(kind="LIST", times=0)
    stored.store.fails(
        kind="GET",
        holds="-00002.",
        slow=0.001,
        before=lambda: setattr(again, "times", 1),  # … and the one after the files brings the news
    )
    again.before = lambda: stored.deliver("2", create_new=False, execution="second")
    stored.refresh()
    assert stored.total == D("2.5")


@pytest.mark.fault(9)
def test_a_store_that_never_comes_to_rest_is_given_up(stored: Stored) -> None:
    stored.deliver("0", create_new=False)
    stored.refresh()
    number = iter(range(1, 99))

    def deliver() -> None:
        n = next(number)
        stored.deliver(str(n), create_new=False, execution=f"execution-{n}")

    deliver()
    stored.store.fails(holds="-00001.", before=deliver, times=99)
    with pytest.raises(SourceChanged, match=r"PreconditionFailed \(412\)"):
        stored.refresh()
    assert stored.store.counted("GET", "-00001.") == 3
    assert stored.total == D("0.5")


def test_a_file_that_changes_under_its_manifest_waits_for_the_manifest(stored: Stored) -> None:
    stored.deliver("1", create_new=False)
    stored.refresh()
    manifests = {k: o for k, o in stored.store.objects.items() if k.endswith(".json")}
    stored.deliver("2", create_new=False, execution="second")
    new, stored.store.objects = stored.store.objects, stored.store.objects | manifests
    with pytest.raises(FileDamaged, match=r"the manifest that names it was not written anew"):
        stored.refresh()
    assert stored.total == D("1.5")
    stored.store.objects = new
    stored.refresh()
    assert stored.total == D("2.5")


# ---------------------------------------------------------------- bytes that change on this machine


def turn(path: Path, whole: bytes, at: int) -> None:
    """Turn one bit of a file, and leave its time as it was, as a failing disk does."""
    stat = path.stat()
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def mirrored(made: TinyHome) -> Path:
    """One data file of the mirror."""
    return min(p for p in made.home.mirror.rglob("*1.*") if p.suffix in {".gz", ".parquet"})


@pytest.mark.parametrize("rendering", ["cur2_parquet", "cur2_csv_gz", "legacy_csv_gz"])
def test_a_damaged_mirror_is_refused_by_name_and_then_fetched_anew(stored: Stored, rendering: str) -> None:
    stored.deliver("1", rendering=rendering)
    stored.refresh()
    one, segments = mirrored(stored.made), stored.made.home.segments
    whole = one.read_bytes()
    turn(one, whole, len(whole) // 2)
    (segment,) = segments.iterdir()
    aside = segment.rename(stored.made.home.path / "aside")
    with pytest.raises(FileDamaged, match=re.escape(one.name)):
        stored.refresh()
    assert stored.store.counted("GET") == 0
    aside.rename(segment)
    assert stored.total == D("1.5")
    shutil.rmtree(segment)
    stored.refresh()
    assert stored.store.counted("GET") == 1
    assert one.read_bytes() == whole
    assert stored.total == D("1.5")


@pytest.mark.parametrize("rendering", ["cur2_parquet", "cur2_csv_gz", "legacy_csv_gz"])
@pytest.mark.fault(1)
def test_no_bit_of_the_mirror_turns_unnoticed(stored: Stored, rendering: str) -> None:
    stored.deliver("1", rendering=rendering)
    stored.refresh()
    one = mirrored(stored.made)
    whole, fetched_at = one.read_bytes(), one.stat().st_mtime_ns
    bucket = Bucket("exports", "", stored.store.endpoint, HURRIED)
    listed = next(s for s in bucket.list() if s.key.endswith(one.name))
    with Records(stored.made.home) as records:
        mirror = Mirror(bucket, stored.made.home, records)
        mirror.list()
        assert mirror.bring(listed, lambda _: None) == one
        for at in range(0, len(whole), 53):
            turn(one, whole, at)
            assert damaged_files(stored.made.home) == []  # its size and time are as recorded
            (said,) = damaged_files(stored.made.home, thoroughly=True)
            assert one.name in said
            with pytest.raises(FileDamaged, match=re.escape(one.name)):
                mirror.bring(listed, lambda _: None)
            assert not one.exists()
            one.write_bytes(whole)
            os.utime(one, ns=(fetched_at, fetched_at))
        assert damaged_files(stored.made.home, thoroughly=True) == []
    one.write_bytes(whole[:-1])
    assert [said.partition(": ")[0] for said in damaged_files(stored.made.home)] == [str(one)]


@pytest.mark.parametrize("rendering", ["cur2_parquet", "legacy_parquet", "cur2_csv_gz"])
@pytest.mark.fault(1)
def test_no_bit_of_a_loaded_file_of_a_folder_turns_unnoticed(
    tiny_home: Callable[[], TinyHome], rendering: str
) -> None:
    """Nothing was fetched, so its own record is all there is to hold it against."""
    made = tiny_home()
    made.deliver([charge("1")], rendering=rendering)
    made.refresh()
    (one,) = (p for p in made.bucket.rglob("*") if p.suffix in {".gz", ".parquet"})
    whole = one.read_bytes()
    folder = open_storage(str(made.bucket))
    with Records(made.home) as records:
        mirror = Mirror(folder, made.home, records)
        (listed,) = (s for s in mirror.list() if s.key.endswith(one.name))
        for at in range(0, len(whole), 53):
            turn(one, whole, at)
            (said,) = damaged_files(made.home, thoroughly=True)
            assert str(one) in said
            with pytest.raises(FileDamaged, match=re.escape(one.name)):
                mirror.bring(listed, lambda _: None)
        turn(one, whole[:-1] + bytes([whole[-1] ^ 4]), len(whole) - 1)  # as it was
        assert mirror.bring(listed, lambda _: None) == one
    assert damaged_files(made.home, thoroughly=True) == []


@pytest.mark.parametrize("same_time", [True, False])
def test_a_file_of_a_folder_that_turns_is_refused_until_it_is_put_right(
    tiny_home: Callable[[], TinyHome], *, same_time: bool
) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    (one,) = made.bucket.rglob("*.parquet")
    whole = one.read_bytes()
    if same_time:
        turn(one, whole, len(whole) // 2)
        (segment,) = made.home.segments.iterdir()
        segment = segment.rename(made.home.path / "aside")
    else:
        one.write_bytes(whole[:-1] + b"?")
    with pytest.raises(FileDamaged, match=re.escape(one.name)):
        made.refresh()
    if same_time:
        segment.rename(made.home.segments / next(iter(made.costs().opened.segments()))[1].name)
    assert total(made.costs()) == D(1)
    one.write_bytes(whole)  # copied again: another time, the same bytes
    made.refresh()
    assert total(made.costs()) == D(1)
    assert len(list(made.home.mirror.rglob("*"))) == 0


@pytest.mark.parametrize("rendering", ["cur2_parquet", "cur2_csv_gz"])
@pytest.mark.fault(2, 3)
def test_an_object_that_is_cut_anywhere_is_refused_by_name(stored: Stored, rendering: str) -> None:
    stored.deliver("1", rendering=rendering)
    stored.refresh()
    stored.deliver("2", rendering=rendering, execution="second")
    key = max(k for k in stored.store.objects if "-00001." in k)
    whole = stored.store.objects[key].body
    for percent in (1, 50, 99):  # every percent is cut in the tests of archives
        stored.store.put(key, whole[: len(whole) * percent // 100])
        with pytest.raises(FinopsError, match="-00001"):
            stored.refresh()
        assert stored.total == D("1.5")
