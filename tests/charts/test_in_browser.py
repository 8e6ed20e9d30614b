"""Does the page show real answers in a real browser, framed by the official host bridge, to everyone?"""

import json
import math
import os
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from PIL import Image

from finops_mcp.answers import cents
from finops_mcp.cache.home import Home
from finops_mcp.surfaces.charts import CHART
from finops_mcp.toolbox.charts import Chart
from tests.charts.answers import answer_of, drawn
from tests.conftest import once_per_run
from tests.tools.tiny import app_at

LOOKS = [("light", 1000), ("dark", 1000), ("light", 375), ("dark", 375)]
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(25, 27, 31)"}
OPEN: dict[str, Any] = {"serverTools": {}, "downloadFile": {}, "updateModelContext": {"text": {}}}
SEVERAL_MONTHS = {"start": "2026-04-01", "end": "2026-10-01"}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "bars": ("cost_by", {}),
    "untagged": ("cost_by", {"dimension": ["tag:project"]}),
    "compared": ("cost_by", {"compare": "previous_period"}),
    "one": ("cost_by", {"filters": [{"dimension": "service_name", "op": "eq", "values": ["AWS Lambda"]}]}),
    "empty": ("cost_by", {"filters": [{"dimension": "service_name", "op": "contains", "values": ["zzz"]}]}),
    "days": ("cost_trend", {}),
    "currencies": ("cost_trend", {"granularity": "month"}),
    "year": ("cost_trend", {"start": "2025-10-01", "end": "2026-10-21"}),
    "stacked": ("cost_by", {"dimension": ["day", "service_name"], "top": 1000}),
    "stacks": ("cost_by", {"dimension": ["month", "service_name"], "top": 1000, **SEVERAL_MONTHS}),
    "changes": ("cost_changes", {}),
    "no_chart": ("invoices", {"month": "2026-09"}),
    "refused": ("cost_by", {"dimension": ["servce_name"]}),
}
IN_EVERY_LOOK = ("bars", "days", "stacked")
KEYS = ["ArrowRight", "ArrowDown", "End", "ArrowLeft", "Home", "Escape"]
EXTREME_AMOUNTS = {
    "A service whose name is so long that no screen has room for it, and that goes on": "12345678901234.675",
    "averyveryverylongwordwithoutanyplacetobreakthatgoesonandonandonandonandonandonandon": "987654321098.765",
    "Refund <script>alert(1)</script>": "-5555555555555.125",
    "Half a cent": "0.005",
    "Next to nothing": "0.0000012",
}
Seen = dict[str, Any]


async def answered(home: Home) -> dict[str, Any]:
    """Ask over MCP, and give every result as a host receives it."""
    found = {}
    async with Client(app_at(home.path).mcp_server()) as client:
        for name, (tool, arguments) in QUESTIONS.items():
            result = await client.call_tool(tool, arguments)
            found[name] = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


def extremes() -> dict[str, Any]:
    rows = [[name, amount, 0.2] for name, amount in EXTREME_AMOUNTS.items()]
    answer = answer_of(["service_name", "effective_cost", "share"], rows, {})
    meta = {CHART: drawn(answer).model_dump(mode="json")}
    return {"content": [], "structuredContent": answer.model_dump(mode="json"), "_meta": meta}


def cases(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Say what to show: every answer in light and dark, wide and narrow, some with something pressed."""

    def case(name: str, look: tuple[str, int], *, capabilities: Any = OPEN, **more: Any) -> dict[str, Any]:
        shown = {"capabilities": capabilities, "arguments": {"month": "2026-10"}, **more.pop("shown", {})}
        return {"name": name, "theme": look[0], "width": look[1], "shown": shown, **more}

    found = []
    for at, (name, result) in enumerate(results.items()):
        looks = LOOKS if name in IN_EVERY_LOOK else (LOOKS[at % 2], LOOKS[3 - at % 2])
        found += [case(name, look, shown={"result": result}, keys=KEYS) for look in looks]
    light, _, _, dark = LOOKS
    bars, changes = results["bars"], results["changes"]
    clipboard: dict[str, Any] = {"sandbox": {"permissions": {"clipboardWrite": {}}}}
    next_step = bars["structuredContent"]["next"][0]["why"]
    asked = next_step[0].upper() + next_step[1:]
    return [
        *found,
        case("table", light, shown={"result": results["stacked"]}, press=["Table"]),
        case("table", dark, shown={"result": results["stacked"]}, press=["Table"]),
        case("followed", light, shown={"result": bars, "next": changes}, press=[asked]),
        case("back", light, shown={"result": bars, "next": changes}, press=[asked, "Back"]),
        case("failed", light, shown={"result": bars}, press=[asked]),
        case("saved", light, shown={"result": bars}, press=["Download CSV"]),
        case("closed", light, capabilities={}, shown={"result": bars}),
        case("clipboard", light, capabilities=clipboard, shown={"result": bars}),
        case("waiting", light),
        case("cancelled", dark, shown={"cancelled": "the user stopped it"}),
        case("system", ("dark", 375), shown={"result": bars}, themed=False),
        case("styled", light, shown={"result": bars}, variables={"--color-background-primary": "#fffbe6"}),
    ]


@pytest.fixture(scope="module")
def shown(
    sample_home: Home, workshop: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Show everything once, and give what was asked and what was seen."""
    with once_per_run(tmp_path_factory, "browser") as (folder, first):
        if first:
            folder.mkdir()
            results = anyio.run(answered, sample_home) | {"extremes": extremes()}
            (folder / "results.json").write_text(json.dumps(results))
            (folder / "cases.json").write_text(json.dumps(cases(results)))
            arguments = [str(folder / "cases.json"), str(folder), chromium]
            done = subprocess.run(
                ["npm", "run", "look", "--", *arguments],
                cwd=workshop,
                env=os.environ,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads((folder / "seen.json").read_text())
    return {"results": json.loads((folder / "results.json").read_text()), "seen": seen}


def of(shown: dict[str, Any], name: str) -> list[Seen]:
    found = [s for s in shown["seen"] if s["name"] == name]
    assert found
    return found


def test_nothing_is_complained_of_loaded_or_refused(shown: dict[str, Any]) -> None:
    assert len(shown["seen"]) > 40
    assert [(s["name"], s["complaints"]) for s in shown["seen"] if s["complaints"]] == []
    assert {s["origin"] for s in shown["seen"]} == {"null"}, "the frame is to be a sandbox"


def test_axe_finds_nothing_in_light_or_dark_wide_or_narrow(shown: dict[str, Any]) -> None:
    assert [(s["name"], s["theme"], s["width"], s["axe"]) for s in shown["seen"] if s["axe"]] == []
    assert {(s["theme"], s["width"]) for s in of(shown, "bars")} == set(LOOKS)


def test_nothing_is_wider_than_the_screen_and_the_host_knows_how_high_it_is(shown: dict[str, Any]) -> None:
    assert [(s["name"], s["width"]) for s in shown["seen"] if s["overflow"]] == []
    for seen in shown["seen"]:
        assert seen["told"]["sizes"][-1]["height"] == math.ceil(seen["height"]), seen["name"]


def test_the_theme_is_the_hosts_and_without_one_the_systems(shown: dict[str, Any]) -> None:
    for seen in shown["seen"]:
        if seen["name"] != "styled":
            assert seen["background"] == GROUND[seen["theme"]], (seen["name"], seen["theme"])
    assert of(shown, "styled")[0]["background"] == "rgb(255, 251, 230)"


@pytest.mark.parametrize("name", ["bars", "untagged", "compared", "one"])
def test_every_row_is_a_bar_and_the_others_one_more(shown: dict[str, Any], name: str) -> None:
    answer = shown["results"][name]["structuredContent"]
    for seen in of(shown, name):
        (panel,) = seen["panels"]
        assert panel["marks"] == len(answer["rows"]) + answer["truncated"]
        assert panel["total"] == cents(answer["totals"]["effective_cost"])
        _, *table = panel["table"]
        assert [row[1] for row in table[: len(answer["rows"])]] == [cents(row[1]) for row in answer["rows"]]
        if answer["truncated"]:
            assert table[-1][:2] == ["21 others", cents(answer["other"]["USD"])]


@pytest.mark.parametrize("name", ["days", "currencies"])
def test_every_step_is_a_column_and_one_that_is_not_complete_says_so(
    shown: dict[str, Any], name: str
) -> None:
    answer = shown["results"][name]["structuredContent"]
    currency = answer["columns"].index("billing_currency") if name == "currencies" else None
    of_panel: dict[str, list[Any]] = {}
    for row in answer["rows"]:
        of_panel.setdefault("USD" if currency is None else row[currency], []).append(row)
    for seen in of(shown, name):
        assert [p["marks"] for p in seen["panels"]] == [len(rows) for rows in of_panel.values()]
        for panel, rows in zip(seen["panels"], of_panel.values(), strict=True):
            assert panel["unfinished"] == sum(not row[-1] for row in rows)
            assert panel["averages"] == any(row[-2] for row in rows)
            assert [row[1] for row in panel["table"][1:]] == [cents(row[-3]) for row in rows]


@pytest.mark.parametrize("name", ["stacked", "stacks"])
def test_every_step_is_a_stack_of_its_parts(shown: dict[str, Any], name: str) -> None:
    chart = Chart.model_validate(shown["results"][name]["_meta"][CHART])
    for seen in of(shown, name):
        for panel, meant in zip(seen["panels"], chart.panels, strict=True):
            assert panel["marks"] == len(meant.marks)
            assert panel["parts"] == sum(part is not None for m in meant.marks for part in m.parts)
            head = [*meant.series, f"Effective cost {meant.currency}"]
            assert panel["table"][0][1 : len(head) + 1] == head


def test_steps_too_many_for_the_screen_are_one_shape_of_them_all(shown: dict[str, Any]) -> None:
    (narrow,) = [s for s in of(shown, "year") if s["width"] == 375]
    chart = Chart.model_validate(shown["results"]["year"]["_meta"][CHART])
    assert [p["dense"] for p in narrow["panels"]] == [len(p.marks) for p in chart.panels]


def test_a_change_is_drawn_by_effect_and_by_part(shown: dict[str, Any]) -> None:
    answer = shown["results"]["changes"]["structuredContent"]
    effects = answer["columns"][answer["columns"].index("explains") + 1 :]
    for seen in of(shown, "changes"):
        by_effect, by_part = seen["panels"]
        assert by_effect["marks"] == len(effects) + 1
        assert by_part["marks"] == len(answer["rows"]) + 1
        assert by_effect["total"] == f"+{cents(answer['totals']['change'])}"


def test_amounts_are_rounded_half_even_from_exact_text_and_labels_are_only_text(
    shown: dict[str, Any],
) -> None:
    for seen in of(shown, "extremes"):
        (panel,) = seen["panels"]
        assert {row[0]: row[1] for row in panel["table"][1:]} == {
            name: cents(amount) for name, amount in EXTREME_AMOUNTS.items()
        }
        total = sum(map(Decimal, EXTREME_AMOUNTS.values()), Decimal(0))
        assert panel["total"] == cents(total)
        assert "exactly" not in panel["total"]


@pytest.mark.parametrize("name", ["bars", "days"])
def test_keys_move_over_the_marks_and_each_is_said(shown: dict[str, Any], name: str) -> None:
    for seen in of(shown, name):
        first, second, last, before_last, home, left = seen["said"]
        rows = seen["panels"][0]["table"][1:]
        for said, row in ((first, rows[0]), (second, rows[1]), (last, rows[-1]), (before_last, rows[-2])):
            assert said.lower().startswith(f"{row[0].lower()}: {row[1]} USD".lower())
        assert home == first
        assert left == ""


def test_the_table_of_the_drawing_opens(shown: dict[str, Any]) -> None:
    assert [s["tables"] for s in of(shown, "table")] == [1, 1]
    assert [s["tables"] for s in of(shown, "bars")] == [0, 0, 0, 0]


def test_a_next_step_is_asked_through_the_host_shown_and_told_to_the_model(shown: dict[str, Any]) -> None:
    (seen,) = of(shown, "followed")
    step = shown["results"]["bars"]["structuredContent"]["next"][0]
    (call,) = seen["told"]["calls"]
    assert (call["name"], call["arguments"]) == (step["tool"], step["arguments"])
    changes = shown["results"]["changes"]["structuredContent"]
    assert changes["summary"] in seen["text"]
    assert len(seen["panels"]) == 2
    assert changes["summary"] in json.loads(seen["told"]["context"][0])[0]["text"]
    (back,) = of(shown, "back")
    assert shown["results"]["bars"]["structuredContent"]["summary"] in back["text"]
    (failed,) = of(shown, "failed")
    assert "No such tool here." in failed["text"]
    assert failed["panels"][0]["marks"] == of(shown, "bars")[0]["panels"][0]["marks"]


def test_only_what_the_host_allows_is_offered(shown: dict[str, Any]) -> None:
    assert of(shown, "closed")[0]["buttons"] == ["Table"]
    assert of(shown, "clipboard")[0]["buttons"] == ["Table", "Copy CSV"]
    assert "Download CSV" in of(shown, "bars")[0]["buttons"]


def test_a_file_holds_every_row_with_exact_amounts(shown: dict[str, Any]) -> None:
    answer = shown["results"]["bars"]["structuredContent"]
    ((file,),) = [json.loads(f) for f in of(shown, "saved")[0]["told"]["files"]]
    head, *lines = file["resource"]["text"].split("\r\n")[:-1]
    assert head == "service_name,effective_cost,share"
    assert lines == [",".join(map(str, row)) for row in answer["rows"]]


def test_what_has_no_chart_is_a_table_and_what_has_no_answer_is_said(shown: dict[str, Any]) -> None:
    invoices = shown["results"]["no_chart"]["structuredContent"]
    for seen in of(shown, "no_chart"):
        assert (seen["tables"], seen["panels"]) == (1, [])
        assert invoices["summary"] in seen["text"]
    for seen in of(shown, "empty"):
        assert (seen["tables"], seen["panels"]) == (0, [])
        assert "No charge in 2026-10 meets the conditions." in seen["text"]
    for seen in of(shown, "refused"):
        assert "servce_name" in seen["text"]
    assert "Waiting for the answer: month 2026-10" in of(shown, "waiting")[0]["text"]
    assert "stopped: the user stopped it" in of(shown, "cancelled")[0]["text"]


def test_what_the_figures_mean_is_always_there(shown: dict[str, Any]) -> None:
    for name in QUESTIONS:
        answer = shown["results"][name].get("structuredContent")
        for seen in of(shown, name) if answer else ():
            assert answer["summary"] in seen["text"]
            assert all(caveat in seen["text"] for caveat in answer["caveats"])
            basis = answer["basis"]
            assert f"{basis['period']['start']} to before {basis['period']['end_exclusive']}" in seen["text"]


def test_something_is_on_every_picture(shown: dict[str, Any]) -> None:
    for seen in shown["seen"]:
        colours = Image.open(seen["picture"]).convert("RGB").getcolors(1 << 24)
        assert colours is not None
        assert len(colours) > 20, seen["picture"]
