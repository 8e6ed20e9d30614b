"""Does the server keep to the protocol, whatever it is asked, and tell models all they need?"""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from finops_mcp.app import App
from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import MOST_BYTES
from tests.surfaces.serving import COMMAND, environment, stdio
from tests.tools.tiny import app_at, charge, home_of

ERAS = ["2026-07-28", "legacy"]
OWN_TOOLS = {
    "chatty": '''
print("hello from the import")
@tool("What if a tool prints?")
def chatty(costs: Costs) -> Answer:
    """Prints, writes to the descriptor, and starts a program that prints."""
    print("hello from print", flush=True)
    os.write(1, b"hello from the descriptor\\n")
    subprocess.run(["echo", "hello from a program"], check=True)
    return Answer(summary="Said.", columns=[], rows=[], totals={}, total_rows=0, truncated=False)
''',
    "broken": '''
@tool("What if we fail?")
def broken(costs: Costs) -> Answer:
    """Fails in a way that nobody foresaw."""
    raise RuntimeError("the password is swordfish")
''',
    "endless": '''
STATE = []
@tool("How long is a piece of string?")
def endless(costs: Costs) -> Answer:
    """Runs until it is stopped."""
    STATE.append("started")
    try:
        costs.ask("select count(*) from range(10000000) a, range(10000000) b where a.range % 7 < b.range % 5")
    except BaseException as error:
        STATE.append(type(error).__name__)
        raise
    raise AssertionError
''',
}


@pytest.fixture(scope="module")
def own_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    head = "import os, subprocess\nfrom finops_mcp import Answer, Costs, tool\n"
    for name, text in OWN_TOOLS.items():
        (folder / f"{name}.py").write_text(head + text)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    charges = [
        charge(f"{n}.5", date(2026, 1, 1 + n % 31), line_item_resource_id=f"i-{n:020}") for n in range(300)
    ]
    home_of(folder, charges)
    return folder


@pytest.fixture
def app(tiny: Path, own_tools: Path) -> App:
    return app_at(tiny / "home", tools=str(own_tools))


def text_of(answer: Any) -> str:
    return "\n".join(getattr(block, "text", "") for block in answer.content)


@pytest.mark.parametrize("mode", ERAS)
async def test_an_unknown_tool_is_refused_with_near_names(app: App, mode: str) -> None:
    async with Client(app.mcp_server(), mode=mode) as client:
        answer = await client.call_tool("cost_bye", {})
    assert answer.is_error
    assert "There is no tool named 'cost_bye'. Did you mean cost_by" in text_of(answer)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"metrik": "billed_cost"}, "cost_by has no parameter 'metrik'. Did you mean metric?"),
        (
            {"dimension": "servic_name"},
            "There is no dimension named 'servic_name'. Did you mean service_name",
        ),
        ({"month": "2025-12"}, "The cache holds no charges for 2025-12; it holds 2026-01 to 2026-01."),
        ({"filters": [{"dimension": "service_code", "values": ["AmazonEC3"]}]}, "Did you mean AmazonEC2"),
        ({"start": "2026-01-05", "end": "2026-01-02"}, "`end` is exclusive"),
    ],
)
async def test_a_mistake_is_told_whole_and_never_masked(
    app: App, mode: str, arguments: dict[str, Any], said: str
) -> None:
    async with Client(app.mcp_server(), mode=mode) as client:
        answer = await client.call_tool("cost_by", arguments)
    assert answer.is_error
    assert answer.structured_content is None
    assert said in text_of(answer)


async def test_an_error_never_grows_beyond_what_hosts_show(app: App) -> None:
    for arguments in (
        {"dimension": "x" * 100_000},
        {"month": "2026-01" * 10_000},
        {"filters": [{"dimension": "resource_id", "values": ["i-nowhere"]}]},
        {"x" * 100_000: 1},
        {"filters": [{"dimension": "service_name", "op": "contains", "values": ["y" * 100_000]}]},
    ):
        async with Client(app.mcp_server()) as client:
            answer = await client.call_tool("cost_by", arguments)
        assert len(text_of(answer)) <= 11_000


async def test_a_fault_of_ours_is_masked_and_the_connection_goes_on(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client(app.mcp_server()) as client:
        answer = await client.call_tool("broken", {})
        assert answer.is_error
        assert text_of(answer) == "broken failed on our side; the server's log says why."
        assert "swordfish" in caplog.text
        assert not (await client.call_tool("cost_by", {})).is_error


async def heard(told: list[Any], done: float, total: float | None, message: str | None) -> None:
    told.append((done, total, message))


async def test_a_refresh_tells_how_far_it_is(tmp_path: Path) -> None:
    for mode in ERAS:
        place = tmp_path / mode
        home_of(place, [charge("1"), charge("2", date(2026, 2, 1))])
        app = app_at(place / "other", source=str(place / "exports"))
        told: list[tuple[float, float | None, str | None]] = []

        hear = partial(heard, told)
        async with Client(app.mcp_server(), mode=mode) as client:
            answer = await client.call_tool("refresh_data", {}, progress_callback=hear)
        assert not answer.is_error, text_of(answer)
        assert told
        assert told[-1][2] == "Published"
        assert all(done <= (total or 0) for done, total, _ in told)
        assert [done for done, *_ in told] == sorted(done for done, *_ in told)


@pytest.mark.parametrize("mode", ERAS)
async def test_prompts_are_listed_and_filled(app: App, mode: str) -> None:
    async with Client(app.mcp_server(), mode=mode) as client:
        listed = (await client.list_prompts()).prompts
        by_name = {p.name: p for p in listed}
        assert {"explain_a_spike", "monthly_review"} <= by_name.keys()
        assert all(p.title and p.description for p in listed)
        spike = by_name["explain_a_spike"]
        assert [(a.name, a.required) for a in spike.arguments or []] == [("when", True), ("service", False)]
        filled = await client.get_prompt("explain_a_spike", {"when": "2026-01-07", "service": "AmazonEC2"})
        words = filled.messages[0].content
        assert "in 2026-01-07 (service: AmazonEC2)" in getattr(words, "text", "")
        review = await client.get_prompt("monthly_review", {})
        assert "(no month given)" in getattr(review.messages[0].content, "text", "")


async def test_a_prompt_without_what_it_needs_is_refused_by_name(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        with pytest.raises(MCPError, match="explain_a_spike needs when"):
            await client.get_prompt("explain_a_spike", {"service": "AmazonEC2"})
        with pytest.raises(MCPError, match=r"no prompt named 'weekly'.*explain_a_spike, monthly_review"):
            await client.get_prompt("weekly", {})
        with pytest.raises(MCPError, match="has no blank named 'wen'"):
            await client.get_prompt("explain_a_spike", {"when": "2026-01", "wen": "x"})


async def test_a_call_that_is_dropped_stops_its_query_and_frees_its_worker(app: App) -> None:
    import sys

    async with Client(app.mcp_server()) as client:
        with anyio.move_on_after(1.0) as scope:
            await client.call_tool("endless", {})
        assert scope.cancelled_caught
        state = sys.modules["finops_mcp_tools.endless"].STATE
        until = time.monotonic() + 5
        while len(state) < 2 and time.monotonic() < until:  # noqa: ASYNC110 - what it waits for is a thread
            await anyio.sleep(0.02)
        assert state[:2] == ["started", "Cancelled"]
        assert not (await client.call_tool("cost_by", {})).is_error
    state.clear()


async def test_several_questions_at_once_are_each_answered_their_own(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        found: dict[int, Any] = {}

        async def one(top: int) -> None:
            answer = await client.call_tool("cost_by", {"dimension": ["resource_id"], "top": top})
            found[top] = answer.structured_content

        async with anyio.create_task_group() as tasks:
            for top in range(1, 21):
                tasks.start_soon(one, top)
    assert {top: len(a["rows"]) for top, a in found.items()} == {top: top for top in range(1, 21)}


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


LARGE: list[tuple[str, dict[str, Any]]] = [
    ("cost_by", {"dimension": ["resource_id"], "top": 1000}),
    ("cost_trend", {"start": "2026-01-01", "end": "2026-02-01"}),
    ("resource_costs", {"top": 1000}),
    ("cost_schema", {"dimension": "resource_id"}),
    ("cost_schema", {"table": "charges"}),
    ("cost_by", {"filters": [{"dimension": "service_name", "op": "contains", "values": ["y" * 9_000]}]}),
    ("cost_sql", {"sql": "select * from charges"}),
]


@pytest.mark.parametrize(("tool", "arguments"), LARGE)
async def test_text_alone_and_structure_alone_each_stay_within_the_cap(
    app: App, tool: str, arguments: dict[str, Any]
) -> None:
    async with Client(app.mcp_server()) as client:
        answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, text_of(answer)
    assert len(text_of(answer).encode()) <= MOST_BYTES
    assert len(json.dumps(answer.structured_content, ensure_ascii=False).encode()) <= MOST_BYTES * 1.1
    structured = answer.structured_content
    assert structured is not None
    if len(structured["rows"]) < structured["total_rows"]:
        assert structured["truncated"] is True


async def test_text_alone_says_everything_that_the_structure_says(app: App) -> None:
    arguments = {
        "dimension": ["resource_id"], "top": 3, "compare": "previous_period", "start": "2026-01-10",
        "end": "2026-01-20", "filters": [{"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}],
    }  # fmt: skip
    async with Client(app.mcp_server()) as client:
        answer = await client.call_tool("cost_by", arguments)
    text, told = text_of(answer), answer.structured_content
    assert told is not None
    assert told["summary"] in text
    assert all(column in text for column in told["columns"])
    assert all(row[0] in text for row in told["rows"])
    assert f"3 of {told['total_rows']} rows shown" in text
    assert all(caveat in text for caveat in told["caveats"])
    basis = told["basis"]
    for said in (basis["measure"], basis["currency"], basis["scope"], "service_code eq AmazonEC2"):
        assert said in text
    for period in (basis["period"], basis["compared_with"]):
        assert f"{period['start']} to before {period['end_exclusive']}" in text
    for source in basis["source"]:
        assert all(source[part] in text for part in ("export", "dialect", "as_of", "execution_id"))
    for step in told["next"]:
        assert step["why"] in text
        assert json.dumps(step["arguments"], ensure_ascii=False) in text
    assert "other" in told
    assert "Other: " in text


QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("data_status", {}),
    (
        "cost_by",
        {"filters": [{"dimension": "region_id", "op": "eq", "values": ["eu-west-1"]}], "scope": "bill"},
    ),
    ("cost_by", {"metric": "list_cost", "dimension": ["tag:project"], "month": "2026-09"}),
    ("cost_trend", {"granularity": "week", "metric": "unblended_cost"}),
    ("cost_trend", {"granularity": "month"}),
    ("cost_trend", {}),
    ("resource_costs", {"month": "2026-09", "metric": "list_cost"}),
    ("invoices", {"start": "2026-08-01", "end": "2026-10-01"}),
    ("cost_schema", {}),
]


@pytest.mark.parametrize(("tool", "arguments"), QUESTIONS)
async def test_what_an_answer_says_to_ask_next_can_be_asked_and_is_about_the_same(
    sample_home: Home, tool: str, arguments: dict[str, Any]
) -> None:
    async with Client(app_at(sample_home.path).mcp_server()) as client:
        answer = await client.call_tool(tool, arguments)
        told = answer.structured_content
        assert told is not None
        assert told["next"]
        for step in told["next"]:
            following = await client.call_tool(step["tool"], step["arguments"])
            assert not following.is_error, text_of(following)
            then = following.structured_content
            assert then is not None
            assert then["rows"]
            if told.get("basis") and then.get("basis") and tool != "invoices":
                assert then["basis"]["measure"] == told["basis"]["measure"]
                assert then["basis"]["scope"] == told["basis"]["scope"]


async def test_the_part_that_is_opened_up_next_costs_what_its_row_said(sample_home: Home) -> None:
    arguments = {
        "month": "2026-09", "metric": "billed_cost", "scope": "bill",
        "filters": [{"dimension": "region_id", "op": "eq", "values": ["eu-west-1"]}],
    }  # fmt: skip
    async with Client(app_at(sample_home.path).mcp_server()) as client:
        told = (await client.call_tool("cost_by", arguments)).structured_content
        assert told is not None
        (step,) = told["next"]
        then = (await client.call_tool(step["tool"], step["arguments"])).structured_content
    assert then is not None
    assert then["totals"] == {"billed_cost": told["rows"][0][1]}


async def test_a_question_is_answered_over_real_stdio(tiny: Path) -> None:
    async with Client(stdio(tiny / "home")) as client:
        answer = await client.call_tool("cost_by", {})
    assert answer.structured_content is not None
    assert answer.structured_content["totals"] == {"effective_cost": "45000.00"}
