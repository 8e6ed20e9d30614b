"""Is a full disk told before anything is done, and survived when it comes midway?"""

import resource
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.errors import NoRoom
from tests.support.homes import TinyHome, charge, charges, total

D = Decimal
Make = Callable[[], TinyHome]
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - what shutil.disk_usage gives


@pytest.fixture
def serving(tiny_home: Make) -> TinyHome:
    """A home that serves 7.00, with a larger delivery waiting."""
    made = tiny_home()
    made.deliver([charge("7")])
    made.refresh()
    made.deliver([charge("1", identity_line_item_id=str(n * 7919)) for n in range(4000)], execution="second")
    return made


@pytest.mark.fault(13)
def test_what_would_not_fit_is_refused_before_anything_is_loaded(
    serving: TinyHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(serving.home.path.rglob("*"))
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: Usage(9e9, 8e9, 2_500_000))
        with pytest.raises(NoRoom, match=r"about [\d.]+ MB are needed .* and 2\.5 MB are free") as raised:
            serving.refresh()
    assert str(serving.home.path) in str(raised.value)
    assert sorted(serving.home.path.rglob("*")) == before
    assert total(serving.costs()) == D(7)
    serving.refresh()
    assert total(serving.costs()) == D(4000)


LIMITED = """
import resource, sys
from pathlib import Path
from finops_mcp.cache.home import Home
from finops_mcp.errors import NoRoom
from tests.support.homes import refreshed
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    refreshed(Home(Path(sys.argv[1])), sys.argv[2])
except NoRoom as error:
    print(error)
    sys.exit(28)
"""


@pytest.mark.parametrize("limit", [10_000, 300_000, 600_000, 1_100_000])
def test_no_file_grows_past_what_the_system_lets_it(limit: int, serving: TinyHome) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, serving.home.path, serving.bucket, str(limit)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 28, ended.stderr
    assert "There is not enough room on the disk" in ended.stdout
    survived(serving)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], check=False, capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("only root may mount a small file system")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("left", [200_000, 1_500_000, 2_600_000])
@pytest.mark.fault(13)
def test_a_disk_that_fills_up_midway_leaves_the_old_answers(
    left: int, serving: TinyHome, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = TinyHome(type(serving.home)(small_disk / "home"), serving.bucket)
    shutil.copytree(serving.home.path, here.home.path)
    (small_disk / "other").write_bytes(bytes(shutil.disk_usage(small_disk).free - left))
    with monkeypatch.context() as unlooked:
        unlooked.setattr("finops_mcp.cache.refresh.check_room", lambda *_, **__: None)
        with pytest.raises(NoRoom, match="it filled up"):
            here.refresh()
    assert shutil.disk_usage(small_disk).free >= left - 8192  # nothing half done is left
    (small_disk / "other").unlink()
    survived(here)


def survived(made: TinyHome) -> None:
    assert total(made.costs()) == D(7)
    assert charges(made.costs()) == 1
    assert not [p for p in made.home.path.rglob(".*") if "segments" in str(p) or "generations" in str(p)]
    made.refresh()
    assert total(made.costs()) == D(4000)
