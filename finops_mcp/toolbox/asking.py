"""Asking the toolbox from an event loop: on a worker, with progress, stopped when the caller goes."""

import os
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
from anyio.lowlevel import RunVar

from finops_mcp.answers import Answer
from finops_mcp.toolbox.toolbox import Cancel, Toolbox

Tell = Callable[[str, float, float], Coroutine[Any, Any, None]]
"""Told what is being done, how much of it is done, and how much there is."""

_SECONDS_BETWEEN = 0.1
_workers: RunVar[anyio.CapacityLimiter] = RunVar("finops_workers")


async def _nobody(_message: str, _done: float, _total: float) -> None:
    """Hear progress and pass it to nobody."""


async def ask(
    toolbox: Toolbox,
    name: str,
    arguments: Mapping[str, Any],
    *,
    tell: Tell = _nobody,
    whole: bool = False,
) -> Answer:
    """Ask one question without holding up the event loop.

    When the awaiting task is cancelled, the question's query is interrupted and its worker freed.
    """
    cancel = Cancel()

    told = 0.0

    def progress(message: str, done: float, total: float) -> None:
        nonlocal told
        now = time.monotonic()
        if not cancel.asked.is_set() and (now - told >= _SECONDS_BETWEEN or done >= total):
            told = now
            anyio.from_thread.run(tell, message, done, total)

    call = partial(toolbox.call, name, arguments, progress=progress, cancel=cancel, whole=whole)
    try:
        return await anyio.to_thread.run_sync(call, abandon_on_cancel=True, limiter=_limiter())
    except anyio.get_cancelled_exc_class():
        cancel.now()
        raise


def _limiter() -> anyio.CapacityLimiter:
    """Bound the workers to twice the cores: more of them only add memory."""
    try:
        return _workers.get()
    except LookupError:
        _workers.set(anyio.CapacityLimiter(2 * (os.cpu_count() or 1)))
        return _workers.get()
