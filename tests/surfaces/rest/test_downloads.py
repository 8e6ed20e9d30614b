"""Do files come over REST: as downloads that leave nothing behind, or by the name they were exported as?"""

import hashlib
import json
from base64 import b64encode
from pathlib import Path

import httpx
import pytest

from finops_mcp.toolbox.toolbox import Toolbox
from tests.surfaces.rest.conftest import RESOURCES

PARQUET = "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def left(toolbox: Toolbox) -> list[Path]:
    return sorted(toolbox.exports.glob("*"))


@pytest.fixture(autouse=True)
def clean(toolbox: Toolbox) -> None:
    for path in left(toolbox):
        path.unlink()


@pytest.mark.parametrize(
    ("accept", "begins"), [("text/csv", b"AvailabilityZone,BilledCost,"), (PARQUET, b"PAR1")]
)
async def test_a_file_is_sent_and_gone(
    client: httpx.AsyncClient, toolbox: Toolbox, accept: str, begins: bytes
) -> None:
    asked = {"month": "2026-01"}
    sent = await client.post("/v1/export_report", json=asked, headers={"Accept": accept})
    assert (sent.status_code, sent.headers["content-type"].partition(";")[0]) == (200, accept)
    assert sent.content.startswith(begins)
    digest = b64encode(hashlib.sha256(sent.content).digest()).decode()
    assert sent.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert sent.headers["content-disposition"].startswith('attachment; filename="focus-1.2_2026-01_')
    assert sent.headers["cache-control"] == "no-store"
    assert left(toolbox) == []


async def test_every_row_of_an_answer_is_sent(client: httpx.AsyncClient, toolbox: Toolbox) -> None:
    asked = {"report": "resource_costs", "month": "2026-01"}
    sent = await client.post("/v1/export_report", json=asked, headers={"Accept": "text/csv"})
    assert len(sent.text.splitlines()) > RESOURCES
    sheet = await client.post("/v1/export_report", json=asked, headers={"Accept": XLSX})
    assert sheet.content.startswith(b"PK")
    assert left(toolbox) == []


async def test_an_answer_names_the_file_which_is_then_sent_by_its_name(
    client: httpx.AsyncClient, toolbox: Toolbox
) -> None:
    answer = (await client.post("/v1/export_report", json={"month": "2026-01"})).json()
    names = [row[0] for row in answer["rows"]]
    assert [path.name for path in left(toolbox)] == sorted(names)
    file, manifest = [await client.get(f"/v1/exports/{name}") for name in names]
    assert file.headers["content-type"].partition(";")[0] == "text/csv"
    assert hashlib.sha256(file.content).hexdigest() == answer["rows"][0][4]
    assert json.loads(manifest.content)["file"]["name"] == names[0]


async def test_how_far_it_is_is_streamed_and_the_answer_last(client: httpx.AsyncClient) -> None:
    asked = {"month": "2026-01"}
    streamed = await client.post("/v1/export_report", json=asked, headers={"Accept": "text/event-stream"})
    *_, last = streamed.text.strip().split("\n\n")
    name, data = last.split("\n")
    assert name == "event: answer"
    assert json.loads(data.removeprefix("data: "))["rows"][0][1] == "FOCUS 1.2"


@pytest.mark.parametrize("name", ["..%2Fsource", "%2e%2e", ".unfinished-x", "no-such.csv", "a%00b", "a\\b"])
async def test_no_other_file_is_sent(client: httpx.AsyncClient, toolbox: Toolbox, name: str) -> None:
    toolbox.exports.mkdir(exist_ok=True)
    secret = toolbox.exports / ".unfinished-x"
    secret.write_text("half")
    refused = await client.get(f"/v1/exports/{name}")
    assert refused.status_code in {404, 400}
    assert b"half" not in refused.content


async def test_a_link_out_of_the_folder_is_not_followed(client: httpx.AsyncClient, toolbox: Toolbox) -> None:
    toolbox.exports.mkdir(exist_ok=True)
    (toolbox.exports / "link.csv").symlink_to(toolbox.cache.home.source_note)
    refused = await client.get("/v1/exports/link.csv")
    assert refused.status_code == 404
    assert refused.json()["type"].endswith("unknown-export")


@pytest.mark.parametrize(
    ("asked", "accept", "status"),
    [
        ({"format": "parquet"}, "text/csv", 422),
        ({"report": "cost_bye"}, "text/csv", 404),
        ({}, XLSX, 422),
        ({}, "image/gif", 406),
    ],
)
async def test_what_cannot_be_sent_is_told_as_a_problem(
    client: httpx.AsyncClient, toolbox: Toolbox, asked: dict[str, str], accept: str, status: int
) -> None:
    refused = await client.post("/v1/export_report", json=asked, headers={"Accept": accept})
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert left(toolbox) == []


async def test_a_link_never_has_a_file_written(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/export_report")).status_code == 405
