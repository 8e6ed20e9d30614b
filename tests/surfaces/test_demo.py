"""Does the demo do, for real and within a minute, what it promises?"""

import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from finops_mcp.answers import cents
from finops_mcp.surfaces.demo import QUESTIONS
from finops_mcp.toolbox.folder import built_in, find_tools
from tests.surfaces.serving import COMMAND, environment
from tests.tools.oracle import SEPTEMBER, added, costs, lines


def test_every_question_of_the_demo_is_one_its_tool_takes() -> None:
    tools = {t.name: t for t in find_tools(built_in("tools"))}
    for _, tool, arguments in QUESTIONS:
        tools[tool].checked(arguments)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, httpx.Response, Path]:
    """Run the demo with --serve, ask the server it leaves, and stop it."""
    home = tmp_path_factory.mktemp("demo") / "home"
    process = subprocess.Popen(
        [*COMMAND, "demo", "--serve", "--port", "0", "--home", str(home)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    assert process.stderr
    told = ""
    for line in process.stderr:
        told += line
        if line.startswith("listening on "):
            break
    url = re.search(r"listening on (http://\S+)", told)
    assert url, told
    answer = httpx.get(f"{url[1]}/v1/cost_by?month=2026-09", timeout=20)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    return out, told + err, answer, home


def test_the_demo_asks_every_question_and_prints_each_answer(
    shown: tuple[str, str, httpx.Response, Path],
) -> None:
    out, told, *_ = shown
    for question, tool, _ in QUESTIONS:
        assert f"======== {question}  [{tool}]" in out
    ec2 = [line for line in costs(lines(SEPTEMBER)) if line["service"] == "AmazonEC2"]
    assert cents(added(ec2)) in out
    assert "3 invoice(s)" in out
    assert "Traceback" not in told
    assert "Aborted" not in told


def test_the_demo_leaves_a_server_that_answers_when_asked_to(
    shown: tuple[str, str, httpx.Response, Path],
) -> None:
    *_, answer, home = shown
    assert answer.json()["totals"]["effective_cost"].startswith(f"{added(costs(lines(SEPTEMBER))):.6f}"[:-1])
    assert (home / "sample-organisation" / "exports").is_dir()
    assert home.stat().st_mode & 0o077 == 0
