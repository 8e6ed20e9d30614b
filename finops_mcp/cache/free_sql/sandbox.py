"""What the kernel takes away from a process before it runs a stranger's statement or reads their file."""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_NO_NEW_PRIVILEGES = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_BELOW_A_PATH = 1
_EXECUTE, _WRITE, _REMOVE_AND_MAKE, _REFER, _TRUNCATE = 1 << 0, 1 << 1, 0b1111_1111_1 << 4, 1 << 13, 1 << 14
_TCP = 0b11
_MOST_FILES = 4096


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Below(ctypes.Structure):
    _layout_ = "ms"
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def read_only() -> None:
    """Take away writing, and where the kernel can (Landlock), making and removing files and the network too.

    Holds for this thread and every thread it starts, so it comes before the engine starts its own.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    writing_only_below()


def writing_only_below(*folders: Path) -> None:
    """Take away writing, making and removing files outside of some folders, and TCP, where the kernel can."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    denied = _EXECUTE | _WRITE | _REMOVE_AND_MAKE
    denied |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)  # noqa: PLR2004
    network = version >= 4  # noqa: PLR2004
    rules = _Ruleset(denied, _TCP if network else 0)
    size = ctypes.sizeof(rules) if network else ctypes.sizeof(ctypes.c_uint64)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return
    for folder in folders:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        below = _Below(denied & ~_EXECUTE, opened)
        libc.syscall(_ADD_RULE, ruleset, _BELOW_A_PATH, ctypes.byref(below), 0)
        os.close(opened)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        libc.syscall(_RESTRICT_SELF, ruleset, 0)


def bounded(*, memory_mb: int, seconds: float, threads: int) -> None:
    """Bound memory, processor time and time; the kernel ends the process even where its parent is gone."""
    processor = int(seconds * threads) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)
    files = min(_MOST_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    mapped = Path("/proc/self/statm")
    if mapped.exists():  # elsewhere the engine's own limit has to do
        already = int(mapped.read_text().split()[0]) * resource.getpagesize()
        most = already + (memory_mb << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
