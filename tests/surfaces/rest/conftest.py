"""A small cache of one month with more resources than an answer may show, served over REST."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.refresh import Refresher
from finops_mcp.surfaces.rest import exception_handlers, routes
from finops_mcp.surfaces.rest.problems import kinds
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.renderings import Delivery, cur2_parquet
from tests.surfaces.serving import running

RESOURCES = 400

OWN_TOOLS = {
    "endless": '''
@tool("How long is a piece of string?")
def endless(costs: Costs) -> Answer:
    """Runs for half a minute if nobody stops it."""
    STATE.append("started")
    try:
        costs.ask("select count(*) from range(200000) a, range(100000) b where a.range % 7 < b.range % 5")
    except BaseException as error:
        STATE.append(type(error).__name__)
        raise
    raise AssertionError
''',
    "broken": '''
@tool("What if we fail?")
def broken(costs: Costs) -> Answer:
    """Fails in a way nobody foresaw."""
    raise RuntimeError("the password is swordfish")
''',
    "twins": '''
@tool("What if two columns share a name?")
def twins(costs: Costs) -> Answer:
    """Repeats a name, as free SQL may."""
    return Answer(
        summary="Two.", columns=["a", "a"], rows=[[1, 2]], totals={}, total_rows=1, truncated=False
    )
''',
    "typed": '''
@tool("What was given?")
def typed(
    costs: Costs, *, count: int, ratio: float = 0.5, sure: bool = False,
    words: list[str] = [], two_words: str = "",
) -> Answer:
    """Says what it was given."""
    given = [count, ratio, sure, *words, two_words]
    return Answer(
        summary="Given.", columns=["value"], rows=[[g] for g in given],
        totals={}, total_rows=len(given), truncated=False,
    )
''',
}


def january(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, 1) + timedelta(days=day - 1, hours=hour)  # noqa: DTZ001 - as Parquet has it


def charge(number: int) -> dict[str, Any]:
    return {
        "identity_line_item_id": f"{number:08}",
        "bill_billing_period_start_date": january(1),
        "bill_billing_period_end_date": january(32),
        "bill_payer_account_id": "104816291057",
        "line_item_usage_account_id": ("215530417762", "418273650915")[number % 2],
        "line_item_usage_start_date": january(1 + number % 31),
        "line_item_usage_end_date": january(1 + number % 31, hour=1),
        "line_item_line_item_type": "Usage",
        "line_item_currency_code": "USD",
        "line_item_product_code": ("AmazonEC2", "AmazonS3", "Amazon&<RDS>")[number % 3],
        "line_item_resource_id": f"i-{number:017x}",
        "line_item_unblended_cost": f"{number}.000001",
        "reservation_effective_cost": "0",
    }


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("exports")
    cur2_parquet([charge(n) for n in range(1, RESOURCES + 1)], Delivery(root, date(2026, 1, 1)))
    return root


@pytest.fixture(scope="session")
def own_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tools") / "own"
    folder.mkdir()
    head = "from finops_mcp import Answer, Costs, tool\n\nSTATE: list[str] = []\n\n"
    for name, text in OWN_TOOLS.items():
        (folder / f"{name}.py").write_text(head + text)
    return folder.parent


def toolbox_at(home: Path, source: Path, *folders: Path) -> Toolbox:
    limits = EngineLimits(memory_limit="1GB", threads=1)
    refresher = Refresher(Home(home), limits, default_source=str(source))
    return Toolbox(find_tools(built_in("tools"), *folders), Cache(Home(home), limits), refresher)


@pytest.fixture(scope="session")
def toolbox(tmp_path_factory: pytest.TempPathFactory, exports: Path, own_tools: Path) -> Toolbox:
    made = toolbox_at(tmp_path_factory.mktemp("home"), exports, own_tools)
    made._refresher.refresh()
    return made


@pytest.fixture
def empty(tmp_path: Path, exports: Path, own_tools: Path) -> Toolbox:
    """A toolbox that has never been refreshed."""
    return toolbox_at(tmp_path / "home", exports, own_tools)


def app_over(toolbox: Toolbox) -> Starlette:
    return Starlette(routes=routes(toolbox), exception_handlers=exception_handlers())


def client_of(toolbox: Toolbox) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app_over(toolbox)), base_url="http://localhost")


@pytest.fixture
async def client(toolbox: Toolbox) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(toolbox) as made:
        yield made


def told(answer: httpx.Response) -> tuple[int, str]:
    """Check what every problem keeps to; return its status and kind."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/docs#{problem['kind']}"
    assert problem["kind"] in kinds()
    assert problem["title"] == kinds()[problem["kind"]][1]
    assert problem["instance"] == answer.request.url.raw_path.decode().partition("?")[0]
    assert problem["detail"]
    assert len(problem["valid"]) <= 50
    return answer.status_code, problem["kind"]


@contextmanager
def served(toolbox: Toolbox) -> Iterator[str]:
    """Serve a toolbox on a port of its own until the block ends."""
    with running(app_over(toolbox), http="httptools") as address:
        yield address
