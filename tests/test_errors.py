"""Does every error say what happened and what to do, in a length that hosts show?"""

import inspect
from collections.abc import Iterator

import pytest

from finops_mcp import errors
from finops_mcp.errors import CallerMistake, ExportDamaged, FinopsError


def classes(parent: type[FinopsError]) -> Iterator[type[FinopsError]]:
    for child in parent.__subclasses__():
        yield child
        yield from classes(child)


EVERY = list(classes(FinopsError))


@pytest.mark.parametrize("error", EVERY)
def test_an_error_is_documented_and_drawn_in_the_tree(error: type[FinopsError]) -> None:
    assert (inspect.getdoc(error) or "").endswith(".")
    assert f"─ {error.__name__}" in (errors.__doc__ or "")


@pytest.mark.parametrize("error", EVERY)
def test_whose_mistake_it_is_decides_the_status(error: type[FinopsError]) -> None:
    if issubclass(error, CallerMistake):
        assert error.exit_code == 2
        assert 400 <= error.status < 500
    if issubclass(error, ExportDamaged):
        assert error.exit_code == 1
        assert error.status >= 500


def test_an_error_says_what_happened_then_near_names_then_valid_ones() -> None:
    error = FinopsError("There is none.", valid=["a", "b"], near=["a"])
    assert str(error) == "There is none. Did you mean a? Valid: a, b."
    assert error.kind == "finops-error"


def test_long_lists_say_how_many_more_there_are() -> None:
    words = [f"word-{n:04}" for n in range(1_000)]
    said = str(FinopsError("No.", valid=words))
    assert len(said) < 2_500
    shown = said.count("word-")
    assert said.endswith(f"and {1_000 - shown} more.")
    assert "word-0000, word-0001" in said


def test_what_a_caller_sent_is_never_repeated_without_end() -> None:
    assert len(str(FinopsError("x" * 1_000_000, valid=["y" * 10_000], near=["z"]))) < 15_000
