"""Is a tag policy read as it is meant, and what is wrong with it told by line and key?"""

import json
from datetime import date
from pathlib import Path

import pytest

from finops_mcp.errors import TagPolicyUnreadable
from finops_mcp.surfaces.commands_tags import schema_text
from finops_mcp.tag_policy import TagPolicy
from finops_mcp.tag_policy.reading import read_tag_policy

EXAMPLES = Path(__file__).parents[2] / "examples"


def read(folder: Path, text: str) -> TagPolicy:
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return read_tag_policy(path)


def faults(folder: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(TagPolicyUnreadable) as raised:
        read(folder, text)
    return raised.value.faults


def test_a_text_stands_for_a_list_of_one_and_dates_are_dates(tmp_path: Path) -> None:
    policy = read(
        tmp_path,
        "keys:\n  - {key: Owner, values: 0042, where: {accounts: 012345678901}, from: 2026-01-01}\n"
        "exemptions:\n  - {keys: Owner, where: {regions: eu-west-1}, reason: closed, to: 2026-07-01}\n",
    )
    (asked,), (exempt,) = policy.keys, policy.exemptions
    assert (asked.values, asked.where and asked.where.accounts) == (["0042"], ["012345678901"])
    assert (asked.start, asked.end, exempt.end) == (date(2026, 1, 1), None, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("text", "line", "key", "why"),
    [
        ("keys:\n  - {key: a}\n  - {key: b, vaules: x}\n", 3, "keys.1.vaules", "did you mean values?"),
        ("keys: []\n", 1, "keys", "at least 1 item"),
        ("keys:\n  - key: a\n    pattern: '[a'\n", 3, "keys.0.pattern", "no regular expression"),
        ("keys:\n  - {key: a, values: [Prod], case: lower}\n", 2, "keys.0", "rules out 'Prod'"),
        ("keys:\n  - {key: a, values: [x], pattern: x}\n", 2, "keys.0", "either values or a pattern"),
        ("keys:\n  - {key: a, from: 2026-02-01, to: 2026-02-01}\n", 2, "keys.0", "on or before its start"),
        ("keys:\n  - {key: a, case: upper-case}\n", 2, "keys.0.case", "'exact', 'any', 'lower' or 'upper'"),
        ("keys:\n  - key: a\nexemptions:\n  - {where: {regions: x}}\n", 4, "exemptions.0.reason", "missing"),
        ("keys:\n  - {key: a, where: {}}\n", 2, "keys.0.where", "it names no accounts"),
        ("keys:\n  - {key: a}\nkeys: []\n", 3, "keys", "it stands in line 1 already"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_key(
    tmp_path: Path, text: str, line: int, key: str, why: str
) -> None:
    ((where, which, said),) = faults(tmp_path, text)
    assert (where, which) == (line, key)
    assert why in said


def test_the_example_is_read_and_the_published_schema_is_the_models() -> None:
    policy = read_tag_policy(EXAMPLES / "tag_policy.yaml")
    assert [asked.key for asked in policy.keys] == [
        "environment",
        "cost_center",
        "project",
        "project",
        "owner",
    ]
    assert (EXAMPLES / "tag_policy.schema.json").read_text(encoding="utf-8") == schema_text()
    properties = json.loads(schema_text())["$defs"]["RequiredKey"]["properties"]
    assert set(properties) == {"key", "where", "values", "pattern", "case", "from", "to"}
