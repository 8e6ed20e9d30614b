"""Is a bucket read once, mirrored in its own layout, and are its refusals told in our words?"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from finops_mcp.cache.home import Home
from finops_mcp.errors import FinopsError, NoExportsFound, SourceFailed, SourceForbidden, SourceNotFound
from finops_mcp.exports.bucket import Bucket
from finops_mcp.exports.storage import Folder, Stored, open_storage
from tests.conftest import TestBucket
from tests.support.fault_store import HURRIED
from tests.support.homes import TinyHome, charge, charges, costs_of, refreshed, total

D = Decimal
Make = Callable[[], TinyHome]


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every object that is asked for, by the path that went over the wire."""
    asked: list[str] = []
    plain = boto3.client

    def recording(*given: Any, **how: Any) -> Any:
        client = plain(*given, **how)
        client.meta.events.register(
            "before-call.s3.GetObject", lambda params, **_: asked.append(params["url_path"])
        )
        return client

    monkeypatch.setattr(boto3, "client", recording)
    return asked


def data(paths: list[str]) -> list[str]:
    return [path.rsplit("/", 2)[1] for path in paths if path.endswith((".parquet", ".gz"))]


def test_the_newest_of_three_executions_is_loaded_and_a_fourth_changes_the_figures(
    bucket: TestBucket, tiny_home: Make, fetched: list[str]
) -> None:
    made = tiny_home()
    for number, cost in enumerate(("10", "20", "30"), start=1):
        made.deliver([charge(cost), charge("0.5")], execution=f"execution-{number}", chunks=2)
    bucket.put_folder(made.bucket)
    first = refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert total(made.costs()) == D("30.5")
    assert charges(made.costs()) == 2
    third = "2026-01-05T05:13:47.826Z-execution-3".replace(":", "%3A")
    assert data(fetched) == [third, third]
    assert first.loaded == 1

    made.deliver([charge("40"), charge("0.25")], execution="execution-4", chunks=2)
    bucket.put_folder(made.bucket)
    fetched.clear()
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert total(made.costs()) == D("40.25")
    assert data(fetched) == [third.replace("-3", "-4")] * 2

    fetched.clear()
    again = refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert (again.loaded, again.fetched_bytes) == (0, 0)
    assert data(fetched) == []


def test_files_that_arrived_before_a_failure_are_not_fetched_again(
    bucket: TestBucket, tiny_home: Make, fetched: list[str]
) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("2")], chunks=2)
    bucket.put_folder(made.bucket)
    bad = next(made.bucket.rglob("*-00002.snappy.parquet")).relative_to(made.bucket).as_posix()
    whole = (made.bucket / bad).read_bytes()
    bucket.client.put_object(Bucket=bucket.name, Key=bad, Body=whole[:-9])
    with pytest.raises(FinopsError, match="cannot be read whole"):
        refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert len(data(fetched)) == 2
    bucket.client.put_object(Bucket=bucket.name, Key=bad, Body=whole)
    fetched.clear()
    refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
    assert [path.rsplit("/", 1)[1] for path in fetched if path.endswith(".parquet")] == [
        "sample-00002.snappy.parquet"
    ]
    assert total(made.costs()) == D(3)


def test_an_object_overwritten_in_place_is_fetched_anew(bucket: TestBucket, tiny_home: Make) -> None:
    made = tiny_home()
    for cost in ("1", "2"):  # the same names, the same sizes
        made.deliver([charge(cost)], create_new=False, execution=f"execution-{cost}")
        bucket.put_folder(made.bucket)
        refreshed(made.home, bucket.address, endpoint=bucket.endpoint)
        assert total(made.costs()) == D(cost)


def test_the_mirror_keeps_the_layout_of_the_bucket(bucket: TestBucket, tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    bucket.put_folder(made.bucket)
    refreshed(made.home, f"{bucket.address}/exports/", endpoint=bucket.endpoint)
    key = next(made.bucket.rglob("*.parquet")).relative_to(made.bucket)
    assert (made.home.mirror / bucket.name / key).read_bytes() == (made.bucket / key).read_bytes()
    assert made.home.remembered_source() == f"{bucket.address}/exports"


def test_a_prefix_with_slashes_of_its_own_is_read_and_mirrored_inside(
    bucket: TestBucket, tiny_home: Make
) -> None:
    made = tiny_home()
    made.deliver([charge("5")], rendering="legacy_csv_gz")
    for path in (p for p in made.bucket.rglob("*") if p.is_file()):
        key = path.relative_to(made.bucket).as_posix().replace("exports/", "exports//", 1)
        text = path.read_bytes()
        body = text.replace(b'"exports/', b'"exports//') if path.suffix == ".json" else text
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body)
    refreshed(made.home, f"{bucket.address}/exports", endpoint=bucket.endpoint)
    assert total(made.costs()) == D(5)
    (mirrored,) = made.home.mirror.rglob("*.gz")
    assert mirrored.is_relative_to(made.home.mirror / bucket.name / "exports")


@pytest.mark.parametrize("key", ["../../x.parquet", "a/../../../x.parquet", "a/..", "a\0b"])
@pytest.mark.fault(30)
def test_no_key_leads_out_of_the_mirror(key: str, tmp_path: Path) -> None:
    storage = Bucket("exports", "prefix", "http://127.0.0.1:1")
    with pytest.raises(SourceFailed, match="its key leads out of the mirror"):
        storage.fetch(Stored(key, 1, "v"), tmp_path / "mirror", lambda _: None)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("key", ["/etc/x.parquet", "//x.parquet", "./x.parquet"])
@pytest.mark.fault(30)
def test_a_key_is_a_place_below_its_bucket(key: str, tmp_path: Path) -> None:
    storage = Bucket("exports", "prefix", "")
    assert storage.lies_at(key, tmp_path).is_relative_to(tmp_path / "exports" / "prefix")


def test_a_bucket_that_is_not_there(bucket: TestBucket, tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="There is no such bucket: s3://no-such-bucket-here"):
        refreshed(Home(tmp_path), "s3://no-such-bucket-here/x", endpoint=bucket.endpoint)


def test_a_prefix_without_exports(bucket: TestBucket, tmp_path: Path) -> None:
    with pytest.raises(NoExportsFound, match=r"0 file\(s\) seen"):
        refreshed(Home(tmp_path), f"{bucket.address}/nothing", endpoint=bucket.endpoint)


def test_an_address_without_a_bucket(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="names no bucket"):
        refreshed(Home(tmp_path), "s3://")


@contextmanager
def store_that_says(*, status: int, code: str = "", body: bytes = b"", length: int = 0) -> Iterator[str]:
    """Stand in for a store that answers everything in one way."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = body or f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(length or len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def served(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver([charge("7")])
    made.refresh()
    return made


@pytest.mark.usefixtures("made_up_credentials")
def test_a_bucket_that_refuses_names_the_permission_and_changes_nothing(tiny_home: Make) -> None:
    made = served(tiny_home)
    with (
        store_that_says(status=403, code="AccessDenied") as endpoint,
        pytest.raises(SourceForbidden, match=r"Access to s3://locked/x was refused \(403\).* s3:ListBucket"),
    ):
        refreshed(made.home, "s3://locked/x", endpoint=endpoint)
    assert total(made.costs()) == D(7)
    assert made.home.remembered_source() == str(made.bucket)


@pytest.mark.usefixtures("made_up_credentials")
def test_an_object_that_is_refused_names_the_permission_to_read_it(tmp_path: Path) -> None:
    with store_that_says(status=403, code="AccessDenied") as endpoint:
        storage = Bucket("locked", "", endpoint)
        with pytest.raises(SourceForbidden, match=r"s3://locked/a/b.parquet .* s3:GetObject"):
            storage.fetch(Stored("a/b.parquet", 3, "v"), tmp_path, lambda _: None)


@pytest.mark.usefixtures("made_up_credentials")
def test_a_download_that_is_cut_short_is_no_file(tmp_path: Path) -> None:
    with store_that_says(status=200, body=b"PAR1", length=4000) as endpoint:
        storage = Bucket("exports", "", endpoint, HURRIED)
        with pytest.raises(SourceFailed, match=r"s3://exports/x\.parquet could not be fetched"):
            storage.fetch(Stored("x.parquet", 4000, "v"), tmp_path, lambda _: None)
    assert not list(tmp_path.rglob("x.parquet"))


@pytest.mark.usefixtures("made_up_credentials")
def test_a_download_of_another_size_is_no_file(tmp_path: Path) -> None:
    with store_that_says(status=200, body=b"PAR1") as endpoint:
        storage = Bucket("exports", "", endpoint)
        with pytest.raises(SourceFailed, match="the download was cut short"):
            storage.fetch(Stored("x.parquet", 4000, "v"), tmp_path, lambda _: None)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


@pytest.mark.usefixtures("made_up_credentials")
def test_an_object_that_changed_since_it_was_listed_is_not_taken(tmp_path: Path) -> None:
    with store_that_says(status=412, code="PreconditionFailed") as endpoint:
        storage = Bucket("exports", "", endpoint)
        with pytest.raises(SourceFailed, match=r"the store answered PreconditionFailed \(412\)"):
            storage.fetch(Stored("x.parquet", 4, "v"), tmp_path, lambda _: None)


@pytest.mark.usefixtures("made_up_credentials")
def test_an_endpoint_that_is_no_address(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="s3://exports could not be fetched"):
        refreshed(Home(tmp_path), "s3://exports", endpoint="not an address")


@pytest.mark.usefixtures("made_up_credentials")
def test_without_credentials_the_refusal_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(SourceForbidden, match="no credentials were found"):
        refreshed(Home(tmp_path), "s3://exports", endpoint="http://127.0.0.1:1")


def test_a_folder_is_read_where_it_lies(tiny_home: Make, tmp_path: Path) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    storage = open_storage(str(made.bucket))
    assert isinstance(storage, Folder)
    (stored,) = [s for s in storage.list() if s.key.endswith(".parquet")]
    assert storage.fetch(stored, tmp_path, lambda _: None).path == made.bucket / stored.key
    made.refresh()
    assert not list(made.home.mirror.iterdir())


def test_one_file_given_by_its_path_is_a_bare_delivery(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    refreshed(made.home, next(made.bucket.rglob("*.parquet")))
    assert total(costs_of(made.home)) == D(1)
    assert [p.layout for p in costs_of(made.home).opened.periods] == ["bare"]
