"""Where are exported files read? In a process of its own for each delivery: it alone can come to grief.

One process waits with everything imported. For each delivery it makes a watcher, and the watcher a worker:
the worker reads, within limits; the watcher tells how the worker ended, and ends it when the other side of
the delivery's socket is closed, which the kernel does however the parent ends.
"""

import contextlib
import ctypes
import json
import os
import pickle
import select
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import duckdb

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.free_sql import sandbox
from finops_mcp.cache.own_files import SUM
from finops_mcp.cache.segment import DataFile, build_segment
from finops_mcp.errors import FinopsError
from finops_mcp.exports.manifests import Delivery
from finops_mcp.exports.received import checksum

LENGTH = 8
"""Bytes that tell the length of a job."""
_IDLE_SECONDS = 60
_PARENT_DEATH_SIGNAL = 1
_FIRST_TO_GO = "800"
"""Where memory runs out, the kernel is to end the worker and not the server."""


@dataclass(frozen=True)
class Loading:
    """One delivery to be loaded, and what the process that loads it may use."""

    delivery: Delivery
    delivered: list[DataFile]
    identity: str
    folder: Path
    settled: Path
    limits: EngineLimits
    memory_mb: int
    seconds: float
    niceness: int
    drill: dict[str, str]
    """For tests: what is to happen when a file of this name is met."""


def main() -> None:
    """Wait for deliveries, each a socket of its own, until nobody is there who could send one."""
    checksum((), SUM)  # imports what adds up, once and not in every worker
    with socket.socket(fileno=os.dup(0)) as control:
        control.settimeout(_IDLE_SECONDS)
        with contextlib.suppress(TimeoutError):
            while True:
                word, received, _, _ = socket.recv_fds(control, 1, 1)
                if not word:
                    break
                if os.fork() == 0:
                    control.close()
                    _watch(socket.socket(fileno=received[0]))
                os.close(received[0])
                _bury(os.WNOHANG)
    _bury(0)


def _bury(how: int) -> None:
    """Take note of the watchers that have ended, or with no `how`, wait for all of them."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _watch(parent: socket.socket) -> NoReturn:
    """Start the worker of one delivery, tell how it ends, and end it when the parent has gone."""
    try:
        length = int.from_bytes(_received(parent, LENGTH), "big")
        text = _received(parent, length)
        parent.sendall(b'{"begun": true}\n')
        alive, held = os.pipe()
        watcher = os.getpid()
        worker = os.fork()
        if worker == 0:
            os.close(alive)
            _work(parent, pickle.loads(text), watcher)  # noqa: S301 - our own parent wrote it
        os.close(held)
        if parent.fileno() in select.select([parent.fileno(), alive], [], [])[0]:
            os.kill(worker, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        parent.sendall(json.dumps({"ended": status}).encode() + b"\n")
    finally:
        os._exit(0)


def _received(parent: socket.socket, length: int) -> bytes:
    """Read so many bytes; this process ends where its parent does before that."""
    text = b""
    while len(text) < length:
        part = parent.recv(length - len(text))
        if not part:
            os._exit(0)
        text += part
    return text


def _work(parent: socket.socket, job: Loading, watcher: int) -> NoReturn:
    """Load one delivery and say how it went."""
    try:
        _confine(job, watcher)
        said = _load(parent, job)
        parent.sendall(json.dumps(said).encode() + b"\n")
    finally:
        os._exit(0)


def _confine(job: Loading, watcher: int) -> None:
    os.nice(job.niceness)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != watcher:
            os._exit(0)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    sandbox.writing_only_below(*(f for f in (job.folder, job.limits.spill) if f))
    sandbox.bounded(memory_mb=job.memory_mb, seconds=job.seconds, threads=job.limits.threads)


def _load(parent: socket.socket, job: Loading) -> dict[str, object]:
    def loaded(key: str) -> None:
        parent.sendall(json.dumps({"loaded": key}).encode() + b"\n")

    drills = [d for file in job.delivered if (d := job.drill.get(file.path.name))]
    try:
        for drill in drills:
            _rehearse(drill, job)
        build_segment(
            job.delivery,
            job.delivered,
            identity=job.identity,
            folder=job.folder,
            settled=job.settled,
            limits=job.limits,
            loaded=loaded,
        )
        if "late" in drills:
            _rehearse("crash", job)
    except FinopsError as error:
        if _out_of_memory(error.__cause__):
            return {"out_of_memory": True}
        told = {"message": error.message, "valid": error.valid, "near": error.near}
        return {"refused": type(error).__name__, **told}
    except Exception as error:  # noqa: BLE001 - a fault of ours, which the parent raises
        return {"out_of_memory": True} if _out_of_memory(error) else {"fault": repr(error)}
    return {"done": True}


def _out_of_memory(error: BaseException | None) -> bool:
    return isinstance(error, MemoryError | duckdb.OutOfMemoryException) or "bad_alloc" in str(error)


def _rehearse(fault: str, job: Loading) -> None:
    """Come to grief as a file might make its reader do."""
    match fault:
        case "crash":
            ctypes.string_at(0)
        case "abort":
            os.abort()
        case "hang":
            while True:
                signal.pause()
        case "memory":
            bytearray(1 << 50)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "fault":
            raise ValueError("a fault of ours")
        case "write":
            (job.folder.parents[2] / "elsewhere").write_text("a file where none may be")
