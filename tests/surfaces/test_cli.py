"""Does the command line do what its help says, and leave with the right status?"""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.app import App
from finops_mcp.settings import SETTINGS
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.text import markdown
from finops_mcp.toolbox.toolbox import as_json
from tests.surfaces.serving import COMMAND, environment, run
from tests.tools.tiny import app_at, charge, home_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tiny")
    s3: dict[str, Any] = {"line_item_product_code": "AmazonS3", "product_region_code": "eu-west-1"}
    home_of(made, [charge("1.25"), charge("3", line_item_product_code="AmazonS3"), charge("4.000001", **s3)])
    return made


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "home"


@pytest.fixture
def app(home: Path) -> App:
    return app_at(home)


EC2 = {"dimension": "service_code", "op": "eq", "values": ["AmazonEC2"]}


@pytest.mark.parametrize(
    ("words", "tool", "arguments"),
    [
        (["cost_by", "--month", "2026-01"], "cost_by", {"month": "2026-01"}),
        (["cost-by", "--month=2026-01"], "cost_by", {"month": "2026-01"}),
        (
            ["resource-costs", "--resource-id", "x", "--top", "3"],
            "resource_costs",
            {"resource_id": "x", "top": 3},
        ),
        (
            ["cost_by", "--dimension", "service_code", "--dimension", "region_id"],
            "cost_by",
            {"dimension": ["service_code", "region_id"]},
        ),
        (
            ["cost_by", "--dimension", '["service_code", "region_id"]', "--top", "1"],
            "cost_by",
            {"dimension": ["service_code", "region_id"], "top": 1},
        ),
        (["cost_by", "--filters", json.dumps(EC2)], "cost_by", {"filters": [EC2]}),
        (["cost_by", f"--filters={json.dumps([EC2])}"], "cost_by", {"filters": [EC2]}),
        (
            ["cost_by", "--filters", json.dumps(EC2), "--filters", '{"dimension":"region_id","op":"absent"}'],
            "cost_by",
            {"filters": [EC2, {"dimension": "region_id", "op": "absent"}]},
        ),
        (["cost_trend", "--average_over", "1"], "cost_trend", {"average_over": 1}),
    ],
)
def test_arguments_may_be_written_in_several_ways(
    app: App, words: list[str], tool: str, arguments: dict[str, Any]
) -> None:
    from finops_mcp.surfaces.flags import flags
    from finops_mcp.toolbox.words import arguments_from

    chosen = app.toolbox.tool(words[0])
    assert chosen.name == tool
    read = chosen.checked(arguments_from(chosen, flags(words[1:])))
    assert read == chosen.checked(arguments)


def test_json_prints_the_answer_and_nothing_else(home: Path, app: App) -> None:
    done = run("ask", "cost_by", "--dimension", "service_code", "--json", home=home)
    assert done.stdout == as_json(app.toolbox.call("cost_by", {"dimension": ["service_code"]})) + "\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_without_json_a_person_reads_markdown(home: Path, app: App) -> None:
    done = run("ask", "cost_by", home=home)
    assert done.stdout == markdown(app.toolbox.call("cost_by", {})) + "\n"
    assert done.stderr == ""


def test_the_home_may_be_an_option_or_a_variable_and_the_option_wins(home: Path, tmp_path: Path) -> None:
    by_option = run("ask", "--home", str(home), "cost_by", "--json", FINOPS_HOME=str(tmp_path))
    after = run("ask", "cost_by", "--json", f"--home={home}")
    by_variable = run("ask", "cost_by", "--json", home=home)
    assert by_option.stdout == by_variable.stdout == after.stdout != ""
    empty = run("ask", "cost_by", "--json", home=tmp_path)
    assert (empty.returncode, empty.stdout) == (2, "")
    assert "There is no data yet. Run `finops-duck refresh --from PATH_OR_S3`" in empty.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "cost_bye"], "Did you mean cost_by"),
        (["ask", "cost_by", "--metrik", "x"], "Did you mean metric?"),
        (["ask", "cost_by", "--month"], "--month needs a value"),
        (["ask", "cost_by", "2026-01"], "write --name VALUE"),
        (["ask", "cost_by", "--month", "2026-01", "--month", "2026-01"], "takes one value; 2 were given"),
        (["ask", "cost_by", "--filters", "{not json"], "filters is not valid JSON"),
        (["ask", "cost_by", "--metric", "unblended"], "unblended_cost"),
        (["ask", "cost_by", "--top", "x"], "top of cost_by cannot be 'x'"),
        (["ask", "cost_by", "--month", "2031-01"], "it holds 2026-01 to 2026-01"),
        (["refresh", "--from", "/no/such/folder"], "There is no file or folder at /no/such/folder."),
        (["serve", "--http", "--port", "70000"], "Try another --port"),
        (["serve", "--port", "x"], "'--port'"),
        (["bake"], "bake"),
    ],
)
def test_a_callers_mistake_leaves_with_two_and_one_line(home: Path, words: list[str], said: str) -> None:
    done = run(
        *words, "--json" if words[0] == "ask" else "--home", *([] if words[0] == "ask" else [str(home)])
    )
    done = run(*words, home=home) if words[0] == "bake" else done
    done = run(*words, "--json", home=home) if words[0] == "ask" else done
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_cannot_be_read_is_a_callers_mistake(home: Path) -> None:
    done = run("ask", home=home, FINOPS_THREADS="many")
    assert done.returncode == 2
    assert "FINOPS_" in done.stderr
    assert "many" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "broken.py").write_text(
        "from finops_mcp import Answer, Costs, tool\nprint('imported')\n\n"
        '@tool("What if we fail?")\ndef broken(costs: Costs, *, loud: bool = False) -> Answer:\n'
        '    """Prints, and fails in a way that nobody foresaw."""\n    print("printed")\n'
        '    raise RuntimeError("two\\nlines")\n'
    )
    return tmp_path


def test_a_fault_of_ours_leaves_with_one_and_one_line_that_says_how_to_see_more(
    home: Path, broken: Path
) -> None:
    done = run("ask", "broken", "--json", home=home, FINOPS_TOOLS=str(broken))
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = [s for s in done.stderr.splitlines() if s.startswith("error: ")]
    assert "RuntimeError: two" in line
    assert "--verbose" in line
    assert "Traceback" not in done.stderr
    more = run("--verbose", "ask", "broken", "--json", home=home, FINOPS_TOOLS=str(broken))
    assert more.returncode == 1
    assert "Traceback" in more.stderr
    assert 'raise RuntimeError("two\\nlines")' in more.stderr


def test_damage_in_what_was_delivered_is_our_side_to_tell(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    for file in (tmp_path / "exports").rglob("*.parquet"):
        file.write_bytes(b"not parquet at all")
    done = run("refresh", home=tmp_path / "home")
    assert done.returncode == 1
    assert "is damaged: it is not the file that was loaded before" in done.stderr
    assert run("ask", "cost_by", "--json", home=tmp_path / "home").returncode == 0


def test_without_a_tool_the_tools_are_listed_with_their_questions(home: Path) -> None:
    done = run("ask", home=home)
    for tool in find_tools(built_in("tools")):
        assert re.search(rf"^{tool.name} +{re.escape(tool.title)}$", done.stdout, re.MULTILINE)


def test_help_for_a_tool_says_every_parameter_and_its_choices(tmp_path: Path) -> None:
    for words in (["ask", "cost-by", "--help"], ["ask", "--help", "cost_by"], ["ask", "cost_by", "-h"]):
        done = run(*words, home=tmp_path / "none")
        assert (done.returncode, done.stderr) == (0, "")
        assert "What did each part cost?" in done.stdout
        for said in ("--month", "--dimension", "(repeatable)", "previous_year", "From 1 to 1000", "tag:KEY"):
            assert said in done.stdout
    assert not (tmp_path / "none").exists()
    assert max(map(len, done.stdout.splitlines())) <= 110
    for tool in find_tools(built_in("tools")):
        told = run("ask", tool.name, "--help").stdout
        for name in tool.parameters.model_fields:
            assert f"--{name.replace('_', '-')} " in told
    example = re.search(r"A filter is JSON: '(.*)'", run("ask", "cost_by", "-h").stdout)
    assert example
    assert json.loads(example[1])["dimension"] == "service_code"
    assert "Without a TOOL, lists" in " ".join(run("ask", "--help").stdout.split())
    assert run("ask", "cost_bye", "--help").returncode == 2


def test_every_setting_is_listed_with_its_variable() -> None:
    lines = run("settings").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [s.variable for s in SETTINGS]
    assert all(s.help in line for s, line in zip(SETTINGS, lines, strict=True))


def test_a_dry_run_says_what_a_refresh_would_do_and_makes_nothing(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    source = str(tmp_path / "exports")
    done = run("refresh", "--from", source, "--dry-run", home=tmp_path / "another")
    assert done.stdout.startswith(f"1 of 1 deliveries below {source} would be loaded.")
    assert "S3 would charge about 0 LIST x 0.005/1000 + 0 GET x 0.0004/1000" in done.stdout
    told = json.loads(
        run("refresh", "--from", source, "--dry-run", "--json", home=tmp_path / "another").stdout
    )
    assert [part["month"] for part in told["parts"]] == ["2026-01"]
    assert not (tmp_path / "another").exists()


def test_a_refresh_is_done_once_for_a_key(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    source, home = str(tmp_path / "exports"), tmp_path / "another"

    def refresh(*words: str) -> "subprocess.CompletedProcess[str]":
        return run("refresh", "--from", source, *words, home=home)

    first = refresh("--idempotency-key", "k")
    assert "1 of 1 deliveries" in first.stdout
    home_of(tmp_path, [charge("2")], execution="second")
    assert refresh("--idempotency-key", "k").stdout == first.stdout
    assert json.loads(refresh("--idempotency-key", "k", "--json").stdout)["loaded"] == 1
    assert app_at(home).toolbox.call("cost_by", {}).totals == {"effective_cost": "1.00"}
    other = refresh("--idempotency-key", "k", "--retry-quarantined")
    assert other.returncode == 2
    assert "'k' was used with other parameters" in other.stderr
    assert "--idempotency-key has one to 255 characters" in refresh("--idempotency-key", "").stderr
    assert "1 of 1 deliveries" in refresh("--idempotency-key", "l").stdout
    assert app_at(home).toolbox.call("cost_by", {}).totals == {"effective_cost": "2.00"}
    by_tool = run("ask", "refresh_data", "--idempotency-key", "m", "--json", home=home)
    assert json.loads(by_tool.stdout)["summary"].startswith("Nothing new below ")


def test_a_refresh_says_what_it_did_and_json_says_it_for_programs(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1")])
    done = run("refresh", "--from", str(tmp_path / "exports"), "--json", home=tmp_path / "another")
    told = json.loads(done.stdout)
    assert (told["deliveries"], told["loaded"]) == (1, 1)
    assert "Loading sample 2026-01" in done.stderr
    again = run("refresh", home=tmp_path / "another")
    assert again.stdout.startswith("0 of 1 deliveries below")


def on_a_terminal(*words: str, home: Path, **more: str) -> str:
    """Run our command on a pseudo-terminal, and give what it shows."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=follower,
        stderr=follower,
        stdin=subprocess.DEVNULL,
        env=environment(FINOPS_HOME=str(home), TERM="xterm-256color", **({"COLUMNS": "120"} | more)),
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert process.wait(60) == 0
    return shown.decode()


COLOUR = re.compile(r"\x1b\[[\d;]*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])[\d;]*m")


def test_a_terminal_is_shown_a_table_and_no_colour_where_none_is_wanted(home: Path) -> None:
    shown = on_a_terminal("ask", "cost_by", "--dimension", "service_code", home=home)
    assert "AmazonS3" in shown
    assert "| --- |" not in shown
    assert COLOUR.search(shown)
    plain = on_a_terminal("ask", "cost_by", "--dimension", "service_code", home=home, NO_COLOR="1")
    assert "AmazonS3" in plain
    assert not COLOUR.search(plain)


@pytest.mark.parametrize("width", [50, 80, 100, 200])
def test_nothing_is_ever_cut_off_on_a_terminal(home: Path, app: App, width: int) -> None:
    shown = on_a_terminal("ask", "data_status", home=home, COLUMNS=str(width))
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    squeezed = re.sub(r"\s", "", plain)
    for cell in app.toolbox.call("data_status", {}).rows[0]:
        said = {True: "yes", False: "no", "8.250001": "8.25"}.get(cell, str(cell))
        assert re.sub(r"\s", "", said)[:5] in squeezed, said
    assert "8.25" in plain
    assert "…" not in plain
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= width


def test_a_bar_in_a_value_does_not_break_a_table(tmp_path: Path) -> None:
    odd: dict[str, Any] = {"line_item_resource_id": "a|b | c"}
    home_of(tmp_path, [charge("7.5", **odd)])
    shown = on_a_terminal("ask", "cost_by", "--dimension", "resource_id", home=tmp_path / "home")
    assert re.search(r"a\|b \| c +7\.50 +100\.0%", re.sub(r"\x1b\[[\d;]*m", "", shown))


def test_the_module_is_the_command(home: Path) -> None:
    script = Path(sys.executable).with_name("finops-duck")
    done = subprocess.run(
        [script, "ask", "cost_by", "--json"], capture_output=True, text=True, check=True,
        env=environment(FINOPS_HOME=str(home)), timeout=60,
    )  # fmt: skip
    assert done.stdout == run("ask", "cost_by", "--json", home=home).stdout


def test_a_reader_that_goes_away_is_not_our_fault(home: Path) -> None:
    pipe = f"{' '.join(COMMAND)} ask cost_schema | head -c 10 >/dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", pipe], capture_output=True, text=True, check=False,
        env=environment(FINOPS_HOME=str(home)), timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "error:" not in done.stderr


def test_every_place_that_is_named_is_refreshed_from(tmp_path: Path) -> None:
    home_of(tmp_path / "a", [charge("1")])
    home_of(tmp_path / "b", [charge("2", bill_payer_account_id="222233334444")])
    places = [str(tmp_path / name / "exports") for name in "ab"]
    done = run("refresh", *(word for place in places for word in ("--from", place)), home=tmp_path / "both")
    assert done.stdout.startswith(f"2 of 2 deliveries below {'; '.join(places)} were new and are loaded.")
