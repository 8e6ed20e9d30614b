"""Does a refresh hold the memory it was given, and what do questions wait for while it runs?

usage: python -m benchmarks.refreshing [LINE_ITEMS] [MEMORY_LIMIT,...] [FOLDER]

Every delivery is made new before each refresh, so that each loads everything, in the home that is served.
"""

import http.client
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.organisation import write_export
from benchmarks.questions import SHAPES, question
from benchmarks.serving import KINDS, p95, served

MOST_TIMES_SLOWER = 2
_SECONDS_AT_REST = 20
_SECONDS_BETWEEN = 0.02
_SECONDS_BETWEEN_LOOKS = 0.05
_GIB = 2**30
_COMMAND = [sys.executable, "-m", "finops_mcp"]

Times = dict[str, list[float]]


def delivered_anew(root: Path, number: int) -> None:
    """Give every delivery another execution: the same files, to be loaded again."""
    for path in root.rglob("*Manifest.json"):
        manifest = json.loads(path.read_text())
        begun = manifest["executionId"].partition(" ")[0]
        path.write_text(json.dumps({**manifest, "executionId": f"{begun} {number}"}))


class Tree:
    """The memory that a process and all below it hold at once, at its highest."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.peak = self.largest = 0
        self._process = process
        self._looking = threading.Thread(target=self._look)
        self._looking.start()

    def _look(self) -> None:
        while self.is_alive():
            held = [_resident(pid) for pid in _below(self._process.pid)]
            self.peak = max(self.peak, sum(held))
            self.largest = max(self.largest, *held)
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def is_alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def ended(self) -> None:
        """Wait for the process to end, and stop looking."""
        self._looking.join()
        if self._process.returncode:
            raise RuntimeError(f"the refresh ended with status {self._process.returncode}")


def _below(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _below(int(child))


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


@contextmanager
def refreshing(home: Path, source: Path, memory_limit: str) -> Iterator[Tree]:
    """Refresh a home in a process of its own while the block runs, and wait for its end."""
    environment = {**os.environ, "FINOPS_MEMORY_LIMIT": memory_limit, "FINOPS_SOURCE": str(source)}
    with subprocess.Popen(
        [*_COMMAND, "refresh", "--home", str(home)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        tree = Tree(process)
        yield tree
        tree.ended()


def asked(address: str, goes_on: Callable[[], bool]) -> Times:
    """Ask for as long as it goes on, kinds and shapes by turns, every question after a short rest."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    taken: Times = {kind: [] for kind in KINDS}
    fresh = itertools.count(next(_never_asked))
    for shape in SHAPES:
        _ask(connection, shape, 0)
    while goes_on():
        for shape in SHAPES:
            for kind in KINDS:
                began = time.perf_counter()
                _ask(connection, shape, next(fresh) if kind == KINDS[1] else 0)
                taken[kind].append(1000 * (time.perf_counter() - began))
                time.sleep(_SECONDS_BETWEEN)
    return taken


_never_asked = itertools.count(1, 100_000)


def _ask(connection: http.client.HTTPConnection, shape: str, number: int) -> None:
    body = json.dumps(question(shape, number))
    connection.request("POST", "/v1/cost_by", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    if response.status != http.client.OK:
        raise RuntimeError(answer)


def for_seconds(seconds: float) -> Callable[[], bool]:
    """Go on for so long."""
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() < until


def told(what: str, times: Times, rest: Times | None = None) -> None:
    """Print the median and p95 of each kind of question, and how many times those at rest they are."""
    for kind, found in times.items():
        median, late = statistics.median(found), p95(found)
        line = f"  {what:<26} {kind:<12} {len(found):5} asked  median {median:6.1f} ms  p95 {late:6.1f} ms"
        if rest:
            slower = median / statistics.median(rest[kind])
            line += f"  {slower:4.2f} and {late / p95(rest[kind]):4.2f} times"
            line += "" if slower <= MOST_TIMES_SLOWER else f"  MORE than the promised {MOST_TIMES_SLOWER}"
        print(line, flush=True)


def remembered(what: str, line_items: int, limit: str, tree: Tree, seconds: float) -> None:
    """Print how fast a refresh was, and how much memory it held of what it was given."""
    allowed = float(limit.removesuffix("GiB")) * _GIB
    print(
        f"limit {limit}, {what}: {seconds:.0f} s, {line_items / seconds:,.0f} rows/s;"
        f" peak {tree.peak / 2**20:,.0f} MiB of {allowed / 2**20:,.0f} ({tree.peak / allowed:.2f}),"
        f" the largest process {tree.largest / 2**20:,.0f} MiB",
        flush=True,
    )


def main() -> None:
    """Print peak memory beside the limit, and times at rest and while refreshing, for every limit."""
    line_items = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    limits = (sys.argv[2] if len(sys.argv) > 2 else "1GiB,4GiB").split(",")  # noqa: PLR2004 - a position
    folder = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.gettempdir()) / "finops-bench"  # noqa: PLR2004
    source, home = folder / f"{line_items}-anew", folder / "refreshing-home"
    write_export(source, line_items)
    shutil.rmtree(home, ignore_errors=True)
    number = itertools.count(time.time_ns())
    print(f"{line_items:,} line items, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    began = time.perf_counter()
    with refreshing(home, source, limits[0]) as tree:
        pass
    remembered("first, nobody asks", line_items, limits[0], tree, time.perf_counter() - began)
    environment = {**os.environ, "FINOPS_HOME": str(home)}
    with served(environment) as address:
        for limit in limits:
            delivered_anew(source, next(number))
            asked(address, for_seconds(2))
            load = os.getloadavg()[0]
            rest = asked(address, for_seconds(_SECONDS_AT_REST))
            began = time.perf_counter()
            with refreshing(home, source, limit) as tree:
                meanwhile = asked(address, tree.is_alive)
            name = f"while asked, load before {load:.1f}"
            remembered(name, line_items, limit, tree, time.perf_counter() - began)
            told("at rest", rest)
            told("while refreshing", meanwhile, rest)


if __name__ == "__main__":
    main()
