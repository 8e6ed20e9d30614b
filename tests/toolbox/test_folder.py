"""Are tools and prompts found where people put them, and refused with a reason where they are not right?"""

from pathlib import Path

import pytest

from finops_mcp.errors import CallerMistake
from finops_mcp.toolbox.documents import find_prompts
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.toolbox import Toolbox
from tests.tools.tiny import app_at, asked, charge, home_of

MINE = '''
from finops_mcp import Answer, Costs, beside, tool

SQL = beside(__file__)


@tool("How many charges are there?")
def charge_count(costs: Costs) -> Answer:
    """Number of charges in the whole cache, as one row and nothing else."""
    rows = [list(row) for row in costs.ask(SQL)]
    return Answer(
        summary=f"{rows[0][0]} charges.", columns=["charges"], rows=rows, totals={}, total_rows=1,
        truncated=False,
    )
'''


def mine(folder: Path, text: str = MINE, name: str = "charge_count") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text)
    (folder / f"{name}.sql").write_text("select count(*) from charges")
    return folder


def test_a_users_own_tool_answers_beside_the_built_in_ones(tmp_path: Path) -> None:
    home_of(tmp_path, [charge("1"), charge("2")])
    toolbox = app_at(tmp_path / "home", tools=str(mine(tmp_path / "mine"))).toolbox
    assert asked(toolbox, "charge_count")["rows"] == [[2]]
    assert asked(toolbox, "charge-count")["rows"] == [[2]]
    assert "cost_by" in toolbox.tools


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("x = 1\n", "nothing", "defines no tool"),
        (MINE, "another", "named after its function"),
        (MINE.replace("charge_count", "cost_by"), "cost_by", "defines already"),
    ],
)
def test_a_file_that_is_no_tool_is_refused_with_the_reason(
    tmp_path: Path, text: str, name: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        find_tools(built_in("tools"), mine(tmp_path / "mine", text, name))


def test_a_tool_that_asks_for_what_there_is_not_is_refused(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    odd = MINE.replace("costs: Costs", "costs: int")
    (tool,) = find_tools(mine(tmp_path / "mine", odd))
    with pytest.raises(TypeError, match="which the toolbox does not have"):
        Toolbox([tool], app.toolbox.cache, app.refresher).call("charge_count", {})


def test_prompts_are_named_by_their_files() -> None:
    files = sorted((Path(__file__).parents[2] / "prompts").glob("*.md"))
    assert [p.name for p in find_prompts(built_in("prompts"))] == [f.stem for f in files]
    assert len(files) >= 7


def test_a_prompt_without_front_matter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_text("Just words.\n")
    with pytest.raises(ValueError, match="has no front matter"):
        find_prompts(tmp_path)


def test_an_unforeseen_fault_is_not_dressed_up_as_the_callers(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1")])
    text = MINE.replace("rows = [list(row) for row in costs.ask(SQL)]", "raise KeyError('x')")
    (tool,) = find_tools(mine(tmp_path / "mine", text))
    with pytest.raises(KeyError) as told:
        Toolbox([tool], app.toolbox.cache, app.refresher).call("charge_count", {})
    assert not isinstance(told.value, CallerMistake)
