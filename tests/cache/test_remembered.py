"""Is a statement read once in a generation, and never given to another question or generation?"""

from collections.abc import Callable
from datetime import date

import pytest

from finops_mcp.cache.remembered import MOST_ROWS, MOST_STATEMENTS, Remembered
from finops_mcp.errors import Cancelled
from tests.support.homes import TinyHome, charge, total


class Read:
    """Gives rows, and counts how often it was asked to."""

    def __init__(self, rows: int = 1) -> None:
        self.times = 0
        self._rows = rows

    def __call__(self) -> list[tuple[int]]:
        self.times += 1
        return [(number,) for number in range(self._rows)]


def test_the_same_statement_is_read_once() -> None:
    remembered, read = Remembered(), Read()
    assert (
        remembered.rows("select 1", {"a": 1}, read) == remembered.rows("select 1", {"a": 1}, read) == [(0,)]
    )
    assert read.times == 1


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("select 2", {"a": 1}),
        ("select 1", {"a": "1"}),
        ("select 1", {"a": date(2026, 1, 1)}),
        ("select 1", {}),
    ],
)
def test_another_statement_or_other_parameters_are_read(sql: str, parameters: dict[str, object]) -> None:
    remembered, read = Remembered(), Read()
    remembered.rows("select 1", {"a": 1}, Read())
    remembered.rows(sql, parameters, read)
    assert read.times == 1


def test_what_a_caller_does_to_its_rows_is_its_own() -> None:
    remembered = Remembered()
    remembered.rows("select 1", {}, Read()).clear()
    remembered.rows("select 1", {}, Read()).clear()
    assert remembered.rows("select 1", {}, Read()) == [(0,)]


def test_the_oldest_statement_and_long_results_are_not_kept() -> None:
    remembered, first, long = Remembered(), Read(), Read(MOST_ROWS + 1)
    remembered.rows("first", {}, first)
    for number in range(MOST_STATEMENTS):
        remembered.rows(f"select {number}", {}, Read())
    for _ in range(2):
        remembered.rows("long", {}, long)
    remembered.rows("first", {}, first)
    assert (first.times, long.times) == (2, 2)


def test_what_reading_raises_is_not_remembered() -> None:
    def fails() -> list[tuple[int]]:
        raise Cancelled

    remembered = Remembered()
    with pytest.raises(Cancelled):
        remembered.rows("select 1", {}, fails)
    assert remembered.rows("select 1", {}, Read()) == [(0,)]


def test_a_new_generation_remembers_nothing_of_the_old_one(tiny_home: Callable[[], TinyHome]) -> None:
    home = tiny_home()
    home.deliver([charge("1.25")])
    home.refresh()
    old = home.costs()
    assert [total(old), total(old)] == [1.25, 1.25]
    home.deliver([charge("2.50")], execution="later")
    home.refresh()
    assert total(home.costs()) == 2.5
    assert total(old) == 1.25


def test_a_question_that_was_stopped_before_it_read_reads_nothing(tiny_home: Callable[[], TinyHome]) -> None:
    home = tiny_home()
    home.deliver([charge("1.25")])
    home.refresh()
    costs = home.costs()
    costs.interrupt()
    with pytest.raises(Cancelled):
        costs.ask("select 1")
