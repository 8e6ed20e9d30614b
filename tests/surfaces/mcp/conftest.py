"""What the tests of the protocol stand on: a small home, and tools that misbehave."""

from datetime import date
from pathlib import Path

import pytest

from finops_mcp.app import App
from tests.tools.tiny import app_at, charge, home_of

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
