"""What many tests stand on: built caches, a factory of tiny ones, and a bucket of one's own."""

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from finops_mcp.cache.home import Home
from finops_mcp.exports.sample import write_sample
from tests.support.allocation_files import keep_rules
from tests.support.homes import TinyHome, refreshed
from tests.tools.tiny import app_at

os.environ["FINOPS_COUNT_ANSWERS"] = (
    "no"  # homes are shared: what is counted in one test would show in another
)

EXAMPLES = Path(__file__).parents[1] / "examples"
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    """Let the pools of botocore and of the test server end as they do: their sockets close with them."""
    config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")


@contextmanager
def once_per_run(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """Give a folder that all workers of a run share, and whether this one is the first to hold it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = base / name, base / f"{name}.done"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder, not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample organisation, loaded once for all workers: to be read, never refreshed."""
    with once_per_run(tmp_path_factory, "sample") as (folder, first):
        home = Home(folder / "home")
        if first:
            write_sample(folder / "bucket")
            refreshed(home, folder / "bucket")
            home.agreement.write_text((EXAMPLES / "agreement.yaml").read_text())
            home.budgets.write_text((EXAMPLES / "budgets.yaml").read_text())
            keep_rules(home, EXAMPLES / "allocation.yaml")
            home.tag_policy.write_text((EXAMPLES / "tag_policy.yaml").read_text())
            home.drivers.write_text((EXAMPLES / "drivers.csv").read_text())
            app_at(home.path).ledger.look()
    return home


@pytest.fixture(scope="session")
def workshop_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The real sample report of 2018, loaded from bare files; skipped where it is not on this machine."""
    files = SHARED_DATA / "workshop-cur-2018"
    if not files.is_dir():
        pytest.skip(f"needs the real report in {files}, which is not on this machine")
    with once_per_run(tmp_path_factory, "workshop") as (folder, first):
        home = Home(folder / "home")
        if first:
            refreshed(home, files)
    return home


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], TinyHome]:
    """Return a factory: each call makes a new, empty home with an empty folder of exports beside it."""

    def make(name: str = "tiny") -> TinyHome:
        folder = tmp_path_factory.mktemp(name)
        (folder / "bucket").mkdir()
        return TinyHome(Home(folder / "home"), folder / "bucket")

    return make


@dataclass(frozen=True)
class TestBucket:
    """A bucket of one test, on a server of this machine."""

    __test__ = False

    name: str
    endpoint: str
    client: Any

    @property
    def address(self) -> str:
        return f"s3://{self.name}"

    def put_folder(self, folder: Path) -> None:
        """Copy every file of a folder into the bucket, under its path."""
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            key = path.relative_to(folder).as_posix()
            self.client.put_object(Bucket=self.name, Key=key, Body=path.read_bytes())


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """An S3 server on a port of its own, for one worker."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def made_up_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials that open nothing anywhere, and no others."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers the credentials it first saw
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    for proxy in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)


@pytest.fixture
def bucket(s3_server: str, made_up_credentials: None) -> TestBucket:  # noqa: ARG001 - sets the environment
    """A new bucket for one test."""
    name = f"exports-{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=s3_server)
    client.create_bucket(Bucket=name)
    return TestBucket(name, s3_server, client)
