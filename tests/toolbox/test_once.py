"""Is what was asked under a key done once, and a key never made to stand for two questions?"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from finops_mcp.errors import IdempotencyKeyBusy, IdempotencyKeyReused, InvalidArgument, SourceNotFound
from finops_mcp.toolbox.once import KEPT_SECONDS, Keys
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import TinyHome, charge
from tests.tools.tiny import toolbox_at

Make = Callable[[], TinyHome]


@pytest.fixture
def made(tiny_home: Make) -> TinyHome:
    made = tiny_home()
    made.deliver([charge("1")])
    made.refresh()
    return made


@pytest.fixture
def toolbox(made: TinyHome) -> Toolbox:
    return toolbox_at(made.home.path)


def test_the_same_key_gives_the_same_answer_and_does_nothing(made: TinyHome, toolbox: Toolbox) -> None:
    made.deliver([charge("2")], execution="second")
    first = toolbox.call("refresh_data", {}, key="k")
    generation = made.generation
    made.deliver([charge("3")], execution="third")
    again = toolbox.call("refresh_data", {"download_up_to_gb": None}, key="k")  # the same, spelt out
    assert again == first
    assert type(again) is type(first)
    assert "1 of 1 deliveries" in first.summary
    assert made.generation == generation
    assert toolbox.call("refresh_data", {}, key="another").rows[1] == ["deliveries loaded", 1]
    assert made.generation != generation


def test_a_key_does_not_stand_for_two_questions(made: TinyHome, toolbox: Toolbox) -> None:
    toolbox.call("refresh_data", {}, key="k")
    generation = made.generation
    with pytest.raises(IdempotencyKeyReused, match="'k' was used with other parameters"):
        toolbox.call("refresh_data", {"download_up_to_gb": 7}, key="k")
    assert made.generation == generation


def test_a_key_among_the_arguments_is_the_same_key(made: TinyHome, toolbox: Toolbox) -> None:
    first = toolbox.call("refresh_data", {"idempotency_key": "k"})
    made.deliver([charge("2")], execution="second")
    assert toolbox.call("refresh_data", {"idempotency_key": "k"}) == first
    assert toolbox.call("refresh_data", {}, key="k") == first
    with pytest.raises(IdempotencyKeyReused):
        toolbox.call("refresh_data", {"idempotency_key": "k", "download_up_to_gb": 7})
    assert toolbox.call("refresh_data", {"idempotency_key": "l"}).rows[1] == ["deliveries loaded", 1]


def test_two_keys_at_once_are_refused(made: TinyHome, toolbox: Toolbox) -> None:
    with pytest.raises(InvalidArgument, match="'l' and 'k'"):
        toolbox.call("refresh_data", {"idempotency_key": "k"}, key="l")
    assert not made.home.keys.exists()


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_no_or_too_many_characters_is_refused(key: str, made: TinyHome, toolbox: Toolbox) -> None:
    with pytest.raises(InvalidArgument, match="idempotency_key"):
        toolbox.call("refresh_data", {"idempotency_key": key})
    assert not made.home.keys.exists()


def test_what_was_agreed_to_meanwhile_is_no_other_question(made: TinyHome, toolbox: Toolbox) -> None:
    first = toolbox.call("refresh_data", {"idempotency_key": "k"}, agreed={"download_up_to_gb": 7})
    made.deliver([charge("2")], execution="second")
    assert toolbox.call("refresh_data", {"idempotency_key": "k"}) == first


def test_a_failure_is_not_kept(made: TinyHome, toolbox: Toolbox) -> None:
    made.home.source_note.write_text(str(made.bucket / "gone"))
    with pytest.raises(SourceNotFound):
        toolbox.call("refresh_data", {}, key="k")
    made.home.source_note.write_text(str(made.bucket))
    assert toolbox.call("refresh_data", {}, key="k").summary.startswith("Nothing new")


def test_a_key_in_use_is_said_to_be(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    with keys.held("k", "tool", {}), pytest.raises(IdempotencyKeyBusy), keys.held("k", "tool", {}):
        raise AssertionError
    with keys.held("k", "tool", {}) as once:
        assert once.answer is None


def test_a_question_that_only_reads_keeps_nothing(made: TinyHome, toolbox: Toolbox) -> None:
    toolbox.call("cost_by", {}, key="k")
    assert not made.home.keys.exists()


def kept(folder: Path, key: str = "k") -> bool:
    """Say whether an answer is kept under a key, having kept one there."""
    with Keys(folder).held(key, "tool", {}) as once:
        found = once.answer is not None
        once.keep("{}")
    return found


@pytest.mark.parametrize(
    ("seconds", "still"), [(KEPT_SECONDS - 60, True), (KEPT_SECONDS + 60, False)], ids=["a day", "past it"]
)
def test_keys_are_kept_for_a_day(seconds: float, still: bool, tmp_path: Path) -> None:
    kept(tmp_path)
    then = time.time() - seconds
    for path in tmp_path.iterdir():
        os.utime(path, (then, then))
    assert kept(tmp_path) is still


def test_a_clock_set_back_loses_no_key(tmp_path: Path) -> None:
    kept(tmp_path)
    behind = Keys(tmp_path, lambda: datetime.now(UTC) - timedelta(days=1))
    with behind.held("k", "tool", {}) as once:
        assert once.answer == "{}"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"asked": 1}'])
def test_what_a_dead_process_left_half_written_is_nothing(text: str, tmp_path: Path) -> None:
    kept(tmp_path)
    for path in tmp_path.iterdir():
        path.write_text(text)
    assert not kept(tmp_path)
    assert kept(tmp_path)


def test_keys_are_readable_by_their_owner_alone_and_are_no_paths(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    kept(folder, "../../etc/passwd\0x")
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
