"""How is a delivery loaded without its files being able to harm the server? By a process of its own.

A child that crashes, hangs or runs out of memory costs the refresh and nothing else: the file is named and
put into quarantine.
"""

import atexit
import contextlib
import json
import os
import pickle
import select
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from finops_mcp import errors
from finops_mcp.cache.child_process import ALONE, command
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.loading_child import LENGTH, Loading
from finops_mcp.cache.segment import DataFile
from finops_mcp.errors import Cancelled, FinopsError
from finops_mcp.exports.manifests import Delivery

_CHILD = "finops_mcp.cache.loading_child"
_SECONDS_BETWEEN = 0.05
_ROOM_MB = 1024
"""What a process needs beside the engine's own memory: its code, its stacks, what readers take unasked."""
_LEAST_SECONDS = 600.0
_BYTES_A_SECOND = 100_000
"""A tenth of what the slowest machine tried can load of packed text: who takes longer than that hangs."""
_ENDED_FROM_OUTSIDE = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
DRILL: dict[str, str] = {}
"""For tests alone: what is to happen to the child that meets a file of this name."""


class ReaderLost(Exception):
    """The process that read some files came to grief; `at_once` where trying each file again costs little."""

    def __init__(self, files: Sequence[DataFile], why: str, *, at_once: bool = False) -> None:
        super().__init__(why)
        self.files = list(files)
        self.why = why
        self.at_once = at_once


class Nursery:
    """The process that makes the others: started once, it has imported what they need."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def prepare(self) -> None:
        """Start it, if it is not there, without waiting for it."""
        with self._lock:
            self._started()

    def child(self) -> socket.socket:
        """Give the socket of a new process that waits for its delivery."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._started(), [b"."], [theirs.fileno()])
            except OSError:  # it ended since, as it does when nobody asks for a while
                self._end()
                socket.send_fds(self._started(), [b"."], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """End it."""
        with self._lock:
            self._end()

    def _started(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
                    command(_CHILD),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env=ALONE,
                    start_new_session=True,  # a Ctrl-C is for us to hear; it hears of it from us
                )
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None


nursery = Nursery()
atexit.register(nursery.close)


def load_apart(
    delivery: Delivery,
    delivered: Sequence[DataFile],
    *,
    identity: str,
    folder: Path,
    settled: Path,
    limits: EngineLimits,
    niceness: int = 0,
    loaded: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> None:
    """Do what `build_segment` does, in a process of its own.

    Raises what it raises, ReaderLost, and Cancelled once `stop` is set.
    """
    loading = Loading(
        delivery,
        list(delivered),
        identity,
        folder,
        settled,
        limits,
        memory_mb=_memory_mb(limits),
        seconds=_LEAST_SECONDS + sum(f.path.stat().st_size for f in delivered) / _BYTES_A_SECOND,
        niceness=niceness,
        drill=DRILL,
    )
    stopped = stop or threading.Event()
    left = [f.key for f in delivered]

    def advance(key: str) -> None:
        left.remove(key)
        loaded(key)

    try:
        _run(loading, advance, stopped)
    except ReaderLost as lost:
        culprits = [f for f in delivered if f.key in left[:1]]
        if not culprits:
            culprits = _culprits(loading, stopped) if lost.at_once else loading.delivered
        raise ReaderLost(culprits, lost.why) from None


def _culprits(loading: Loading, stop: threading.Event) -> list[DataFile]:
    """Find the file that brings its reader down by itself; all of them where none does."""
    if len(loading.delivered) > 1:
        for file in loading.delivered:
            shutil.rmtree(loading.folder, ignore_errors=True)
            with contextlib.suppress(FinopsError):
                try:
                    _run(replace(loading, delivered=[file]), lambda _: None, stop)
                except ReaderLost:
                    return [file]
            if stop.is_set():
                raise Cancelled
    return loading.delivered


def _run(loading: Loading, loaded: Callable[[str], None], stop: threading.Event) -> None:
    for folder in (loading.folder, loading.limits.spill):
        if folder:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _ in range(2):
        with nursery.child() as child:
            if _hand_over(child, loading) and _listen(child, loading, loaded, stop):
                return
    raise RuntimeError("The process that is to load a delivery could not be started.")


def _hand_over(child: socket.socket, loading: Loading) -> bool:
    text = pickle.dumps(loading)
    try:
        child.sendall(len(text).to_bytes(LENGTH, "big") + text)
    except OSError:
        return False
    return True


def _listen(
    child: socket.socket, loading: Loading, loaded: Callable[[str], None], stop: threading.Event
) -> bool:
    """Hear a child out; false where it never began, as when the process that makes them was just ending."""
    begun, outcome = False, dict[str, Any]()
    for said in _lines(child, stop):
        begun = True
        if "loaded" in said:
            loaded(said["loaded"])
        outcome |= said
    if begun:
        _judge(loading, outcome)
    return begun


def _lines(child: socket.socket, stop: threading.Event) -> Iterator[dict[str, Any]]:
    rest = b""
    while True:
        if stop.is_set():
            child.shutdown(socket.SHUT_WR)  # its watcher ends it, and closes the other side when it has
            while child.recv(1 << 16):
                pass
            raise Cancelled
        if not select.select([child], [], [], _SECONDS_BETWEEN)[0]:
            continue
        try:
            part = child.recv(1 << 16)
        except ConnectionResetError:
            part = b""
        *lines, rest = (rest + part).split(b"\n")
        yield from map(json.loads, lines)
        if not part:
            return


def _judge(loading: Loading, outcome: dict[str, Any]) -> None:
    """Raise what went wrong, if anything did."""
    ended = outcome.get("ended", -signal.SIGKILL)
    if "refused" in outcome:
        raise _error(outcome)
    if "fault" in outcome:
        raise RuntimeError(outcome["fault"])
    if "out_of_memory" in outcome:
        limit = loading.limits.memory_limit
        raise ReaderLost([], f"reading it needs more than the {limit} of memory that it may use")
    if ended < 0:
        which = signal.Signals(-ended)
        if which in _ENDED_FROM_OUTSIDE:
            raise Cancelled
        crashed = which not in {signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL}
        raise ReaderLost([], _told(which, loading.seconds), at_once=crashed)
    if "done" not in outcome:
        raise ReaderLost([], f"the process that read it ended by itself (status {ended})")


def _told(which: signal.Signals, seconds: float) -> str:
    if which in {signal.SIGALRM, signal.SIGXCPU}:
        return f"reading it did not come to an end within {seconds:,.0f} s"
    if which == signal.SIGKILL:
        return "the process that read it was killed, as the system does when memory runs out"
    return f"the process that read it crashed ({which.name})"


def _error(outcome: dict[str, Any]) -> FinopsError:
    """Make the error that a child told of, without asking for its parts."""
    kind = getattr(errors, outcome["refused"], FinopsError)
    error: FinopsError = kind.__new__(kind)
    FinopsError.__init__(error, outcome["message"], valid=outcome["valid"], near=outcome["near"])
    return error


def _memory_mb(limits: EngineLimits) -> int:
    """Say how much a child may take in all."""
    engine = limits.memory_bytes or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return (engine * 3 // 2 >> 20) + _ROOM_MB
