"""How long from starting the server to its first answers over stdio, on a built cache?

usage: python -m benchmarks.startup [RUNS]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from finops_mcp.app import App
from finops_mcp.exports.sample import write_sample
from finops_mcp.settings import Settings

_HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"},
    },
}
_READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}
_QUESTION = {
    "jsonrpc": "2.0",
    "id": 2,
    "method": "tools/call",
    "params": {"name": "cost_by", "arguments": {"month": "2026-09"}},
}


def first_answers(home: Path) -> tuple[float, float]:
    """Give the seconds to the first answer (the handshake) and to the first cost_by."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "finops_mcp", "serve", "--home", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin  # noqa: S101 - it was asked for
        assert server.stdout  # noqa: S101 - it was asked for

        def say(message: dict[str, Any]) -> None:
            print(json.dumps(message), file=server.stdin, flush=True)

        say(_HELLO)
        server.stdout.readline()
        hello = time.perf_counter() - began
        say(_READY)
        say(_QUESTION)
        answer = json.loads(server.stdout.readline())
        cost = time.perf_counter() - began
        if answer["result"].get("isError"):
            raise RuntimeError(answer)
        server.stdin.close()
    return hello, cost


def main() -> None:
    """Print the medians and the slowest."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        home, exports = Path(folder, "home"), Path(folder, "exports")
        write_sample(exports)
        App(Settings.read(home=home)).refresher.refresh(str(exports))
        found = [first_answers(home) for _ in range(runs)]
    for name, times in zip(("first answer", "first cost_by"), zip(*found, strict=True), strict=True):
        print(f"{name:<14} median {statistics.median(times):.2f} s, slowest {max(times):.2f} s of {runs}")


if __name__ == "__main__":
    main()
