"""Does a file that brings down its reader cost the refresh alone, and is it left alone from then on?"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.cache import isolated
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.cache.refresh import Refresher
from finops_mcp.errors import Cancelled, ExportDamaged, FileQuarantined
from tests.support.homes import LIMITS, TinyHome, charge, total

D = Decimal
Make = Callable[[], TinyHome]
BAD = "sample-00001.snappy.parquet"


@pytest.fixture
def drill(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What is to happen to the child that meets a file of a name."""
    planned: dict[str, str] = {}
    monkeypatch.setattr(isolated, "DRILL", planned)
    return planned


@pytest.fixture
def serving(tiny_home: Make) -> TinyHome:
    """A home that serves 7.00 of January, and has another delivery waiting."""
    made = tiny_home()
    made.deliver([charge("3"), charge("4")], execution="good")
    made.refresh()
    made.deliver([charge("10")], execution="next")
    return made


def test_files_are_read_in_another_process(serving: TinyHome, drill: dict[str, str]) -> None:
    drill[BAD] = "fault"
    with pytest.raises(RuntimeError, match="a fault of ours"):
        serving.refresh()
    assert Quarantine(serving.home).held() == []
    drill.clear()
    serving.refresh()
    assert total(serving.costs()) == D(10)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("crash", r"crashed \(SIGSEGV\)"),
        ("abort", r"crashed \(SIGABRT\)"),
        ("killed", "was killed, as the system does when memory runs out"),
        ("memory", "needs more than the 1GB of memory"),
    ],
)
@pytest.mark.fault(4)
def test_a_file_that_brings_its_reader_down_is_quarantined(
    fault: str, why: str, serving: TinyHome, drill: dict[str, str]
) -> None:
    drill[BAD] = fault
    before = serving.generation
    with pytest.raises(FileQuarantined, match=f"{BAD} is quarantined: .*{why}"):
        serving.refresh()
    assert serving.generation == before
    assert total(serving.costs()) == D(7)
    assert not list(serving.home.segments.glob(".*"))
    (held,) = Quarantine(serving.home).held()
    assert held.key.endswith(BAD)
    assert held.size == next(serving.bucket.rglob(BAD)).stat().st_size

    drill.clear()  # the file has not changed: it is not even opened
    with pytest.raises(FileQuarantined, match=why):
        serving.refresh()
    assert total(serving.costs()) == D(7)


@pytest.mark.fault(4)
def test_a_file_that_hangs_its_reader_is_quarantined(
    serving: TinyHome, drill: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolated, "_LEAST_SECONDS", 0.2)
    drill[BAD] = "hang"
    with pytest.raises(FileQuarantined, match="did not come to an end within 0 s"):
        serving.refresh()
    assert total(serving.costs()) == D(7)


def test_a_quarantined_file_is_read_again_once_it_has_changed(
    serving: TinyHome, drill: dict[str, str]
) -> None:
    drill[BAD] = "crash"
    with pytest.raises(FileQuarantined):
        serving.refresh()
    drill.clear()
    serving.deliver([charge("11")], execution="next")
    serving.refresh()
    assert total(serving.costs()) == D(11)
    assert Quarantine(serving.home).held() == []


def test_a_quarantined_file_is_read_again_when_asked_for(serving: TinyHome, drill: dict[str, str]) -> None:
    drill[BAD] = "crash"
    with pytest.raises(FileQuarantined):
        serving.refresh()
    drill.clear()
    Refresher(serving.home, LIMITS).refresh(str(serving.bucket), retry_quarantined=True)
    assert total(serving.costs()) == D(10)
    assert Quarantine(serving.home).held() == []


def test_only_the_file_that_is_at_fault_is_named(tiny_home: Make, drill: dict[str, str]) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("2"), charge("3")], chunks=3)
    drill["sample-00002.snappy.parquet"] = "late"
    with pytest.raises(FileQuarantined, match=r"sample-00002.snappy.parquet is quarantined"):
        made.refresh()
    assert [Path(q.key).name for q in Quarantine(made.home).held()] == ["sample-00002.snappy.parquet"]


def test_data_status_names_what_is_quarantined(serving: TinyHome, drill: dict[str, str]) -> None:
    drill[BAD] = "crash"
    with pytest.raises(FileQuarantined):
        serving.refresh()
    (told,) = serving.costs().status.quarantined()
    assert BAD in told
    assert "crashed (SIGSEGV)" in told


def workers() -> list[int]:
    """The processes whose command line is that of the loading child, workers and watchers included."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            said = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if b"loading_child" in said:
            found.append(int(entry.name))
    return found


def until(what: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_cancelled_refresh_ends_the_process_that_loads(serving: TinyHome, drill: dict[str, str]) -> None:
    drill[BAD] = "hang"
    cancelled = threading.Event()
    before = set(workers())

    def progress(_message: str, _done: float, _total: float) -> None:
        if cancelled.is_set():
            raise Cancelled

    def cancel() -> None:
        until(lambda: len(set(workers()) - before) >= 2)
        cancelled.set()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with pytest.raises(Cancelled):
        Refresher(serving.home, LIMITS).refresh(str(serving.bucket), progress)
    canceller.join()
    assert until(lambda: len(set(workers()) - before) <= 1)  # the one that makes the others may wait on
    assert Quarantine(serving.home).held() == []
    assert total(serving.costs()) == D(7)


CHILD = """
import sys
from pathlib import Path
from finops_mcp.cache import isolated
from finops_mcp.cache.home import Home
from finops_mcp.cache.refresh import Refresher
from tests.support.homes import LIMITS
isolated.DRILL["sample-00001.snappy.parquet"] = "hang"
Refresher(Home(Path(sys.argv[1])), LIMITS).refresh(sys.argv[2])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_outlives_a_killed_parent(serving: TinyHome) -> None:
    before = set(workers())
    parent = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(serving.home.path), str(serving.bucket)],
        cwd=Path(__file__).parents[2],
    )
    assert until(lambda: len(set(workers()) - before) >= 3)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert until(lambda: not set(workers()) - before)
    assert total(serving.costs()) == D(7)


@pytest.mark.skipif(sys.platform != "linux", reason="takes Landlock")
def test_the_process_that_loads_writes_only_where_it_must(tiny_home: Make, drill: dict[str, str]) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    drill[BAD] = "write"
    with pytest.raises(RuntimeError, match="PermissionError"):
        made.refresh()
    assert not (made.home.path / "elsewhere").exists()


RENDERINGS = ("cur2_parquet", "cur2_csv_gz", "legacy_csv_gz")


@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.fault(4)
def test_damaged_files_never_do_more_than_fail_the_refresh(rendering: str, tiny_home: Make) -> None:
    """A small corpus: bytes flipped, cut out, doubled and made up, each from a seed of its own."""
    made = tiny_home()
    made.deliver([charge("3"), charge("4")], execution="good", rendering=rendering)
    made.refresh()
    rows = [charge(str(n), identity_line_item_id=str(n * 7919)) for n in range(40)]
    made.deliver(rows, execution="next", rendering=rendering)
    named = json.loads(
        max(made.bucket.rglob("*Manifest.json"), key=lambda p: p.stat().st_mtime_ns).read_text()
    )
    name = Path(str((named.get("dataFiles") or named.get("reportKeys"))[0])).name.rstrip("'}")
    path = max(made.bucket.rglob(name), key=lambda p: p.stat().st_mtime_ns)
    whole = path.read_bytes()
    kept, refused = D(7), 0
    for seed in range(12):
        path.write_bytes(damaged(whole, random.Random(seed)))  # noqa: S311 - variety, not secrecy
        said = ""
        try:
            made.refresh()
        except ExportDamaged as error:
            said = str(error)
            refused += 1
        assert name in said or not said
        before, kept = kept, total(made.costs())
        assert kept == before or not said  # what no checksum guards is the business of the records of files
    assert refused >= 6


def damaged(whole: bytes, luck: random.Random) -> bytes:
    """Damage some bytes in one of four ways."""
    at = luck.randrange(len(whole))
    length = luck.randrange(1, 64)
    match luck.randrange(4):
        case 0:
            return whole[:at] + bytes(b ^ 0xFF for b in whole[at : at + length]) + whole[at + length :]
        case 1:
            return whole[:at] + whole[at + length :]
        case 2:
            return whole[:at] + whole[at : at + length] + whole[at:]
        case _:
            return whole[:at] + luck.randbytes(length) + whole[at + length :]
