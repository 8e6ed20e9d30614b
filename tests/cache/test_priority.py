"""Do questions go before what a refresh does, and is nobody else slowed for good?"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache import generation, isolated
from finops_mcp.cache.refresh import Refresher
from tests.support.homes import LIMITS, TinyHome, charge

Make = Callable[[], TinyHome]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of single threads")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def threads() -> dict[str, int]:
    """Tell how nice every thread of this process is."""
    stats = [path.read_text() for path in Path("/proc/self/task").glob("*/stat")]
    return {stat.split()[0]: int(stat.rpartition(")")[2].split()[16]) for stat in stats}


@pytest.mark.parametrize("given", [0, 7])
def test_loading_and_adding_up_step_back_and_the_caller_does_not(
    given: int, tiny_home: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tiny_home()
    made.deliver([charge("1")])
    seen: dict[str, set[int]] = {}
    mine, before = niceness(), threads()

    def looking(module: Any, function: str) -> None:
        work = getattr(module, function)

        def looked(*args: Any, **kwargs: Any) -> Any:
            engine = {nice for thread, nice in threads().items() if thread not in before}
            seen[function] = {niceness(), *engine}
            return work(*args, **kwargs)

        monkeypatch.setattr(module, function, looked)

    looking(isolated, "_hand_over")
    looking(generation, "_check")
    Refresher(made.home, LIMITS, niceness=given).refresh(str(made.bucket))
    expected = {given} if given else {mine}
    assert seen == {"_hand_over": expected, "_check": expected}
    assert niceness() == mine
