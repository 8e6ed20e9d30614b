"""Who can read what lies on the disk? What the documents say of it is held here, and no more."""

import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import TestBucket
from tests.support.homes import TinyHome, charge

Make = Callable[[], TinyHome]

OPEN_HANDED = """
import os, sys
os.umask(0)
from pathlib import Path
from finops_mcp.cache.home import Home
from tests.support.homes import refreshed
for _ in range(2):
    refreshed(Home(Path(sys.argv[1])), sys.argv[2], endpoint=sys.argv[3])
assert os.umask(0) == 0
"""


@pytest.mark.parametrize("rendering", ["cur2_parquet", "legacy_csv_zip"])
def test_whatever_the_umask_only_the_owner_reads(rendering: str, bucket: TestBucket, tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")], rendering=rendering)
    bucket.put_folder(made.bucket)
    program = [sys.executable, "-c", OPEN_HANDED, str(made.home.path), bucket.address, bucket.endpoint]
    subprocess.run(program, check=True)
    found = [made.home.path, *made.home.path.rglob("*")]
    assert len(found) > 15
    assert {p.name: oct(p.stat().st_mode & 0o777) for p in found if p.stat().st_mode & 0o077} == {}


def test_folders_that_others_could_read_are_closed_by_a_refresh(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.home.mirror.mkdir(parents=True)
    for folder in (made.home.path, made.home.mirror):
        folder.chmod(0o755)
    made.refresh()
    assert made.home.mirror.stat().st_mode & 0o777 == 0o700
    assert made.home.path.stat().st_mode & 0o777 == 0o755  # the user's own choice; doctor tells


def test_the_cache_is_not_encrypted_as_the_documents_say(tiny_home: Make) -> None:
    made = tiny_home()
    marker = secrets.token_hex(32)
    made.deliver([charge("1", line_item_resource_id=marker)])
    made.refresh()
    (segment,) = made.home.segments.glob("*/charges.duckdb")
    assert marker.encode() in segment.read_bytes()


def test_the_engine_cannot_encrypt_a_file_by_itself(tmp_path: Path) -> None:
    # When this fails, the engine has learned it: the cache can then be encrypted too, and the README's
    # "Encryption at rest" is to be decided anew.
    with duckdb.connect() as engine, pytest.raises(duckdb.Error, match="read-only crypto module"):
        engine.execute(f"attach '{tmp_path / 'x.duckdb'}' as x (encryption_key 'made up')")


@pytest.mark.fault(28)
@pytest.mark.parametrize("encrypted", [True, False])
def test_what_the_engine_spills_is_readable_and_cannot_be_encrypted(encrypted: bool, tmp_path: Path) -> None:
    marker = secrets.token_hex(32)
    rows = f"create temp table x as select '{marker}' || hash(range) as s, range from range(1000000)"
    with duckdb.connect(config={"temp_directory": str(tmp_path / "spill"), "threads": 1}) as engine:
        engine.execute("set memory_limit = '40MB'")
        engine.execute(f"set temp_file_encryption = {encrypted}")
        if encrypted:
            with pytest.raises(duckdb.Error, match="read-only crypto module"):
                engine.execute(rows)
            return
        engine.execute(rows)
        spilled = [p for p in (tmp_path / "spill").iterdir() if marker.encode() in p.read_bytes()]
        assert spilled
    assert not list(tmp_path.iterdir())  # and is gone when the engine is
