"""Does the server keep to the protocol, whatever it is asked, and tell models all they need?"""

import base64
import json
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp.client.client import Client

from finops_mcp.app import App
from finops_mcp.cache.home import Home
from finops_mcp.toolbox.toolbox import MOST_BYTES
from tests.surfaces.mcp.asking import ERAS, text_of
from tests.surfaces.serving import served
from tests.tools.tiny import app_at, charge, home_of


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
        assert [done for done, *_ in told] == sorted({done for done, *_ in told}), "each is further"


@pytest.mark.fault(35)
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


async def test_a_question_over_a_second_tells_that_it_is_at_work(app: App) -> None:
    told: list[tuple[float, float | None, str | None]] = []
    async with Client(app.mcp_server()) as client:
        with anyio.move_on_after(2.6):
            await client.call_tool("endless", {}, progress_callback=partial(heard, told))
    assert [message for _, _, message in told] == ["endless: at work for 1 s", "endless: at work for 2 s"]
    assert [done for done, *_ in told] == sorted(done for done, *_ in told)


async def test_a_question_within_a_second_tells_nothing_but_its_answer(app: App) -> None:
    told: list[Any] = []
    async with Client(app.mcp_server()) as client:
        await client.call_tool("cost_by", {}, progress_callback=partial(heard, told))
    assert told == []


@pytest.mark.fault(35)
async def test_a_call_over_http_that_is_dropped_stops_its_query(tiny: Path, own_tools: Path) -> None:
    """In the newer era alone: in the older one a stateless server cannot know whose call is cancelled."""
    with served(tiny / "home", tools=str(own_tools)) as address:
        async with Client(f"{address}/mcp", mode="2026-07-28") as client:
            await client.call_tool("cost_by", {})
            state = sys.modules["finops_mcp_tools.endless"].STATE
            state.clear()
            with anyio.move_on_after(0.5):
                await client.call_tool("endless", {})
            until = time.monotonic() + 5
            while len(state) < 2 and time.monotonic() < until:  # noqa: ASYNC110 - what it waits for is a thread
                await anyio.sleep(0.01)
    assert state == ["started", "Cancelled"]


async def test_a_detailed_answer_says_what_was_understood_and_every_digit(sample_home: Home) -> None:
    async with Client(app_at(sample_home.path).mcp_server()) as client:
        concise = await client.call_tool("cost_by", {"month": "2026-09", "top": 3})
        detailed = await client.call_tool(
            "cost_by", {"month": "2026-09", "top": 3, "response_format": "detailed"}
        )
    short, long = concise.structured_content, detailed.structured_content
    assert short
    assert long
    assert "asked" not in short
    assert long["asked"] == {
        "month": "2026-09", "start": None, "end": None, "dimension": ["service_name"], "scope": "costs",
        "metric": "effective_cost", "filters": [], "compare": "none", "top": 3,
    }  # fmt: skip
    assert "commitments spread over the use" in long["basis"]["meaning"]
    assert long["rows"] == short["rows"]
    exact = long["rows"][0][1]
    assert len(exact.partition(".")[2]) > 2
    assert f"| {exact} |" in text_of(detailed)
    assert f"| {exact} |" not in text_of(concise)
    assert "Asked: {" in text_of(detailed)
    assert "commitments spread over the use" in text_of(detailed)


async def test_a_format_there_is_not_is_refused(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        answer = await client.call_tool("cost_by", {"response_format": "terse"})
    assert "Valid: concise, detailed" in text_of(answer)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_tool_that_is_not_listed_is_answered_all_the_same(app: App, mode: str) -> None:
    async with Client(app.mcp_server(), mode=mode) as client:
        assert "charge_explanation" not in [t.name for t in (await client.list_tools()).tools]
        answer = await client.call_tool("charge_explanation", {"charge": "1"})
    assert "There is no charge '1'" in text_of(answer)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_picture_comes_beside_the_answer_and_says_what_it_shows(app: App, mode: str) -> None:
    arguments = {"dimension": ["resource_id"], "top": 3}
    async with Client(app.mcp_server(), mode=mode) as client:
        plain = await client.call_tool("cost_by", arguments)
        drawn = await client.call_tool("cost_by", {**arguments, "response_format": "png"})
    assert drawn.structured_content == plain.structured_content
    text, image, shows = drawn.content
    assert text == plain.content[0]
    assert isinstance(image, types.ImageContent)
    assert image.mime_type == "image/png"
    assert base64.b64decode(image.data).startswith(b"\x89PNG")
    assert isinstance(shows, types.TextContent)
    assert shows.text.startswith("The picture: Effective cost by resource")


async def test_where_nothing_can_be_drawn_the_answer_says_so(app: App) -> None:
    nothing = [{"dimension": "service_name", "op": "contains", "values": ["nowhere"]}]
    async with Client(app.mcp_server()) as client:
        answer = await client.call_tool("cost_by", {"filters": nothing, "response_format": "png"})
    assert not answer.is_error
    assert "There is nothing to draw: No charge in 2026-01 meets the conditions." in text_of(answer)


async def test_what_is_never_drawn_has_no_picture(app: App) -> None:
    async with Client(app.mcp_server()) as client:
        answer = await client.call_tool("invoices", {"response_format": "png"})
    assert "Valid: concise, detailed." in text_of(answer)
