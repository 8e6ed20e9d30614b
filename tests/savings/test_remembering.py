"""Is what was found found again by the next process, and never believed once anything it rests on differs?"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.inputs import forget_inputs
from finops_mcp.cache.kept import keep, kept_files, read_kept
from finops_mcp.content import built_in
from finops_mcp.savings import findings as module
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import Findings, findings_of
from tests.checks.given import give
from tests.checks.rows import FIRST, Rows, item, over_the_month
from tests.savings.test_checks_of_ones_own import mine
from tests.support.homes import TinyHome

VOLUME = over_the_month("EBS:VolumeUsage.gp2", "100", "10.00", resource="vol-1", unit="GB-Mo")
NAT = item("NatGateway-Hours", 24, "1.08", resource="nat-1")
INVENTORY = {"resource_id": "vol-1", "resource_type": "EC2 volume", "state": "available"}


@pytest.fixture
def home(rows: Rows) -> TinyHome:
    made = rows.make()
    rows.costs(VOLUME, NAT, home=made)
    return made


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count how often checks were run since it was last asked."""
    seen: list[object] = []
    looked = module._looked

    def counted(*of: object, **more: object) -> Findings:
        seen.append(of)
        return looked(*of, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_looked", counted)

    def since() -> int:
        count = len(seen)
        seen.clear()
        return count

    return since


def anew(home: TinyHome, checks: Checks | None = None) -> Findings:
    """Ask as a new process does."""
    return findings_of(home.costs(), checks or Checks())


def test_the_next_process_finds_the_same_without_looking(home: TinyHome, looks: Callable[[], int]) -> None:
    first = anew(home)
    assert (len(first.all) > 1, looks()) == (True, 1)
    assert anew(home) == first
    assert looks() == 0
    (path,) = kept_files(home.home)
    assert path.stat().st_mode & 0o077 == 0
    days = findings_of(home.costs(), Checks(), "2026-06-01", "2026-06-20")
    assert (days.window.days, looks()) == (19, 1)


def given(home: TinyHome) -> None:
    give(home, "inventory", INVENTORY)


def refreshed(home: TinyHome) -> None:
    home.deliver([*VOLUME, *item("NatGateway-Hours", 24, "2.16", resource="nat-1")], FIRST, execution="2")
    home.refresh()


def named(home: TinyHome) -> None:
    home.home.accounts.write_text("account_id,name,env\n215530417762,ours,prod\n")


def torn(home: TinyHome) -> None:
    (path,) = kept_files(home.home)
    path.write_bytes(path.read_bytes()[:-9])


def turned(home: TinyHome) -> None:
    """Change one figure."""
    (path,) = kept_files(home.home)
    before = path.read_bytes()
    path.write_bytes(before.replace(b'"check":1,', b'"check":2,'))
    assert path.read_bytes() != before


def of_another_key(home: TinyHome) -> None:
    """Put what was kept under another key where this one's lies."""
    (path,) = kept_files(home.home)
    generation = home.costs().opened.path
    body = path.read_bytes()[len(sha256().hexdigest()) :]
    keep(generation, "another", body)
    assert read_kept(generation, "another") == body
    (other,) = set(kept_files(home.home)) - {path}
    other.replace(path)


@pytest.mark.parametrize("change", [given, refreshed, named, torn, turned, of_another_key])
def test_what_differs_is_looked_for_anew(
    change: Callable[[TinyHome], None], home: TinyHome, looks: Callable[[], int]
) -> None:
    anew(home)
    change(home)
    looks()
    now = anew(home)
    assert looks() == 1
    for path in kept_files(home.home):
        path.unlink()
    assert anew(home) == now


def test_a_threshold_that_changes_is_looked_for_anew(
    home: TinyHome, looks: Callable[[], int], tmp_path: Path
) -> None:
    checks = Checks((built_in("checks"), mine(tmp_path / "mine")))
    anew(home, checks)
    file = tmp_path / "mine" / "large_volume.py"
    file.write_text(file.read_text().replace("most_gb=100", "most_gb=50"))
    looks()
    anew(home, checks)
    assert looks() == 1


def test_it_goes_with_its_generation_and_with_the_files_that_were_given(home: TinyHome) -> None:
    anew(home)
    (old,) = kept_files(home.home)
    for execution in ("2", "3", "4"):
        home.deliver([*VOLUME, *NAT], FIRST, execution=execution)
        home.refresh()
    assert not old.exists()
    given(home)
    anew(home)
    assert kept_files(home.home)
    forget_inputs(home.home)
    assert kept_files(home.home) == []


def test_what_is_kept_for_a_generation_that_went_is_not_kept(home: TinyHome) -> None:
    costs: Costs = home.costs()
    gone = costs.opened.path.with_name("cache-000099.duckdb")
    keep(gone, "key", b"something")
    assert kept_files(home.home) == []


def test_no_more_than_some_are_kept_of_one_generation(home: TinyHome) -> None:
    path = home.costs().opened.path
    for number in range(9):
        keep(path, str(number), b"something")
    assert len(kept_files(home.home)) == 4
    assert read_kept(path, "8") == b"something"
    assert read_kept(path, "0") is None
