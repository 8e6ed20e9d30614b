"""Does what people paste into a host start a server that answers?"""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from finops_mcp.surfaces.cli import command as commands
from finops_mcp.toolbox.folder import built_in, find_tools
from tests.packaging.building import ROOT
from tests.packaging.conftest import Package
from tests.packaging.snippets import EXAMPLES, REACHED, STARTED, reached, started

_OF_PEOPLE = {
    "drivers.csv",
    *(
        f"{kept}.{kind}"
        for kept in ("agreement", "alerts", "allocation", "budgets", "tag_policy")
        for kind in ("yaml", "schema.json")
    ),
}
"""Examples that no host starts: the tests of each kind check them."""
LISTED = {t.name for t in find_tools(built_in("tools")) if t.mark.listed}


async def answers(server: Any) -> None:
    async with Client(server) as client:
        assert {t.name for t in (await client.list_tools()).tools} == LISTED
        status = await client.call_tool("data_status", {})
        assert not status.is_error, status.content
        cost = await client.call_tool("cost_by", {})
    assert cost.structured_content is not None
    assert cost.structured_content["totals"] == {"effective_cost": "1.50"}


def test_every_example_is_checked_and_told_of() -> None:
    names = {p.name for p in EXAMPLES.iterdir()}
    assert names == {*STARTED, *REACHED, *_OF_PEOPLE}
    readme = (ROOT / "README.md").read_text()
    assert names == set(re.findall(r"\]\(examples/([^)]+)\)", readme))


@pytest.mark.parametrize("name", STARTED)
async def test_the_command_of_a_snippet_starts_and_answers(
    name: str, package: Package, loaded_home: Path
) -> None:
    server = started(name)
    command, *args = package.command(server.command, server.args)
    env = package.environment(FINOPS_HOME=str(loaded_home), **server.env)
    await answers(StdioServerParameters(command=command, args=args, env=env))


@pytest.mark.parametrize("name", REACHED)
async def test_the_address_of_a_snippet_answers_once_its_command_runs(
    name: str, package: Package, loaded_home: Path
) -> None:
    server = reached(name)
    (default,) = (p.default for p in commands.commands["serve"].params if p.name == "port")
    assert urlsplit(server.url).port == default
    # Any free port instead of the default one, which may be somebody else's here.
    words = [*package.command(server.command, server.args), "--port", "0"]
    with listening(words, package.environment(FINOPS_HOME=str(loaded_home))) as port:
        await answers(server.url.replace(f":{default}/", f":{port}/"))


@contextmanager
def listening(words: Sequence[str], env: Mapping[str, str]) -> Iterator[str]:
    with subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr
            lines = iter(running.stderr.readline, "")
            said = next((line for line in lines if "listening on" in line), "")
            yield said.partition("http://127.0.0.1:")[2].split(" ")[0]
        finally:
            running.terminate()
