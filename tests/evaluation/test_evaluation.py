"""Is every question of the field answered with the figures that the exported files themselves tell?"""

import json
from collections import Counter
from typing import Any

import anyio
import pytest
from mcp.client.client import Client

from finops_mcp.app import App
from finops_mcp.cache.home import Home
from tests.evaluation.entries import CATALOGUE, GROUPS, Entry, entries
from tests.evaluation.proofs import Bill
from tests.evaluation.replay import MOST_BYTES, Told, ask, faults, spread, tokens, unproven
from tests.tools.tiny import app_at

ENTRIES = entries()
ASKED = [entry for entry in ENTRIES if entry.calls]
WAITING = [entry for entry in ENTRIES if entry.needs]
IN_BOTH_ERAS = ("1", "3", "6", "15", "23", "60", "N5", "N8")
TYPICAL_TOKENS = 2_000
UNKNOWN_TOOL = "There is no tool named"


def by_number(entry: Entry) -> str:
    return entry.number


@pytest.fixture(scope="module")
def app(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> App:
    return app_at(sample_home.path, exports=str(tmp_path_factory.mktemp("exports")))


def test_every_number_of_the_domain_is_asked_once_and_more_beside() -> None:
    numbers = [entry.number for entry in ENTRIES]
    assert [n for n, times in Counter(numbers).items() if times > 1] == []
    for group, expected in GROUPS.items():
        mine = {entry.number for entry in ENTRIES if entry.group == group}
        assert {str(n) for n in expected} <= mine, group
    assert sum(map(len, GROUPS.values())) == 60
    assert len(ENTRIES) >= 80
    assert all(entry.calls or entry.needs for entry in ENTRIES)


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.figures], ids=by_number)
def test_the_figures_of_a_question_are_what_the_files_say(entry: Entry, bill: Bill) -> None:
    assert unproven(entry, bill) == []
    used = {name for call in entry.calls for name in call.finds.values()}
    proven_alone = {name for name, figure in entry.figures.items() if figure.aside}
    assert set(entry.figures) == used | proven_alone


@pytest.mark.parametrize("entry", ASKED, ids=by_number)
async def test_a_question_is_answered(entry: Entry, app: App) -> None:
    async with Client(app.mcp_server()) as client:
        found = [fault for call in entry.calls for fault in faults(entry, await ask(client, call))]
    if entry.fault and found:
        pytest.xfail(f"fault of the product: {entry.fault}")
    assert not entry.fault, "the product is mended here: take `fault` out of the question"
    assert found == []


@pytest.mark.parametrize("entry", WAITING, ids=by_number)
def test_nothing_is_left_open_that_has_its_tool(entry: Entry, app: App) -> None:
    there = app.toolbox.tools.keys() & set(entry.needs)
    assert not there, f"{sorted(there)} exists now: answer the question with it"
    assert set(entry.needs) <= CATALOGUE
    pytest.xfail(f"open until {', '.join(entry.needs)}: {entry.open or entry.question}")


def test_what_is_called_exists(app: App) -> None:
    for entry in ASKED:
        for call in entry.calls:
            made_up = any(UNKNOWN_TOOL in words for words in call.refused)
            assert made_up == (call.tool not in app.toolbox.tools), (entry.number, call.tool)


@pytest.fixture(scope="module")
def answers(app: App) -> list[Told]:
    """Every answer of the evaluation that is none of its refusals."""

    async def asked() -> list[Told]:
        async with Client(app.mcp_server()) as client:
            return [await ask(client, call) for entry in ASKED for call in entry.calls if not call.refused]

    return anyio.run(asked)


async def test_what_is_said_to_ask_next_can_be_asked(answers: list[Told], app: App) -> None:
    steps: dict[str, dict[str, Any]] = {}
    for told in answers:
        for step in told.structured.get("next", []):
            steps.setdefault(json.dumps([step["tool"], step["arguments"]], sort_keys=True), step)
    assert len(steps) > 50
    async with Client(app.mcp_server()) as client:
        for step in steps.values():
            answer = await client.call_tool(step["tool"], step["arguments"])
            assert not answer.is_error, (step, answer.content)


def test_a_typical_answer_is_small_and_none_is_large(answers: list[Told]) -> None:
    for said in ([told.compact for told in answers], [told.text for told in answers]):
        assert max(len(text.encode()) for text in said) <= MOST_BYTES
        assert spread(map(tokens, said))["median"] <= TYPICAL_TOKENS


@pytest.mark.parametrize("number", IN_BOTH_ERAS)
async def test_both_eras_of_the_protocol_answer_alike(number: str, app: App) -> None:
    (entry,) = (e for e in ENTRIES if e.number == number)
    told: list[list[tuple[bool, str, str]]] = []
    for mode in ("legacy", "2026-07-28"):
        async with Client(app.mcp_server(), mode=mode) as client:
            answers = [await ask(client, call) for call in entry.calls]
        assert [fault for answer in answers for fault in faults(entry, answer)] == []
        told.append([(answer.refused, answer.compact, answer.text) for answer in answers])
    assert told[0] == told[1]
