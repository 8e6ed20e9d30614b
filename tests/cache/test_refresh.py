"""Does a refresh load what is new, publish it whole or not at all, and leave readers in peace?"""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import files as files_of
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache import generation, isolated, loads, published
from finops_mcp.cache import refresh as refreshing
from finops_mcp.cache.opened import Cache
from finops_mcp.errors import CheckFailed, NoDataYet, RefreshRunning, SourceNotGiven
from tests.support.homes import LIMITS, TinyHome, by, charge, charges, costs_of, refreshed, total

D = Decimal
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
Make = Callable[[], TinyHome]
YEAR: dict[str, Any] = {"start": "2026-01-01", "end": "2027-01-01"}


def segments(made: TinyHome) -> dict[str, int]:
    """Tell the loaded deliveries apart: folder and inode of the charges."""
    return {p.name: (p / "charges.duckdb").stat().st_ino for p in made.home.segments.iterdir()}


def files(made: TinyHome) -> dict[str, bytes]:
    return {p.relative_to(made.home.path).as_posix(): b"" for p in sorted(made.home.path.rglob("*"))}


@pytest.mark.fault(33)
def test_before_the_first_refresh_nothing_is_known(tiny_home: Make) -> None:
    made = tiny_home()
    with pytest.raises(NoDataYet, match="There is no data yet"):
        made.costs()
    with pytest.raises(SourceNotGiven):
        refreshed(made.home, "")


def test_a_source_given_once_is_remembered(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("2")], execution="second")
    assert refreshed(made.home, "").source == str(made.bucket)
    assert total(made.costs()) == D(2)


def test_a_refresh_with_nothing_new_loads_nothing_and_answers_the_same(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("2", line_item_product_code="AmazonS3")])
    assert made.refresh().loaded == 1
    before, kept = by(made.costs(), ["service_code", "day"]), segments(made)
    again = made.refresh()
    assert (again.deliveries, again.loaded, again.fetched_bytes) == (1, 0, 0)
    assert by(made.costs(), ["service_code", "day"]) == before
    assert segments(made) == kept


def test_a_new_month_leaves_the_old_ones_as_they_were_loaded(
    tiny_home: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tiny_home()
    made.deliver([charge("1")], JANUARY)
    made.refresh()
    kept = segments(made)
    made.deliver([charge("2", FEBRUARY)], FEBRUARY)
    rolled_up: list[dict[str, str]] = []
    written = generation.charges_view

    def recorded(engine: Any, notes: str, aliases: dict[str, str], *_: Any) -> str:
        rolled_up.append(aliases)
        return written(engine, notes, aliases)

    monkeypatch.setattr(generation, "charges_view", recorded)
    assert made.refresh().loaded == 1
    assert kept.items() < segments(made).items()
    # January's rollups are taken over: only February is added up again.
    assert [list(aliases) for aliases in rolled_up] == [
        ["sample 2026-02 8f14e45f-ceea-467f-a8f3-3d7f1e5b2c01"]
    ]
    assert by(made.costs(), "month", **YEAR) == {"2026-01": D(1), "2026-02": D(2)}
    assert sum(by(made.costs(), "resource_id", **YEAR).values()) == D(3)
    assert charges(made.costs()) == 2


def test_files_put_in_place_again_under_the_same_execution_are_loaded_and_added_up_again(
    tiny_home: Make,
) -> None:
    made = tiny_home()
    made.deliver([charge("1"), charge("2", line_item_product_code="AmazonS3")])
    made.refresh()
    made.deliver([charge("2.5"), charge("0.75", line_item_product_code="AmazonRDS")])
    assert made.refresh().loaded == 1
    assert by(made.costs(), "service_code") == {"AmazonEC2": D("2.5"), "AmazonRDS": D("0.75")}


def test_the_same_total_under_other_services_is_not_taken_for_the_old_one(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("1", line_item_product_code="AmazonS3")])
    made.refresh()
    assert by(made.costs(), "service_code") == {"AmazonS3": D(1)}


def test_a_month_that_is_no_longer_delivered_leaves_with_its_delivery(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")], JANUARY)
    manifest = made.deliver([charge("2", FEBRUARY)], FEBRUARY)
    made.refresh()
    manifest.unlink()
    made.refresh()
    assert by(made.costs(), "month", **YEAR) == {"2026-01": D(1)}


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_generations_are_kept_as_long_as_asked(keep: int, tiny_home: Make) -> None:
    made = tiny_home()
    for cost in range(1, 5):
        made.deliver([charge(str(cost))], execution=f"execution-{cost}")
        made.refresh(keep=keep)
    kept = sorted(p.name for p in made.home.generations.iterdir())
    assert kept == [f"cache-{number:06}.duckdb" for number in range(5 - keep, 5)]
    assert len(segments(made)) == keep
    assert made.generation == kept[-1]
    assert total(made.costs()) == D(4)


def test_a_reader_finishes_on_the_generation_it_began_with(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    cache = Cache(made.home, LIMITS)
    reading = cache.costs()
    assert total(reading) == D(1)
    made.deliver([charge("2")], execution="second")
    made.refresh()
    assert total(reading) == D(1)
    assert charges(reading) == 1  # the line items were not even open yet
    assert reading.ask("select sum(x_unblended_cost) from charges") == [(D(1),)]
    assert total(cache.costs()) == D(2)


def test_readers_ask_on_while_generations_come_and_go(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    cache = Cache(made.home, LIMITS)
    told: list[tuple[Decimal, Decimal]] = []
    wrong: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                costs = cache.costs()
                told.append((total(costs), total(costs, "billed_cost")))
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test must show it
                wrong.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for cost in (2, 3, 4):
        made.deliver([charge(str(cost))], execution=f"execution-{cost}")
        made.refresh()
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert all(one == other for one, other in told)
    assert {one for one, _ in told} <= {D(1), D(2), D(3), D(4)}
    assert total(cache.costs()) == D(4)


class Killed(BaseException):
    """What ends a process, seen from inside."""


def killed(*_: object, **__: object) -> Any:
    raise Killed


@pytest.mark.parametrize(
    ("module", "function"),
    [
        (loads, "load_apart"),
        (isolated, "_listen"),
        (refreshing, "build_generation"),
        (generation, "_roll_up"),
        (generation, "_check"),
        (refreshing, "publish"),
        (published, "replace_text"),
    ],
    ids=lambda given: getattr(given, "__name__", given),
)
@pytest.mark.fault(14)
def test_a_refresh_that_is_cut_short_anywhere_leaves_nothing_half_done(
    module: Any, function: str, tiny_home: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("2")], execution="second")
    with monkeypatch.context() as broken:
        broken.setattr(module, function, killed)
        with pytest.raises(Killed):
            made.refresh()
    assert total(made.costs()) == D(1)
    assert charges(made.costs()) == 1
    assert not [path for path in files(made) if "/." in path]
    made.refresh()
    assert total(made.costs()) == D(2)
    # What the killed refresh had built but not published is not kept for ever.
    made.refresh()
    made.refresh()
    assert len(list(made.home.generations.iterdir())) == 2


def test_what_does_not_add_up_is_not_published(tiny_home: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("2"), charge("3")], execution="second")
    text = files_of("finops_mcp.cache").joinpath("rollups.sql").read_text()

    class Losing:
        def joinpath(self, _: str) -> "Losing":
            return self

        def read_text(self) -> str:
            return text.replace("from charges\n", "from charges where x_unblended_cost < 3\n")

    monkeypatch.setattr(generation, "files", lambda _: Losing())
    with pytest.raises(CheckFailed, match="charges_daily does not add up"):
        made.refresh()
    assert total(made.costs()) == D(1)


def test_an_export_without_a_single_charge_is_not_published(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("1", line_item_operation="EKSPod-EC2")], execution="second")
    with pytest.raises(CheckFailed, match="not one of the deliveries holds a charge"):
        made.refresh()
    assert total(made.costs()) == D(1)


@pytest.mark.fault(15)
def test_one_of_two_refreshers_is_told_to_wait(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    with (
        made.home.refreshing(),
        pytest.raises(RefreshRunning, match=r"A refresh is already running \(process \d+ on "),
    ):
        made.refresh()
    with pytest.raises(NoDataYet):
        made.costs()
    made.refresh()
    assert total(made.costs()) == D(1)


def test_progress_rises_to_its_end(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")], chunks=3)
    seen: list[tuple[str, float, float]] = []
    refresher = refreshing.Refresher(made.home, LIMITS)
    refresher.refresh(str(made.bucket), lambda *said: seen.append(said))
    loading = [(done, whole) for _, done, whole in seen[1:]]
    assert all(done <= whole for done, whole in loading)
    assert [done for done, _ in loading] == sorted(done for done, _ in loading)
    assert loading[-1][0] == loading[-1][1]
    assert [said for said, _, _ in seen][-1] == "Published"


def test_state_is_readable_by_its_owner_alone(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    assert made.home.path.stat().st_mode & 0o077 == 0


def test_two_homes_know_nothing_of_each_other(tiny_home: Make) -> None:
    one, other = tiny_home(), tiny_home()
    one.deliver([charge("1")])
    other.deliver([charge("2")])
    one.refresh()
    other.refresh()
    assert (total(one.costs()), total(costs_of(other.home))) == (D(1), D(2))
    assert Path(one.home.path) != Path(other.home.path)


DIES = """
import os, sys
from pathlib import Path
from finops_mcp.cache import {module} as module
from finops_mcp.cache.home import Home
from tests.support.homes import refreshed

module.{function} = lambda *_, **__: os._exit(9)
refreshed(Home(Path(sys.argv[1])), sys.argv[2])
"""


@pytest.mark.parametrize(
    ("module", "function"), [("isolated", "_listen"), ("generation", "_check"), ("refresh", "publish")]
)
def test_a_process_that_dies_in_the_middle_leaves_nothing_that_is_taken_for_whole(
    module: str, function: str, tiny_home: Make
) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    made.deliver([charge("2")], execution="second")
    program = DIES.format(module=module, function=function)
    died = subprocess.run(
        [sys.executable, "-c", program, str(made.home.path), str(made.bucket)],
        check=False,
        capture_output=True,
    )
    assert died.returncode == 9
    assert total(made.costs()) == D(1)
    made.refresh()
    assert total(made.costs()) == D(2)
    assert charges(made.costs()) == 1
    assert not [path for path in files(made) if "/." in path]
