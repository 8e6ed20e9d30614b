"""Are arguments that arrive as text read as their tool means them?"""

from pathlib import Path

import pytest

from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.folder import find_tools
from finops_mcp.toolbox.tool import Tool
from finops_mcp.toolbox.words import arguments_from, forms_of

ASKING = '''
from typing import Annotated
from pydantic import BaseModel, Field
from finops_mcp import Answer, Costs, tool

class Part(BaseModel):
    name: str

@tool("What was given?")
def asking(
    costs: Costs, *, needed: list[str], part: Part | None = None, parts: list[Part] = [], count: int = 1,
    maybe: list[str] | None = None, sure: bool = False, word: str | None = None,
    labels: dict[str, str] = {},
) -> Answer:
    """Takes parameters of every form that a tool may have."""
    raise AssertionError
'''


@pytest.fixture
def asking(tmp_path: Path) -> Tool:
    (tmp_path / "asking.py").write_text(ASKING)
    (tool,) = find_tools(tmp_path)
    return tool


def test_every_form_is_told_from_the_tools_own_types(asking: Tool) -> None:
    forms = forms_of(asking)
    assert forms["needed"] == {"array"}
    assert forms["part"] == {"object", "null"}
    assert forms["maybe"] == {"array", "null"}
    assert forms["labels"] == {"object"}
    assert forms["count"] == {"integer"}


def test_texts_become_what_the_tool_takes(asking: Tool) -> None:
    read = arguments_from(
        asking,
        {
            "needed": ["a", '["b", "c"]'],
            "part": ['{"name": "x"}'],
            "parts": ['{"name": "x"}', '[{"name": "y"}]'],
            "count": ["7"],
            "maybe": ["one"],
            "sure": ["true"],
            "word": ["[not a list"],
            "labels": ['{"a": "b"}'],
        },
    )
    checked = asking.checked(read)
    assert checked["needed"] == ["a", "b", "c"]
    assert checked["part"].name == "x"
    assert [p.name for p in checked["parts"]] == ["x", "y"]
    assert (checked["count"], checked["maybe"], checked["sure"]) == (7, ["one"], True)
    assert checked["word"] == "[not a list"
    assert checked["labels"] == {"a": "b"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"neded": ["x"]}, "Did you mean needed"),
        ({"count": ["1", "2"]}, "takes one value; 2 were given"),
        ({"parts": ["[{]"]}, "parts is not valid JSON"),
        ({"part": ["x"]}, "part is not valid JSON"),
        ({"needed": ["["  * 100_000]}, "needed is not valid JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(asking: Tool, given: dict[str, list[str]], said: str) -> None:
    with pytest.raises(InvalidArgument) as told:
        arguments_from(asking, given)
    assert said in str(told.value)


def test_two_spellings_of_one_name_are_not_both_taken(tmp_path: Path) -> None:
    from finops_mcp.toolbox.folder import built_in

    tools = {t.name: t for t in find_tools(built_in("tools"))}
    with pytest.raises(InvalidArgument, match="given twice"):
        arguments_from(tools["resource_costs"], {"resource-id": ["x"], "resource_id": ["y"]})
    assert not list(tmp_path.iterdir())
