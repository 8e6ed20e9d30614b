"""Is nothing of what was downloaded readable in a mirror that has a key, and is every answer the same?"""

import base64
import gzip
import os
import secrets
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pytest

from finops_mcp.cache.fetching import damaged_files
from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.home import Home
from finops_mcp.cache.mirror_files import Lying, MirrorFiles
from finops_mcp.cache.refresh import Refreshed, Refresher
from finops_mcp.errors import FileDamaged, FileUnreadable, MirrorKeyUnusable, MirrorSealed, SourceForbidden
from finops_mcp.exports.sealed import CHUNK, sealed_size
from finops_mcp.settings import KeyPlace
from tests.conftest import TestBucket
from tests.support.fault_store import HURRIED, FaultStore
from tests.support.homes import LIMITS, TinyHome, charge, costs_of, total
from tests.support.killing import answers
from tests.support.stored import FEBRUARY, JANUARY, YEAR, Stored
from tests.surfaces.serving import run

D = Decimal
Make = Callable[[], TinyHome]
KEY = KeyPlace("env", "A_KEY", secrets.token_hex(32))
OTHER = KeyPlace("env", "ANOTHER", secrets.token_hex(32))
NONE = KeyPlace()
RENDERINGS = ["cur2_parquet", "cur2_csv_gz", "legacy_csv_zip", "legacy_parquet"]


def refreshed(home: Home, address: str, endpoint: str, key: KeyPlace = KEY) -> Refreshed:
    refresher = Refresher(home, LIMITS, s3_endpoint=endpoint, patience=HURRIED, mirror_key=key)
    return refresher.refresh(address)


def at(stored: Stored, key: KeyPlace = KEY) -> Refreshed:
    stored.store.log.clear()
    return refreshed(stored.made.home, stored.store.address, stored.store.endpoint, key)


@dataclass(frozen=True)
class Marked:
    """Charges that are known again wherever they lie: two long random markers in each."""

    resource: str = field(default_factory=lambda: secrets.token_hex(32))
    tag: str = field(default_factory=lambda: secrets.token_hex(32))

    def rows(self, month: date = JANUARY, number: int = 1) -> list[dict[str, Any]]:
        tags = {"user_owner": self.tag}
        return [
            charge(
                "1.25",
                month,
                line_item_resource_id=f"{self.resource}-{n}-{secrets.token_hex(40)}",
                resource_tags=tags,
            )
            for n in range(number)
        ]

    def found_in(self, folder: Path) -> list[str]:
        """Find the files that hold a marker: in their bytes, or in what every reader makes of them."""
        files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
        return [str(p.relative_to(folder)) for p in files if self._is_in(p)]

    def _is_in(self, path: Path) -> bool:
        readings = [path.read_bytes(), _unpacked(path), _by_column(path)]
        return any(m.encode() in r for r in readings for m in (self.resource, self.tag))


def _unpacked(path: Path) -> bytes:
    whole = b""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return b"".join(archive.read(name) for name in archive.namelist())
        with gzip.open(path) as packed:
            while block := packed.read1():
                whole += block
    except (OSError, EOFError, ValueError):
        pass  # what is cut short holds what came before
    return whole


def _by_column(path: Path) -> bytes:
    try:
        return str(duckdb.execute(f"from read_parquet('{path}')").fetchall()).encode()
    except duckdb.Error:
        return b""


# ---------------------------------------------------------------- nothing readable, and the same answers


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_no_file_of_a_sealed_mirror_holds_what_was_delivered_and_all_answers_are_the_same(
    rendering: str, bucket: TestBucket, tiny_home: Make
) -> None:
    marked, plain, sealed = Marked(), tiny_home(), tiny_home()
    for month in (JANUARY, FEBRUARY):
        plain.deliver(marked.rows(month, 3), month, rendering=rendering, chunks=2)
    bucket.put_folder(plain.bucket)
    refreshed(plain.home, bucket.address, bucket.endpoint, NONE)
    refreshed(sealed.home, bucket.address, bucket.endpoint)
    data = [p for p in plain.home.mirror.rglob("*") if p.is_file() and p.suffix != ".json"]
    assert len(marked.found_in(plain.home.mirror)) == len(data) == 4, "else the search would prove nothing"
    assert marked.found_in(sealed.home.mirror) == []
    assert Lying.of(plain.home).sealed == Lying.of(sealed.home).plain == 0
    assert Lying.of(sealed.home).sealed == Lying.of(plain.home).plain
    assert list(sealed.home.spill.iterdir()) == []
    assert marked.found_in(sealed.home.segments)  # as the documents say
    assert answers(sealed.home) == answers(plain.home)
    assert answers(sealed.home)["billed"] == D("7.5")  # 2 months of 3 charges of 1.25
    own = costs_of(sealed.home).free_sql("select distinct left(line_item_resource_id, 64) from cur").rows
    assert [list(row) for row in own] == [[marked.resource]]
    again = refreshed(sealed.home, bucket.address, bucket.endpoint)
    assert (again.loaded, again.published) == (0, False)


def test_bare_files_that_are_the_same_are_noticed_though_no_two_look_the_same(
    bucket: TestBucket, tiny_home: Make
) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    (data,) = made.bucket.rglob("*.parquet")
    for name in ("a.parquet", "b.parquet"):
        bucket.client.put_object(Bucket=bucket.name, Key=name, Body=data.read_bytes())
    with pytest.raises(FileUnreadable, match=r"the same file as a\.parquet"):
        refreshed(made.home, bucket.address, bucket.endpoint)


def test_a_folder_is_read_where_it_lies_and_not_copied(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    refreshed(made.home, str(made.bucket), "")
    assert not list(made.home.mirror.iterdir())
    assert not list(made.home.segments.rglob("unsealed-*"))


# ---------------------------------------------------------------- downloads that are cut


def large(store: FaultStore) -> tuple[str, int]:
    """Find the one data file of a store, which is to have more than two chunks."""
    key, kept = next((k, o) for k, o in store.objects.items() if k.endswith(".parquet"))
    assert len(kept.body) > 2 * CHUNK + 1000
    return key, len(kept.body)


def deliver_large(stored: Stored, marked: Marked) -> tuple[str, int]:
    stored.made.deliver(marked.rows(number=33_000))
    stored.store.put_folder(stored.made.bucket)
    return large(stored.store)


def test_what_is_left_of_a_cut_download_is_sealed_and_gone_on_with_behind_its_last_whole_chunk(
    stored: Stored,
) -> None:
    marked = Marked()
    key, size = deliver_large(stored, marked)
    stored.store.fails(holds=key, cut=2 * CHUNK + 700)
    stored.store.fails(holds=key, status=403, code="AccessDenied")
    with pytest.raises(SourceForbidden):
        at(stored, NONE)
    (part,) = stored.made.home.mirror.rglob(".*.part")
    assert part.stat().st_size == 2 * CHUNK + 700
    assert marked.resource.encode() in part.read_bytes(), "else the search would prove nothing"

    stored.store.fails(holds=key, cut=2 * CHUNK + 700)
    stored.store.fails(holds=key, status=403, code="AccessDenied")
    with pytest.raises(SourceForbidden):
        at(stored)
    (part,) = stored.made.home.mirror.rglob(".*.part")
    assert part.name.endswith(".sealed.part")
    assert 2 * CHUNK < part.stat().st_size < 2 * CHUNK + 700
    assert marked.resource.encode() not in part.read_bytes()

    at(stored)
    begun = [(a.kind, a.begins) for a in stored.store.log if a.key == key]
    assert begun == [("GET", 2 * CHUNK), ("HEAD", 0)]
    lies = stored.made.home.mirror / stored.store.bucket / key
    assert lies.stat().st_size == sealed_size(size)
    assert not list(stored.made.home.mirror.rglob(".*"))
    assert stored.total == D("1.25") * 33_000


def test_a_body_that_is_cut_is_gone_on_with_at_the_very_byte_by_the_same_process(stored: Stored) -> None:
    stored.deliver("1")
    stored.store.fails(holds="-00001.", cut=1000)
    at(stored)
    assert [a.begins for a in stored.store.log if a.kind == "GET" and "-00001." in a.key] == [0, 1000]
    assert stored.total == D("1.5")


def test_a_chunk_that_was_turned_on_the_disk_meanwhile_is_fetched_again(stored: Stored) -> None:
    key, _ = deliver_large(stored, Marked())
    stored.store.fails(holds=key, cut=2 * CHUNK)
    stored.store.fails(holds=key, status=403, code="AccessDenied")
    with pytest.raises(SourceForbidden):
        at(stored)
    (part,) = stored.made.home.mirror.rglob(".*.part")
    turn(part, 1000)
    at(stored)
    assert [a.begins for a in stored.store.log if a.kind == "GET" and a.key == key] == [2 * CHUNK, 0]
    assert stored.total == D("1.25") * 33_000


@pytest.mark.parametrize("offers_checksums", [True, False])
def test_what_is_turned_on_the_way_is_noticed(stored: Stored, *, offers_checksums: bool) -> None:
    stored.store.checksums = offers_checksums
    stored.deliver("1")
    stored.store.fails(holds="-00001.", flip=700)
    at(stored)
    assert [a.begins for a in stored.store.log if a.kind == "GET" and "-00001." in a.key] == [0, 0]
    assert stored.total == D("1.5")


KILLED = """
import os, signal, sys
from pathlib import Path
from finops_mcp.cache import fetching, loads
from finops_mcp.cache.home import Home
from finops_mcp.cache.refresh import Refresher
from finops_mcp.exports import partial
from finops_mcp.settings import KeyPlace
from tests.support.homes import LIMITS
home, source, endpoint, kind, text, point = sys.argv[1:]
key = KeyPlace(kind, "A", text)
def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
if point == "while it arrives":
    for each in (partial.PlainPartial, partial.SealedPartial):
        real = each.write
        def write(self, block, real=real):
            real(self, block)
            if self.size > 1_500_000:
                die()
        each.write = write
elif point == "as it has arrived":
    fetching.Mirror._note = lambda self, stored, *_: stored.key.endswith(".parquet") and die()
else:
    loads.load_apart = die
Refresher(Home(Path(home)), LIMITS, s3_endpoint=endpoint, mirror_key=key).refresh(source)
"""


@pytest.mark.parametrize("point", ["while it arrives", "as it has arrived", "before it is loaded"])
def test_a_refresh_that_is_killed_leaves_nothing_readable_in_the_mirror(point: str, stored: Stored) -> None:
    marked = Marked()
    deliver_large(stored, marked)
    store, home = stored.store, stored.made.home
    for key in (NONE, KEY):
        program = [sys.executable, "-c", KILLED, str(home.path), store.address, store.endpoint]
        done = subprocess.run([*program, key.kind, key.text, point], check=False, capture_output=True)
        assert done.returncode == -signal.SIGKILL, done.stderr
        left = [p for p in home.mirror.rglob("*") if p.is_file()]
        assert left
        if key is NONE:
            holding = [p for p in left if marked.resource.encode() in p.read_bytes()]
            assert len(holding) == 1, "else the search would prove nothing"
            for path in left:
                path.unlink()
    assert Lying.of(home).plain == 0
    assert marked.found_in(home.mirror) == []
    at(stored)
    assert stored.total == D("1.25") * 33_000


# ---------------------------------------------------------------- keys that are missing, wrong or new


@pytest.mark.fault(28)
def test_a_sealed_mirror_does_not_go_on_without_its_key_and_answers_stay(stored: Stored) -> None:
    stored.deliver("1")
    at(stored)
    stored.deliver("2", execution="second")
    for key, said in ((NONE, "no key is given"), (OTHER, "not with the key of env:ANOTHER")):
        with pytest.raises(MirrorSealed, match=f"{said}.*FINOPS_MIRROR_KEY.*remove the folder"):
            at(stored, key)
        assert not stored.store.log  # before anything is asked for
        assert Lying.of(stored.made.home).plain == 0
        assert stored.total == D("1.5")
    at(stored)
    assert stored.total == D("2.5")


@pytest.mark.parametrize("key", [NONE, OTHER], ids=["without a key", "with another"])
def test_without_the_folder_a_refresh_goes_on_without_the_key(key: KeyPlace, stored: Stored) -> None:
    stored.deliver("1")
    at(stored)
    for path in stored.made.home.mirror.rglob("*"):
        if path.is_file():
            path.unlink()
    at(stored, key)
    assert (Lying.of(stored.made.home).sealed == 0) == (key is NONE)
    assert answers(stored.made.home)["billed"] == D("1.5")


def test_what_was_downloaded_before_there_was_a_key_is_sealed_where_it_lies_and_not_fetched_again(
    bucket: TestBucket, tiny_home: Make
) -> None:
    marked, made = Marked(), tiny_home()
    made.deliver(marked.rows())
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, bucket.endpoint, NONE)
    before = answers(made.home)
    (data,) = made.home.mirror.rglob("*.parquet")
    for name in (f".{data.name}.damaged", f".{data.name}.0123.part"):
        data.with_name(name).write_bytes(data.read_bytes())
    assert len(marked.found_in(made.home.mirror)) == 3
    received: list[str] = []
    plain = boto3.client

    def counting(*given: Any, **how: Any) -> Any:
        client = plain(*given, **how)
        client.meta.events.register("before-call.s3.GetObject", lambda params, **_: received.append(params))
        return client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "client", counting)
        done = refreshed(made.home, bucket.address, bucket.endpoint)
    assert received == []
    assert done.loaded == 1  # into the cache, whose copy the view `cur` reads now
    assert marked.found_in(made.home.mirror) == []
    assert answers(made.home) == before
    assert damaged_files(made.home) == []
    assert not list(made.home.mirror.rglob(".*"))


def test_a_key_given_to_a_home_that_was_loaded_from_a_folder_changes_nothing(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    refreshed(made.home, str(made.bucket), "", NONE)
    assert not refreshed(made.home, str(made.bucket), "").published


def test_with_a_key_of_kms_a_home_may_be_moved_and_no_part_of_the_key_lies_in_it(
    bucket: TestBucket, tiny_home: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", bucket.endpoint)
    key = KeyPlace("kms", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
    marked, made = Marked(), tiny_home()
    made.deliver(marked.rows())
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, bucket.endpoint, key)
    assert marked.found_in(made.home.mirror) == []
    seal = MirrorFiles.with_key_of(made.home, key).seal
    assert seal is not None
    forms = [seal.key, seal.key.hex().encode(), base64.b64encode(seal.key)]
    files = [p for p in made.home.path.rglob("*") if p.is_file()]
    assert not [p for p in files for form in forms if form in p.read_bytes()]
    moved = Home(made.home.path.rename(made.home.path.with_name("elsewhere")))
    made.deliver(marked.rows(FEBRUARY), FEBRUARY)
    bucket.put_folder(made.bucket)
    assert refreshed(moved, bucket.address, bucket.endpoint, key).loaded == 1
    assert total(costs_of(moved), **YEAR) == D("2.5")
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9")
    with pytest.raises(MirrorKeyUnusable, match="Could not connect"):
        refreshed(moved, bucket.address, bucket.endpoint, key)
    assert total(costs_of(moved), **YEAR) == D("2.5")


# ---------------------------------------------------------------- damage


def turn(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def swap(path: Path) -> None:
    other = next(p for p in path.parent.iterdir() if p.suffix == path.suffix and p != path)
    kept = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(kept)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "its sign": lambda p: turn(p, 3),
    "which key": lambda p: turn(p, 25),
    "its salt": lambda p: turn(p, 40),
    "a chunk": lambda p: turn(p, 200),
    "its tag": lambda p: turn(p, -1),
    "cut short": lambda p: os.truncate(p, p.stat().st_size - 1),
    "cut in its header": lambda p: os.truncate(p, 30),
    "only its header": lambda p: os.truncate(p, 61),
    "exchanged": swap,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_sealed_file_that_was_changed_is_refused_set_aside_and_fetched_anew(
    damage: str, stored: Stored
) -> None:
    stored.deliver("1")
    at(stored)
    stored.deliver("2", FEBRUARY)
    for segment in stored.made.home.segments.iterdir():  # so that the downloaded files are read again
        for path in segment.iterdir():
            path.unlink()
        segment.rmdir()
    one, *_ = sorted(stored.made.home.mirror.rglob("*-00001.*"))
    DAMAGES[damage](one)
    with pytest.raises(FileDamaged, match="It was set aside; refresh again, and it is fetched anew"):
        at(stored)
    assert one.with_name(f".{one.name}.damaged").exists()
    while True:  # of two that were exchanged, the other is met by the next
        try:
            at(stored)
            break
        except FileDamaged:
            assert damage == "exchanged"
    assert total(stored.made.costs(), **YEAR) == D("4")


def test_files_that_do_not_even_say_whose_they_are_are_no_sign_of_another_key(stored: Stored) -> None:
    stored.deliver("1")
    at(stored)
    opening = MirrorFiles.with_key_of(stored.made.home, KEY)
    for path in stored.made.home.mirror.rglob("*"):
        if path.is_file():
            os.truncate(path, 30)
    opening.check()
    one, *_ = stored.made.home.mirror.rglob("*.parquet")
    one.write_bytes(b"finops-duck sealed 1\n" + bytes(40))
    with pytest.raises(MirrorSealed):
        opening.check()


def test_a_manifest_that_does_not_open_is_fetched_again(stored: Stored) -> None:
    stored.deliver("1")
    at(stored)
    (manifest,) = stored.made.home.mirror.rglob("*-Manifest.json")
    turn(manifest, -1)
    assert not at(stored).published
    assert stored.store.counted("GET") == 1
    at(stored)
    assert stored.store.counted("GET") == 0


def test_the_damaged_are_named_as_far_as_they_can_be_told(stored: Stored) -> None:
    stored.deliver("1")
    at(stored)
    home = stored.made.home
    assert damaged_files(home) == []
    opening = MirrorFiles.with_key_of(home, KEY)
    assert damaged_files(home, thoroughly=True, files=opening) == []
    with pytest.raises(MirrorSealed, match="no key is given"):
        damaged_files(home, thoroughly=True)
    one, two = sorted(home.mirror.rglob("*.parquet"))
    turn(one, 200)
    os.truncate(two, 300)
    said = damaged_files(home, thoroughly=True, files=opening)
    assert [s.partition(": ")[0] for s in said] == [str(one), str(two)]
    size = len(stored.store.objects[stored.key("-00002.snappy.parquet")].body)
    assert f": 300 bytes, and {sealed_size(size)}" in said[1]


# ---------------------------------------------------------------- forgetting


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_an_account_is_forgotten_in_a_sealed_mirror_too(
    rendering: str, bucket: TestBucket, tiny_home: Make
) -> None:
    made, lost, kept = tiny_home(), "111122223333", "215530417762"
    for month in (JANUARY, FEBRUARY):
        rows = [charge("3", month), charge("2", month, line_item_usage_account_id=lost)]
        made.deliver(rows if month == JANUARY else rows[:1], month, rendering=rendering, account=lost)
    bucket.put_folder(made.bucket)
    refreshed(made.home, bucket.address, bucket.endpoint)
    manifests = [p for p in made.home.mirror.rglob("*-Manifest.json") if p.is_file()]
    naming = [p for p in manifests if lost.encode() in MirrorFiles.with_key_of(made.home, KEY).read(p)]
    assert naming, "else nothing is left that names it"
    for key in (NONE, OTHER):
        with pytest.raises(MirrorSealed):
            forget(made.home, LIMITS, account=lost, mirror_key=key)
    gone = forget(made.home, LIMITS, account=lost, mirror_key=KEY)
    assert gone.count("charges") == 1
    assert gone.still_named_in == []
    assert not any(p.exists() for p in naming)
    assert list(made.home.spill.iterdir()) == []
    refreshed(made.home, bucket.address, bucket.endpoint)
    assert total(made.costs(), **YEAR) == D("6")
    own = made.costs().free_sql("select distinct line_item_usage_account_id from cur").rows
    assert [list(row) for row in own] == [[kept]]


# ---------------------------------------------------------------- as a person meets it


@pytest.mark.fault(28)
def test_the_command_leaves_with_one_line_and_doctor_says_how_it_lies(stored: Stored, tmp_path: Path) -> None:
    stored.deliver("1")
    home, store = stored.made.home, stored.store
    path = tmp_path / "key"
    path.write_text(secrets.token_hex(32))
    path.chmod(0o644)
    given = {"FINOPS_S3_ENDPOINT": store.endpoint, "FINOPS_MIRROR_KEY": f"file:{path}"}

    def refusal(**settings: str) -> str:
        done = run("refresh", "--from", store.address, home=home.path, **settings)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        assert len(lines) == 1
        assert path.read_text() not in done.stderr
        return lines[0]

    def encryption(**settings: str) -> str:
        said = run("doctor", home=home.path, **settings).stdout
        return next(line for line in said.splitlines() if " encryption: " in line)

    assert "mode 644" in refusal(**given)
    path.chmod(0o600)
    assert run("refresh", "--from", store.address, home=home.path, **given).returncode == 0
    assert encryption(**given).startswith(
        f"ok   encryption: downloaded files are encrypted with AES-256-GCM (3 of them, key file:{path}); the"
        " cache, which has copies of them, and what the engine spills are not encrypted by this program"
    )
    assert "ok   files: " in run("doctor", "--files", home=home.path, **given).stdout
    without = {"FINOPS_S3_ENDPOINT": store.endpoint}
    assert "no key is given" in refusal(**without)
    assert encryption(**without).startswith("FAIL encryption: The downloaded files in ")
    assert "there is no variable A" in refusal(**given | {"FINOPS_MIRROR_KEY": "env:A"})
    assert "not with the key of env:A" in refusal(
        **given | {"FINOPS_MIRROR_KEY": "env:A", "A": secrets.token_hex(32)}
    )
    (home.mirror / "x").write_text("plain")
    assert "FAIL encryption: 1 downloaded files are not encrypted" in encryption(**given)
