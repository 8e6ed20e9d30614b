import re
from pathlib import Path

from finops_mcp.settings import SETTINGS
from finops_mcp.toolbox.catalogue import with_tables
from finops_mcp.toolbox.documents import find_prompts
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.pages import find_pages

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_tables_are_made_from_what_they_show() -> None:
    pages = find_pages(built_in("resources"))
    assert with_tables(README, find_tools(built_in("tools")), pages) == README, "run `uv run just readme`"


def test_every_tool_and_prompt_is_named() -> None:
    for tool in find_tools(built_in("tools")):
        assert f"`{tool.name}`" in README
    for prompt in find_prompts(built_in("prompts")):
        assert f"`{prompt.name}`" in README


def test_ci_runs_the_test_command_of_the_readme() -> None:
    shown = re.search(r"^(uv run just \w+)", README, re.MULTILINE)
    assert shown
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith(shown[1])


def test_every_setting_that_a_document_names_exists() -> None:
    known = {s.variable for s in SETTINGS}
    for page in ROOT.glob("*.md"):
        assert set(re.findall(r"FINOPS_[A-Z0-9_]+", page.read_text())) <= known


def test_the_tool_that_contributing_teaches_works_as_written(tmp_path: Path) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    sql = re.search(r"```sql\n(.*?)```", page, re.DOTALL)
    python = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert sql
    assert python
    (tmp_path / "dearest_days.sql").write_text(re.sub(r"(?m)^   ", "", sql[1]))
    (tmp_path / "dearest_days.py").write_text(re.sub(r"(?m)^   ", "", python[1]))
    (tool,) = find_tools(tmp_path)
    assert tool.name == "dearest_days"
    assert set(tool.parameters.model_fields) == {"month", "metric", "top", "response_format"}


def test_no_document_names_the_other_product_as_ours() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("examples/*"), *ROOT.glob("prompts/*")]:
        assert not re.search(r"(uvx|pip install|uv tool install) finops-mcp", page.read_text()), page
