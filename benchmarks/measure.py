"""Time and memory of one piece of work in a process of its own, so that neither is another's."""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_SECONDS_BETWEEN = 0.05


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
    from finops_mcp.cache.isolated import nursery

    watch = _Watch()
    began, began_cpu = time.perf_counter(), time.process_time()
    result = work(*arguments)
    seconds = time.perf_counter() - began
    nursery.close()  # so that what its children used is counted
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() - began_cpu + below.ru_utime + below.ru_stime
    peak = max(watch.peak(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    pipe.send(Measured(seconds, cpu, peak / 1024, result))


class _Watch:
    """Watches the memory of a process and of all below it: each page once, however many of them share it."""

    def __init__(self) -> None:
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def peak(self) -> int:
        """Give the most that was seen at any time, in KiB; nothing where the system has no /proc."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._done.wait(_SECONDS_BETWEEN):
            self._peak = max(self._peak, sum(_pages(pid) for pid in _below(os.getpid())))


def _below(root: int) -> list[int]:
    """List a process and all that it started, directly or not."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has just ended
            continue
        children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _pages(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
