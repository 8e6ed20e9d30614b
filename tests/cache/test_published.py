"""Can one go back a generation, and does no reader lose what he reads?"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.published import generations, held, release, roll_back
from finops_mcp.errors import CacheDamaged, RefreshHeld, RefreshRunning, UnknownGeneration
from tests.support.homes import LIMITS, TinyHome, charge, charges, total

D = Decimal
Make = Callable[[], TinyHome]


@pytest.fixture
def three(tiny_home: Make) -> TinyHome:
    """Three generations: of 1, 2 and 3."""
    made = tiny_home()
    for cost in (1, 2, 3):
        made.deliver([charge(str(cost))], execution=f"execution-{cost}")
        made.refresh(keep=3)
    return made


def test_one_goes_back_to_the_generation_before_and_to_any_other(three: TinyHome) -> None:
    roll_back(three.home)
    assert (total(three.costs()), charges(three.costs())) == (D(2), 1)
    roll_back(three.home)
    assert total(three.costs()) == D(1)
    with pytest.raises(UnknownGeneration, match=r"No older generation .* Valid: 1, 2, 3"):
        roll_back(three.home)
    roll_back(three.home, 2)
    assert total(three.costs()) == D(2)
    assert [(p.number, p.in_force, p.whole) for p in generations(three.home)] == [
        (1, False, True),
        (2, True, True),
        (3, False, True),
    ]
    with pytest.raises(UnknownGeneration, match="Generation 7"):
        roll_back(three.home, 7)


def test_no_refresh_undoes_a_rollback_until_it_is_released(three: TinyHome) -> None:
    roll_back(three.home)
    three.deliver([charge("4")], execution="execution-4")
    with pytest.raises(RefreshHeld, match=r"holds generation 2 since .* rollback --release"):
        three.refresh(keep=3)
    assert total(three.costs()) == D(2)
    assert len(generations(three.home)) == 3
    release(three.home)
    assert total(three.costs()) == D(2)
    three.refresh(keep=3)
    assert total(three.costs()) == D(4)
    assert [p.number for p in generations(three.home)] == [2, 3, 4]


def test_going_forward_to_the_newest_releases(three: TinyHome) -> None:
    roll_back(three.home)
    assert held(three.home).startswith("2 since ")
    roll_back(three.home, 3)
    assert held(three.home) == ""
    assert total(three.costs()) == D(3)


def test_a_generation_without_its_charges_is_not_gone_back_to(three: TinyHome) -> None:
    (one,) = [p for p in three.home.segments.iterdir() if has_cost(p, 2)]
    (one / "charges.duckdb").unlink()
    assert [p.whole for p in generations(three.home)] == [True, False, True]
    with pytest.raises(UnknownGeneration):
        roll_back(three.home, 2)
    roll_back(three.home)
    assert total(three.costs()) == D(1)


def has_cost(segment: Path, cost: int) -> bool:
    import duckdb

    with duckdb.connect(str(segment / "charges.duckdb"), read_only=True) as engine:
        return engine.execute("select sum(x_unblended_cost) from charges").fetchall() == [(D(cost),)]


def test_a_long_question_ends_on_a_generation_that_is_replaced_and_would_be_pruned(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")] * 3)
    made.refresh(keep=1)
    cache = Cache(made.home, LIMITS)
    reading = cache.costs()
    old = made.home.generations / made.generation
    told: list[Any] = []
    counted = "select count(*) from range(60000000) where range % 7 = 1"
    slow = f"select sum(x_unblended_cost), ({counted}) from charges"

    def ask(costs: Costs) -> None:
        told.extend(costs.ask(slow))

    asking = threading.Thread(target=ask, args=(reading,))
    asking.start()
    for cost in (2, 3):
        made.deliver([charge(str(cost))], execution=f"execution-{cost}")
        made.refresh(keep=1)
    asking.join()
    assert told == [(D(3), 8_571_429)]
    assert old.exists()
    assert charges(reading) == 3  # asked again, of files that two refreshes would have removed
    assert total(cache.costs()) == D(3)
    del reading, asking
    made.deliver([charge("4")], execution="execution-4")
    made.refresh(keep=1)
    assert not old.exists()


def read_in_a_process(path: Path, pipe: Connection) -> None:
    reading = Cache(Home(path), LIMITS).costs()
    pipe.send(total(reading))
    pipe.recv()
    pipe.send((total(reading, "billed_cost"), charges(reading)))


def test_a_reader_in_another_process_keeps_its_generation_as_long_as_it_lives(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh(keep=1)
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    reader = context.Process(target=read_in_a_process, args=(made.home.path, other))
    reader.start()
    assert pipe.recv() == D(1)
    made.deliver([charge("2")], execution="second")
    made.refresh(keep=1)
    assert len(generations(made.home)) == 2
    pipe.send("go on")
    assert pipe.recv() == (D(1), 1)
    reader.join()
    made.deliver([charge("3")], execution="third")
    made.refresh(keep=1)
    assert len(generations(made.home)) == 1


def test_the_second_refresher_is_told_who_when_and_where(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    with (
        made.home.refreshing(),
        pytest.raises(
            RefreshRunning,
            match=rf"\(process {os.getpid()} on .+, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)",
        ),
    ):
        made.refresh()


def test_the_lock_of_a_process_that_is_gone_is_no_obstacle(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.home.made()
    (made.home.path / "refresh.lock").write_text("process 1 on this machine, since yesterday")
    (made.home.spill / "999999999-0").mkdir()
    (made.home.spill / f"{os.getpid()}-x").mkdir()
    made.refresh()
    assert total(made.costs()) == D(1)
    assert [p.name for p in made.home.spill.iterdir()] == [f"{os.getpid()}-x"]


def test_a_pointer_to_nothing_is_told_and_healed(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    (made.home.generations / made.generation).unlink()
    with pytest.raises(CacheDamaged, match="is not there"):
        made.costs()
    made.refresh()
    assert total(made.costs()) == D(1)


def test_a_home_may_be_moved(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("1.5")], rendering="cur2_csv_gz")
    made.refresh()
    moved = TinyHome(Home(made.home.path.with_name("elsewhere")), made.bucket)
    made.home.path.rename(moved.home.path)
    assert moved.costs().free_sql("select sum(line_item_unblended_cost) from cur").rows == [[1.5]]
    assert charges(moved.costs()) == 1
