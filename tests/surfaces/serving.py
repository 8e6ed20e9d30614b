"""Our own command and server, as others start them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from threading import Thread
from time import monotonic, sleep
from typing import Any

import uvicorn
from mcp.client.stdio import StdioServerParameters
from starlette.applications import Starlette

from tests.tools.tiny import app_at

COMMAND = [sys.executable, "-m", "finops_mcp"]


def environment(**more: str) -> dict[str, str]:
    """Give a command's environment without settings of ours but these; answers are not counted.

    The homes are shared: what one test asks would show in the status that another reads.
    """
    others = {k: v for k, v in os.environ.items() if not k.startswith("FINOPS_")}
    return others | {"FINOPS_COUNT_ANSWERS": "no"} | more


def run(*words: str, home: Path | None = None, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run our command to its end."""
    place = {"FINOPS_HOME": str(home)} if home else {}
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment(**place, **more),
        stdin=subprocess.DEVNULL,
    )


def stdio(home: Path, *words: str, **more: str) -> StdioServerParameters:
    """Say how an assistant starts our server."""
    return StdioServerParameters(
        command=COMMAND[0],
        args=[*COMMAND[1:], "serve", *words],
        env=environment(FINOPS_HOME=str(home), **more),
    )


@contextmanager
def served(home: Path, allowed: Sequence[str] = (), **settings: str) -> Iterator[str]:
    """Serve a home over HTTP on a port of its own until the block ends."""
    with running(app_at(home, **settings).http(allowed), timeout_graceful_shutdown=1) as address:
        yield address


@contextmanager
def running(app: Starlette, **how: Any) -> Iterator[str]:
    """Run an app on a port of its own until the block ends."""
    listening = socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", **how))
    thread = Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        until = monotonic() + 15
        while not server.started and monotonic() < until:
            sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(15)
        listening.close()


def compact(structured: Any) -> str:
    """Write a structured answer in the order in which it was received."""
    return json.dumps(structured, ensure_ascii=False, separators=(",", ":"))


def flags(arguments: Mapping[str, Any]) -> list[str]:
    """Write arguments as a person types them: dashes, lists repeated, objects as JSON."""
    words: list[str] = []
    for name, value in arguments.items():
        for one in value if isinstance(value, list) else [value]:
            words += [f"--{name.replace('_', '-')}", one if isinstance(one, str) else json.dumps(one)]
    return words
