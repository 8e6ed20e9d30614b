"""Do AWS's own words stay where exports are read, and do names we mention exist?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from finops_mcp.alerts.listing import ADDRESS as ALERTS
from finops_mcp.analytics.drivers import EFFECTS
from finops_mcp.cache.dimensions import COMMITMENTS, dimension
from finops_mcp.cache.free_sql.functions import FUNCTIONS
from finops_mcp.cache.inputs import COLUMNS as INPUTS
from finops_mcp.cache.segment import schema_sql
from finops_mcp.exports.dialects import BESIDE_COST
from finops_mcp.settings import SETTINGS
from finops_mcp.surfaces.cli import command
from finops_mcp.surfaces.mcp import INSTRUCTIONS
from finops_mcp.surfaces.mcp.resources import REPORT, REPORTS
from finops_mcp.tagging.tables import MEASURED
from finops_mcp.toolbox.documents import find_prompts, find_skills
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.pages import find_pages
from finops_mcp.toolbox.schemas import input_schema
from finops_mcp.vocabulary import KEYED_DIMENSIONS, METRICS, NAMED_DIMENSIONS

ROOT = Path(__file__).parents[1]
TOOLS = {t.name: t for t in find_tools(built_in("tools"))}
PROMPTS = find_prompts(built_in("prompts"))
SKILLS = sorted(built_in("skills").rglob("*.md"))
PROMPT_PAGES = sorted(built_in("prompts").glob("*.md"))
WITH_SQL = {*(p.parent.name for p in SKILLS), *(p.name for p in PROMPTS)}

AWS = re.compile(
    r"line_?item_(?!s\b)|lineitem/|linked_?account|bill_?payer|payer_account|usage_account|pricing_public"
    r"|public_?on_?demand(?!_cost)|resource_?tags|(?<!capacity_)reservation_(?!s\b|utilization)|savings_?plan_|product_(?!family)|usage_?type\b"
    r"|billed_?cost_?usd|bill_bill|bill_invoice|split_line|edp_?discount|ri_?fee",
    re.IGNORECASE,
)
# An agreement is a contract with AWS, in AWS's words; so are the fields of people's own rules of allocation.
MAY_SAY = (
    "finops_mcp/exports/",
    "finops_mcp/cache/free_sql/",
    "finops_mcp/agreement/",
    "finops_mcp/allocation/",
    "finops_mcp/cache/assigned/",
)
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


BLANK = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"(?<![\w:/.$-])[a-z]+(?:_[a-z0-9]+)+(?![\w/:-])")


def known() -> set[str]:
    """Every name with an underscore that a caller may use, read from where it is defined."""
    engine = duckdb.connect()
    for table in ("charges", COMMITMENTS, *BESIDE_COST):
        engine.execute(schema_sql(table))
    engine.execute((ROOT / "finops_mcp/cache/rollups.sql").read_text())
    columns = {
        c for (c,) in engine.execute("select column_name from duckdb_columns() where not internal").fetchall()
    }
    tables = {
        t for (t,) in engine.execute("select table_name from duckdb_tables() where not internal").fetchall()
    }
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
        *KEYED_DIMENSIONS, *EFFECTS, *MEASURED,
        *(c for of in INPUTS.values() for c in of), *(p.name for p in PROMPTS), "x_charge_id",
        *(blank for p in find_pages(built_in("resources")) for blank in BLANK.findall(p.address)),
    }  # fmt: skip


def known_of_sql() -> set[str]:
    """Every name that a statement over the report's own columns may use beside those."""
    engine = duckdb.connect()
    engine.execute((ROOT / "finops_mcp/exports/dialects/cur.columns.sql").read_text())
    columns = {
        c for (c,) in engine.execute("select column_name from duckdb_columns() where not internal").fetchall()
    }
    return columns | FUNCTIONS | {"try_cast"}


def sayings() -> Iterator[tuple[str, str]]:
    """Everything we tell callers: instructions, descriptions, prompts, skills, errors, caveats, README."""
    yield "instructions", INSTRUCTIONS
    for tool in TOOLS.values():
        yield tool.name, f"{tool.title} {tool.description} {input_schema(tool)}"
    for prompt in PROMPTS:
        yield prompt.name, f"{prompt.description} {prompt.words}"
    for one in find_pages(built_in("resources")):
        yield one.name, f"{one.title} {one.description} {one.address}"
    for skill in SKILLS:
        yield skill.parent.name, skill.read_text()
    for place in (
        "errors.py",
        "cache/caveats.py",
        "surfaces/cli.py",
        "surfaces/doctor.py",
        "surfaces/mcp/resources.py",
    ):
        tree = ast.parse((ROOT / "finops_mcp" / place).read_text())
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        yield place, "\n".join(t for t in texts if " " in t and not t.startswith("select "))
    for page in ("README.md", "CONTRIBUTING.md"):
        if (ROOT / page).exists():
            yield (
                page,
                re.sub(r"```(?!sh|console|bash).*?```", "", (ROOT / page).read_text(), flags=re.DOTALL),
            )


# Words of packages and files, of SQL and checks, of the view `cur`, of a user's own files and of an example,
# that may be mentioned as well.
ELSEWHERE = {
    "finops_mcp", "claude_config", "current_date", "billing_period", "dearest_days", "account_id",
    "scope_definition", "source_url", "used_by_meter", "focus_1_2",
}  # fmt: skip


@pytest.mark.parametrize(("where", "text"), list(sayings()), ids=lambda v: v if len(v) < 30 else "")
def test_every_name_that_is_mentioned_exists(where: str, text: str) -> None:
    names = known() | (known_of_sql() if where in WITH_SQL else set())
    strange = sorted(w for w in set(WORD.findall(text)) if w not in names | ELSEWHERE)
    assert strange == [], where


TICKED = re.compile(r"`([a-z]+)`")
DIMENSIONS = re.compile(
    r"\b(?:dimensions?|filters?(?: on)?) ([a-z_]+_[a-z_]+|tag:|cost_category:)(?: and ([a-z_]+_[a-z_]+))?"
)
COLUMNS_OF_ANSWERS = {"explains"}  # columns of rows; the schemas of answers name fields alone


@pytest.mark.parametrize("page", [*SKILLS, *PROMPT_PAGES], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_names_of_one_word_and_dimensions_exist_too(page: Path) -> None:
    text = page.read_text()
    aliases = set(re.findall(r"\bas ([a-z]+)\b", text))
    assert set(TICKED.findall(text)) <= known() | {"cur"} | COLUMNS_OF_ANSWERS | aliases
    said = {name.rstrip(":") for found in DIMENSIONS.findall(text) for name in found if name}
    assert said <= {*NAMED_DIMENSIONS, *KEYED_DIMENSIONS}


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


ADDRESS = re.compile(r"(?:costs|skill|ui)://[\w{}/.-]*[\w}]")


def addresses() -> set[str]:
    """Every address there is, blanks as they are written."""
    pages = {p.address for p in find_pages(built_in("resources"))}
    return {*pages, *(s.address for s in find_skills(built_in("skills"))), ALERTS, REPORTS, str(REPORT)}


def test_every_address_that_is_mentioned_exists() -> None:
    shapes = [re.compile(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(a))) for a in addresses()]
    for where, text in sayings():
        for said in ADDRESS.findall(text):
            assert any(shape.fullmatch(said) for shape in shapes), (where, said)


def test_the_test_would_see_an_address_that_does_not_exist() -> None:
    assert ADDRESS.findall("see costs://month/2026 and skill://x/SKILL.md.") == [
        "costs://month/2026",
        "skill://x/SKILL.md",
    ]
    assert not {"costs://month/2026", "skill://x/SKILL.md"} & addresses()


def test_a_page_asks_a_tool_that_exists_with_arguments_that_it_takes() -> None:
    for page in find_pages(built_in("resources")):
        values = {"month": "2026-01", "dimension": "day", "charge": "1-1"}
        TOOLS[page.tool].checked(
            page.filled({name: values.get(name, name) for name in BLANK.findall(page.address)})
        )


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
