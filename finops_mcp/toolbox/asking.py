"""Asking the toolbox from an event loop: on a worker, with progress, stopped when the caller goes."""

import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread
from anyio.lowlevel import RunVar

from finops_mcp.answers import Answer
from finops_mcp.toolbox.toolbox import Cancel, Toolbox

Tell = Callable[[str, float, float | None], Coroutine[Any, Any, None]]
"""Told what is being done, how much of it is done, and how much there is, if that is known."""

_SECONDS_BETWEEN = 0.1
_SECONDS_IN_SILENCE = 1.0
Written = TypeVar("Written")
_workers: RunVar[anyio.CapacityLimiter] = RunVar("finops_workers")


async def _nobody(_message: str, _done: float, _total: float | None) -> None:
    """Hear progress and pass it to _nobody."""


def _as_it_is(answer: Answer) -> Answer:
    return answer


async def ask(
    toolbox: Toolbox,
    name: str,
    arguments: Mapping[str, Any],
    *,
    tell: Tell = _nobody,
    whole: bool = False,
    key: str = "",
) -> Answer:
    """Ask one question without holding up the event loop.

    When the awaiting task is cancelled, the question's query is interrupted and its worker freed.
    """
    return await asked(toolbox, name, arguments, _as_it_is, tell=tell, whole=whole, key=key)


async def asked(
    toolbox: Toolbox,
    name: str,
    arguments: Mapping[str, Any],
    write: Callable[[Answer], Written],
    *,
    tell: Tell = _nobody,
    whole: bool = False,
    key: str = "",
    agreed: Mapping[str, Any] | None = None,
) -> Written:
    """Ask one question and write its answer on the same worker, so that neither holds up the event loop."""
    cancel = Cancel()

    told, reached = 0.0, -1.0

    def progress(message: str, done: float, total: float) -> None:
        """Pass on what is more than was told before: the protocol wants every step to be further."""
        nonlocal told, reached
        now = time.monotonic()
        if cancel.asked.is_set() or done <= reached:
            return
        if now - told >= _SECONDS_BETWEEN or done >= total:
            told, reached = now, done
            anyio.from_thread.run(tell, message, done, total)

    def call() -> Written:
        answer = toolbox.call(
            name, arguments, progress=progress, cancel=cancel, whole=whole, key=key, agreed=agreed
        )
        return write(answer)

    async def run() -> Written:
        try:
            return await anyio.to_thread.run_sync(call, abandon_on_cancel=True, limiter=_limiter())
        except anyio.get_cancelled_exc_class():
            cancel.now()
            raise

    return await (run() if tell is _nobody else _with_signs_of_life(run, name, tell, lambda: bool(told)))


async def _with_signs_of_life(
    run: Callable[[], Awaitable[Written]], name: str, tell: Tell, told: Callable[[], bool]
) -> Written:
    """Tell how long a question has taken, every second, unless it tells how far it is itself."""

    async def signs() -> None:
        began = time.monotonic()
        while True:
            await anyio.sleep(_SECONDS_IN_SILENCE)
            if told():
                return
            seconds = time.monotonic() - began
            await tell(f"{name}: at work for {seconds:.0f} s", seconds, None)

    written: Written
    fault: Exception | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(signs)
        try:
            written = await run()
        except Exception as error:  # noqa: BLE001 - raised again below, where no group wraps it
            fault = error
        tasks.cancel_scope.cancel()
    if fault:
        raise fault
    return written


def _limiter() -> anyio.CapacityLimiter:
    """Bound the workers to twice the cores: more of them only add memory."""
    try:
        return _workers.get()
    except LookupError:
        _workers.set(anyio.CapacityLimiter(2 * (os.cpu_count() or 1)))
        return _workers.get()
