"""Does a damaged file of the cache ever change an answer? It is told, and loaded anew."""

import os
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.damage import damaged_files
from finops_mcp.cache.own_files import Sound
from finops_mcp.errors import CacheDamaged, StaleRows
from tests.support.homes import TinyHome, by, charge, charges, total

D = Decimal
FLIPS = 48
Make = Callable[[], TinyHome]


@pytest.fixture
def loaded(tiny_home: Make) -> TinyHome:
    """A home of 300 charges over three services."""
    made = tiny_home()
    services = ("AmazonEC2", "AmazonS3", "AmazonRDS")
    made.deliver(
        [
            charge(str(n), line_item_product_code=services[n % 3], line_item_resource_id=f"i-{n:017x}")
            for n in range(300)
        ]
    )
    made.refresh()
    return made


def generation(made: TinyHome) -> Path:
    return made.home.generations / made.generation


def segment(made: TinyHome) -> Path:
    return next(made.home.segments.iterdir()) / "charges.duckdb"


def asked(made: TinyHome) -> list[Any]:
    costs = made.costs()
    return [
        by(costs, "service_code"),
        by(costs, "resource_id"),
        total(costs, "billed_cost"),
        charges(costs),
        costs.ask("select x_service_code, sum(x_unblended_cost) from charges group by 1 order by 1"),
        costs.opened.periods,
    ]


@pytest.mark.parametrize("file", [generation, segment])
@pytest.mark.fault(1)
def test_a_flipped_bit_is_told_wherever_it_is(file: Callable[[TinyHome], Path], loaded: TinyHome) -> None:
    good = asked(loaded)
    path = file(loaded)
    whole = path.read_bytes()
    told = 0
    # The headers closely (they say where everything is), then all of it.
    for number, at in enumerate([*range(0, 12_288, 701), *range(12_288, len(whole), len(whole) // FLIPS)]):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << number % 8
        path.write_bytes(flipped)
        try:
            assert asked(loaded) == good, f"byte {at} changed an answer"
        except CacheDamaged:
            told += 1
    path.write_bytes(whole)
    assert told > FLIPS / 2  # what nobody read cannot be told; doctor reads all of it
    assert asked(loaded) == good


@pytest.mark.parametrize("kept", [0, 1, 4096, 12_288, 0.5, -1])
@pytest.mark.parametrize("file", [generation, segment])
@pytest.mark.fault(2)
def test_a_cut_file_is_told(file: Callable[[TinyHome], Path], kept: float, loaded: TinyHome) -> None:
    good = asked(loaded)
    path = file(loaded)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole)) if 0 < kept < 1 else int(kept)])
    assert list(damaged_files(loaded.home)) == [path]
    try:
        assert asked(loaded) == good  # where the part that is left held all that was asked
    except CacheDamaged:
        assert loaded.home.suspect_note.exists()


@pytest.mark.parametrize("file", [generation, segment])
@pytest.mark.fault(1)
def test_the_next_refresh_loads_anew_what_is_damaged(
    file: Callable[[TinyHome], Path], loaded: TinyHome
) -> None:
    good = asked(loaded)[:-1]
    path = file(loaded)
    whole = bytearray(path.read_bytes())
    for at in range(5000, len(whole), 5000):
        whole[at] ^= 4
    path.write_bytes(whole)
    assert list(damaged_files(loaded.home)) == [path]
    with pytest.raises(CacheDamaged):
        asked(loaded)
    done = loaded.refresh()
    assert done.loaded == (1 if file is segment else 0)
    assert asked(loaded)[:-1] == good
    assert damaged_files(loaded.home) == {}


def test_free_sql_tells_damage_too(loaded: TinyHome) -> None:
    costs = loaded.costs()
    path = segment(loaded)
    whole = bytearray(path.read_bytes())
    for at in range(12_288, len(whole), 3000):
        whole[at] ^= 4
    path.write_bytes(whole)
    with pytest.raises(CacheDamaged):
        costs.free_sql("select sum(x_unblended_cost), count(tags) from charges")


def own_copy(made: TinyHome) -> Path:
    return next(made.home.segments.glob("*/text-*.parquet"))


def delivered(made: TinyHome) -> Path:
    return next(made.bucket.rglob("*.parquet"))


@pytest.mark.parametrize(
    ("rendering", "file"), [("cur2_csv_gz", own_copy), ("cur2_parquet", delivered)], ids=["copy", "delivered"]
)
@pytest.mark.fault(1)
def test_own_rows_whose_bits_have_turned_are_never_shown(
    rendering: str, file: Callable[[TinyHome], Path], tiny_home: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tiny_home()
    made.deliver([charge(str(n)) for n in range(50)], rendering=rendering)
    made.refresh()
    ask = made.costs().free_sql
    sql = "select sum(line_item_unblended_cost), count(*) from cur"
    good = ask(sql).rows
    path = file(made)
    whole, stat = path.read_bytes(), path.stat()

    asking = import_module("finops_mcp.cache.free_sql.run")

    def put(content: bytes) -> None:
        path.write_bytes(content)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    for number, at in enumerate(range(0, len(whole), len(whole) // FLIPS)):
        turned = bytearray(whole)
        turned[at] ^= 1 << number % 8
        put(bytes(turned))
        monkeypatch.setattr(asking, "_sound", Sound())  # another process asks
        with pytest.raises(StaleRows):
            ask(sql)
        assert list(damaged_files(made.home)) == [segment(made)]
    assert total(made.costs()) == sum(range(50))
    if file is delivered:
        put(whole)
    assert made.refresh().loaded == (1 if file is own_copy else 0)
    assert made.costs().free_sql(sql).rows == good
