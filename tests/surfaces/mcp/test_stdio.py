"""Is the server over standard input and output what assistants expect of one?"""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client

from tests.surfaces.serving import COMMAND, environment, stdio


def conversation(*messages: dict[str, Any]) -> bytes:
    return b"".join(json.dumps({"jsonrpc": "2.0", **m}).encode() + b"\n" for m in messages)


HELLO = (
    {
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"method": "notifications/initialized"},
)


class Spoken:
    """A server started as an assistant starts it, spoken to line by line."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--verbose", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(FINOPS_HOME=str(home), **settings),
        )
        assert self.process.stderr
        self.noise = b""
        self._listening = threading.Thread(target=self._hear, args=(self.process.stderr,))
        self._listening.start()

    def _hear(self, stream: Any) -> None:
        self.noise = stream.read()

    def say(self, message: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(message)
        self.process.stdin.flush()

    def hear(self) -> bytes:
        assert self.process.stdout
        return self.process.stdout.readline()

    def end(self) -> bytes:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait(20)
        self._listening.join(20)
        assert self.process.stderr
        self.process.stderr.close()
        return rest


@pytest.fixture
def spoken(tiny: Path, own_tools: Path) -> Iterator[Spoken]:
    server = Spoken(tiny / "home", FINOPS_TOOLS=str(own_tools), PYTHONUNBUFFERED="1")
    yield server
    if server.process.poll() is None:
        server.end()


def test_nothing_but_the_protocol_is_ever_said_on_stdout(spoken: Spoken) -> None:
    spoken.say(conversation(*HELLO))
    lines = [spoken.hear()]
    calls: list[tuple[str, dict[str, Any]]] = [
        ("chatty", {}), ("broken", {}), ("cost_by", {"metrik": 1}), ("cost_by", {}), ("refresh_data", {}),
    ]  # fmt: skip
    for number, (name, arguments) in enumerate(calls, start=2):
        call = {"id": number, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        spoken.say(conversation(call))
        lines.append(spoken.hear())
    spoken.say(b"this is not JSON\n")
    lines += spoken.end().splitlines()
    messages = [json.loads(line) for line in lines if line.strip()]
    assert all(m["jsonrpc"] == "2.0" for m in messages)
    answers = {m["id"]: m["result"] for m in messages if m.get("id") and "result" in m}
    assert answers[2]["structuredContent"]["summary"] == "Said."
    assert answers[5]["structuredContent"]["totals"] == {"effective_cost": "45000.00"}
    for said in (b"the import", b"print", b"the descriptor", b"a program"):
        assert b"hello from " + said in spoken.noise
    assert spoken.process.returncode == 0


def test_the_server_ends_when_its_client_leaves(spoken: Spoken) -> None:
    spoken.say(conversation(*HELLO))
    spoken.hear()
    assert spoken.end() == b""
    assert spoken.process.returncode == 0


async def test_a_question_is_answered_over_real_stdio(tiny: Path) -> None:
    async with Client(stdio(tiny / "home")) as client:
        answer = await client.call_tool("cost_by", {})
    assert answer.structured_content is not None
    assert answer.structured_content["totals"] == {"effective_cost": "45000.00"}
