"""Time and memory of one piece of work in a process of its own, so that neither is another's."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What a piece of work took, and what it gave back."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    result: Any


def measured(work: Callable[..., Any], *arguments: Any) -> Measured:
    """Run work in a fresh process and measure it there."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    found: Measured = ours.recv()
    process.join()
    return found


def _run(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    began, began_cpu = time.perf_counter(), time.process_time()
    result = work(*arguments)
    seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send(Measured(seconds, cpu, peak, result))
