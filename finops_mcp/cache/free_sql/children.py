"""Where do child processes come from? One is kept started for each dialect, so that a call need not wait."""

import atexit
import subprocess
import threading

from finops_mcp.cache.child_process import ALONE, command

_CHILD = "finops_mcp.cache.free_sql.child"


class Children:
    """Child processes, each of which answers one statement and ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: dict[str, subprocess.Popen[bytes]] = {}

    def take(self, dialect: str) -> "subprocess.Popen[bytes]":
        """Give a child that waits for its job."""
        with self._lock:
            spare = self._spare.pop(dialect, None)
        if spare is not None and spare.poll() is None:
            return spare
        if spare is not None:
            end(spare)
        return _start(dialect)

    def prepare(self, dialect: str) -> None:
        """See to it that the next call of the dialect finds a child that has started; nobody waits for it."""
        threading.Thread(target=self._prepare, args=(dialect,), daemon=True).start()

    def _prepare(self, dialect: str) -> None:
        with self._lock:
            if dialect not in self._spare:
                self._spare[dialect] = _start(dialect)

    def close(self) -> None:
        """End the children that wait."""
        with self._lock:
            spares, self._spare = list(self._spare.values()), {}
        for spare in spares:
            end(spare)


def _start(dialect: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
        command(_CHILD, dialect),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=ALONE,
    )


def end(child: "subprocess.Popen[bytes]") -> None:
    """End a child at once and let go of its pipes."""
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None and not pipe.closed:
            try:
                pipe.close()
            except OSError:  # what was not yet written is of no use to anyone now
                continue
    child.wait()


children = Children()
atexit.register(children.close)
