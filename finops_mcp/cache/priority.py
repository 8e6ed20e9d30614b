"""Who goes first: a question, or what a refresh has to add up?"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


def step_back(niceness: int) -> None:
    """Let others go before the calling thread and before every thread and process that it starts.

    Only Linux can say this of one thread. There is no way back, so it must be a thread of one's own.
    """
    if niceness and sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def apart(niceness: int, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """Do some work on a thread of its own that steps back."""
    with ThreadPoolExecutor(1, "apart", initializer=step_back, initargs=(niceness,)) as pool:
        return pool.submit(work, *args, **kwargs).result()
