"""Is a refresh that is killed at any point as if it had never been, or as if it had been let finish?"""

import random
from pathlib import Path

import pytest

from tests.support.killing import POINTS, Killing, Tally


@pytest.mark.fault(14)
def test_a_killed_refresh_leaves_the_old_answers_or_the_new_ones_and_nothing_else(tmp_path: Path) -> None:
    killing = Killing(tmp_path / "folder", rows=40)
    killing.settle()
    chance, tally = random.Random(14), Tally()  # noqa: S311 - to be repeated, not to be secret
    for number in range(12):
        killing.run(tally, chance, POINTS[(7 * number // 2) % len(POINTS)] if number % 2 else "")
    assert not tally.wrong, tally.told()
    assert tally.runs == 12
    assert tally.seen["old"]
    assert tally.killed
