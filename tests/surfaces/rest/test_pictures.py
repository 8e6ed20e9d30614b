"""Is a picture given where one is wanted, and refused where there is none?"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.surfaces.serving import COMMAND, environment, run, served
from tests.tools.tiny import charge, home_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    home_of(folder, [charge("1.5"), charge("2.5", line_item_product_code="AmazonS3")])
    return folder / "home"


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home) as found:
        yield found


@pytest.mark.parametrize(
    ("query", "accept"),
    [("", "image/png"), ("?response_format=png", "*/*"), ("?response_format=png", "image/*")],
)
def test_a_picture_is_given_by_either_word(address: str, query: str, accept: str) -> None:
    answer = httpx.get(f"{address}/v1/cost_by{query}", headers={"accept": accept}, timeout=30)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_who_takes_no_picture_and_asks_for_one_is_told(address: str) -> None:
    answer = httpx.get(f"{address}/v1/cost_by?response_format=png", headers={"accept": "application/json"})
    assert answer.status_code == 406


def test_a_tool_that_is_not_drawn_gives_none(address: str) -> None:
    assert httpx.get(f"{address}/v1/invoices", headers={"accept": "image/png"}).status_code == 406
    assert httpx.get(f"{address}/v1/invoices?response_format=png").status_code == 422


def test_nothing_to_draw_is_a_problem_that_says_so(address: str) -> None:
    filters = '[{"dimension": "service_name", "op": "contains", "values": ["nowhere"]}]'
    answer = httpx.get(f"{address}/v1/cost_by", params={"response_format": "png", "filters": filters})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("There is nothing to draw: No charge in")


def test_the_command_line_writes_the_same_picture_to_a_file(home: Path, address: str) -> None:
    words = ["ask", "cost_by", "--response-format", "png"]
    assert "send it to a file" in run(*words, "--json", home=home).stderr
    drawn = subprocess.run(
        [*COMMAND, *words], capture_output=True, check=True, env=environment(FINOPS_HOME=str(home))
    )
    assert httpx.get(f"{address}/v1/cost_by?response_format=png", timeout=30).content == drawn.stdout
