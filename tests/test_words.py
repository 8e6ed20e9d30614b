"""Do AWS's own words stay where exports are read, and do names we mention exist?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from finops_mcp.analytics.drivers import EFFECTS
from finops_mcp.cache.dimensions import dimension
from finops_mcp.cache.segment import schema_sql
from finops_mcp.settings import SETTINGS
from finops_mcp.surfaces.cli import command
from finops_mcp.surfaces.mcp import INSTRUCTIONS
from finops_mcp.toolbox.documents import find_prompts
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.schemas import input_schema
from finops_mcp.vocabulary import KEYED_DIMENSIONS, METRICS, NAMED_DIMENSIONS

ROOT = Path(__file__).parents[1]
TOOLS = {t.name: t for t in find_tools(built_in("tools"))}
PROMPTS = find_prompts(built_in("prompts"))

AWS = re.compile(
    r"line_?item_(?!s\b)|lineitem/|linked_?account|bill_?payer|payer_account|usage_account|pricing_public"
    r"|public_?on_?demand(?!_cost)|resource_?tags|(?<!capacity_)reservation_(?!s\b)|savings_?plan_|product_(?!family)|usage_?type\b"
    r"|billed_?cost_?usd|bill_bill|bill_invoice|split_line|edp_?discount|ri_?fee",
    re.IGNORECASE,
)
MAY_SAY = ("finops_mcp/exports/", "finops_mcp/cache/free_sql/")
DEMO = ROOT / "finops_mcp/surfaces/demo.py"


def sources() -> Iterator[Path]:
    for folder in ("finops_mcp", "tools"):
        for path in sorted((ROOT / folder).rglob("*")):
            place = path.relative_to(ROOT).as_posix()
            if path.suffix in {".py", ".sql"} and not place.startswith(MAY_SAY):
                yield path


def test_awss_words_are_said_only_where_exports_are_read() -> None:
    leaks = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for match in AWS.finditer(line)
        if path != DEMO
    ]
    assert leaks == []


def test_the_demo_says_them_in_its_one_published_query_alone() -> None:
    from finops_mcp.surfaces.demo import QUESTIONS

    published = [q for *_, q in QUESTIONS if q.get("dialect") == "athena"]
    assert len(published) == 1
    said = AWS.findall(DEMO.read_text())
    assert said == AWS.findall(published[0]["sql"])
    assert said


WORD = re.compile(r"(?<![\w:/.$-])[a-z]+(?:_[a-z0-9]+)+(?![\w/:-])")


def known() -> set[str]:
    """Every name with an underscore that a caller may use, read from where it is defined."""
    engine = duckdb.connect()
    engine.execute(schema_sql())
    engine.execute((ROOT / "finops_mcp/cache/rollups.sql").read_text())
    columns = {c for (c,) in engine.execute("select column_name from duckdb_columns()").fetchall()}
    tables = {t for (t,) in engine.execute("select table_name from duckdb_tables()").fetchall()}
    parameters: set[str] = set()
    choices: set[str] = set()
    answers: set[str] = set()
    for tool in TOOLS.values():
        schema = input_schema(tool)
        shapes = [schema, *schema.get("$defs", {}).values()]
        for shape in shapes:
            for name, part in shape.get("properties", {}).items():
                parameters.add(name)
                choices |= {c for c in part.get("enum", ()) if c}
        full = tool.answer.model_json_schema()
        for shape in [full, *full["$defs"].values()]:
            answers |= set(shape.get("properties", {}))
    return {
        *TOOLS, *parameters, *choices, *answers, *columns, *tables, *METRICS, *NAMED_DIMENSIONS,
        *KEYED_DIMENSIONS, *EFFECTS, *(p.name for p in PROMPTS),
    }  # fmt: skip


def sayings() -> Iterator[tuple[str, str]]:
    """Everything we tell callers: instructions, descriptions, prompts, errors, caveats, the README."""
    yield "instructions", INSTRUCTIONS
    for tool in TOOLS.values():
        yield tool.name, f"{tool.title} {tool.description} {input_schema(tool)}"
    for prompt in PROMPTS:
        yield prompt.name, f"{prompt.description} {prompt.words}"
    for place in ("errors.py", "cache/caveats.py", "surfaces/cli.py", "surfaces/doctor.py"):
        tree = ast.parse((ROOT / "finops_mcp" / place).read_text())
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        yield place, "\n".join(t for t in texts if " " in t and not t.startswith("select "))
    for page in ("README.md", "CONTRIBUTING.md"):
        if (ROOT / page).exists():
            yield (
                page,
                re.sub(r"```(?!sh|console|bash).*?```", "", (ROOT / page).read_text(), flags=re.DOTALL),
            )


# Words of packages and files, of SQL, of the view `cur`, and of an example, that may be mentioned as well.
ELSEWHERE = {"finops_mcp", "claude_config", "current_date", "billing_period", "dearest_days"}


@pytest.mark.parametrize(("where", "text"), list(sayings()), ids=lambda v: v if len(v) < 30 else "")
def test_every_name_that_is_mentioned_exists(where: str, text: str) -> None:
    names = known()
    strange = sorted(w for w in set(WORD.findall(text)) if w not in names | ELSEWHERE)
    assert strange == [], where


def test_the_test_would_see_a_name_that_does_not_exist() -> None:
    assert WORD.findall("ask `cost_buy` with compare previous_periods") == ["cost_buy", "previous_periods"]
    assert not {"cost_buy", "previous_periods"} & known()


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda p: p.name)
def test_a_prompt_fills_its_own_blanks_and_says_what_they_are(prompt: object) -> None:
    from finops_mcp.toolbox.documents import Prompt

    assert isinstance(prompt, Prompt)
    blanks = set(re.findall(r"\{\{(\w+)\}\}", prompt.words))
    assert blanks == {a.name for a in prompt.arguments}
    assert all(len(a.description) > 10 for a in prompt.arguments)
    assert prompt.title
    assert prompt.description.endswith(".")
    assert "{{" not in prompt.filled({a.name: "2026-09" for a in prompt.arguments})
    needed = {a.name: "2026-09" for a in prompt.arguments if a.required}
    assert "{{" not in prompt.filled(needed)


def commands(text: str) -> Iterator[list[str]]:
    """Find the command lines of ours in a text."""
    for line in re.findall(r"finops-duck ([^`\n\"']+)", text):
        yield line.replace("\\", " ").split()


def test_every_command_that_is_mentioned_exists() -> None:
    for where, text in sayings():
        for words in commands(text):
            if not re.fullmatch(r"[a-z]+", words[0]):
                continue
            assert words[0] in command.commands, where
            flags = {o for p in command.commands[words[0]].params for o in p.opts}
            if words[0] == "ask":
                continue
            given = {w.split("=")[0].rstrip(".,)") for w in words if w.startswith("--")}
            assert given <= flags, (where, words)


def test_every_variable_that_is_mentioned_is_a_setting() -> None:
    variables = {s.variable for s in SETTINGS}
    for where, text in sayings():
        said = {v for v in re.findall(r"FINOPS_[A-Z0-9_]+", text) if v != "FINOPS_"}
        assert said <= variables, where


def test_the_name_of_another_product_is_never_recommended() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("examples/*"), *sources()]:
        text = path.read_text()
        assert "uvx finops-mcp" not in text
        assert "pip install finops-mcp" not in text


def test_every_named_dimension_can_be_read() -> None:
    assert [dimension(n).name for n in NAMED_DIMENSIONS] == list(NAMED_DIMENSIONS)
