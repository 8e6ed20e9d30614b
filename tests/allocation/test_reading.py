"""Is a file of rules read as it is meant, and is whatever is wrong with it told by line and key?"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from finops_mcp.allocation import AllocationFile, Condition
from finops_mcp.allocation.reading import hash_of, read_allocation, schema_text, text_of
from finops_mcp.cache.assigned.checking import wrong_patterns
from finops_mcp.errors import AllocationUnreadable

EXAMPLES = Path(__file__).parents[2] / "examples"
FILE = """\
# ours
from: 2026-01-01
dimensions:
  cost_center:
    rules:
      - id: data
        from: 2026-02-10
        when: {field: account, op: eq, value: 012345678901}
        set: Data
      - id: team
        when:
          any:
            - {field: tag:team, value: [a, b]}
            - not: [{field: service, op: prefix, value: Amazon}]
        set: {from: tag:team, map: {a: A}}
shared:
  - {id: support, match: {field: charge_group, op: eq, value: support}, method: even}
  - id: network
    of: Network
    method: fixed
    weights: {Data: 0.1, A: 1234567890123456.78}
  - {id: tax, method: proportional}
policies: {tax: tax}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_it_is_meant(tmp_path: Path) -> None:
    said = read_allocation(written(tmp_path, FILE))
    assert (said.start, said.first_dimension) == (date(2026, 1, 1), "cost_center")
    data, team = said.dimensions["cost_center"].rules
    assert (data.start, data.end, data.set.value) == (date(2026, 2, 10), None, "Data")
    assert data.when == Condition(field="account", op="eq", value=["012345678901"])
    assert team.when is not None
    assert [(leaf.field, leaf.op, leaf.values) for leaf in team.when.leaves()] == [
        ("tag:team", "in", ["a", "b"]),
        ("service", "prefix", ["Amazon"]),
    ]
    assert team.fields == ["tag:team", "service", "tag:team"]
    assert (team.set.source, team.set.map) == ("tag:team", {"a": "A"})
    support, network, tax = said.pools_of("cost_center")
    assert (support.targets, network.of, tax.match) == ("all", "Network", None)
    assert network.weights == {"Data": Decimal("0.1"), "A": Decimal("1234567890123456.78")}
    assert (said.policies.commitments, said.policies.unused, said.policies.credits) == (
        "who_consumed",
        "owner",
        "leave_out",
    )


def test_the_hash_is_of_what_is_said_and_not_of_how(tmp_path: Path) -> None:
    said = read_allocation(written(tmp_path, FILE))
    other = FILE.replace("# ours\n", "").replace(
        "{field: account, op: eq, value: 012345678901}",
        """
          all:
            - {value: "012345678901", op: eq, field: account}""",
    )
    assert hash_of(read_allocation(written(tmp_path, FILE.replace("# ours", "# theirs")))) == hash_of(said)
    assert hash_of(read_allocation(written(tmp_path, other))) != hash_of(said)
    assert hash_of(read_allocation(written(tmp_path, FILE.replace("set: Data", "set: Date")))) != hash_of(
        said
    )
    again = read_allocation(written(tmp_path, text_of(said)))
    assert (again, hash_of(again)) == (said, hash_of(said))


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "why"),
    [
        ("op: eq, value: 0", "op: equals, value: 0", 8, "rules.0.when.op", "not 'equals'"),
        ("tag:team, value", "tags:team, value", 13, "when.any.0.field", "'tags:team' is no field"),
        ("tag:team, value", "'tag:', value", 13, "when.any.0.field", "'tag:' is no field of a charge"),
        ("set: Data", "set: {form: tag:x}", 9, "rules.0.set.form", "did you mean from?"),
        ("set: Data", "set: [Data]", 9, "rules.0.set", "either a text, or {from: <field>}"),
        ("set: Data", "set: {from: tagteam}", 9, "rules.0.set.from", "'tagteam' is no field"),
        ("set: Data", "set: ''", 9, "rules.0.set", "at least 1 character"),
        ("id: team", "id: data", 10, "rules.1.id", "data is the id of another already"),
        ("id: team", "id: default", 10, "rules.1.id", "the id shown where no rule fits"),
        ("  when: {field: acc", "  wen: {field: acc", 8, "rules.0.wen", "did you mean when?"),
        ("value: [a, b]", "op: eq, value: [a, b]", 13, "when.any.0", "op eq takes one value"),
        ("value: [a, b]", "op: exists, value: [a, b]", 13, "when.any.0", "op exists takes no value"),
        (", value: [a, b]", "", 13, "when.any.0", "op in needs a value"),
        ("{field: tag:team, value: [a, b]}", "{op: in}", 13, "when.any.0", "either one condition"),
        ("any:\n", "any: []\n          all:\n", 12, "when.any", "at least 1 item"),
        ("op: prefix, value: Amazon", "op: regex, value: 'a(?<=b)'", 14, "any.1.not.0.value", "of RE2"),
        ("from: 2026-01-01", "from: 2026-01-02", 2, "from", "is not the first of a month"),
        ("from: 2026-02-10", "from: 2026-02-10\n        to: 2026-02-10", 6, "rules.0", "ends (2026-02-10"),
        ("method: even", "method: fixed", 17, "shared.0", "method fixed needs weights"),
        ("method: even", "method: evenly", 17, "shared.0.method", "not 'evenly'"),
        ("method: even", "method: even, measure: list_cost", 17, "shared.0", "takes no measure"),
        ("method: even", "method: usage_driver", 17, "shared.0", "needs driver"),
        ("op: eq, value: support", "op: eq, value: suport", 17, "shared.0.match", "the charge groups are"),
        ("Data: 0.1", "Data: -0.1", 21, "shared.1.weights.Data", "greater than or equal to 0"),
        ("Data: 0.1, A: 1234567890123456.78", "Data: 0", 18, "shared.1", "not one of its weights"),
        ("of: Network", "of: N\n    match: {field: account, value: x}", 18, "shared.1", "match or of"),
        ("method: fixed", "method: fixed\n    dimension: team", 21, "shared.1.dimension", "no 'team'"),
        ("policies: {tax: tax}", "policies: {tax: vat}", 23, "policies.tax", "'vat' is no id of `shared`"),
        ("policies: {tax: tax}", "", 22, "shared.2.id", "nothing is in tax"),
        ("{tax: tax}", "{tax: tax, unused: leave_out}", 23, "policies.unused", "what went unused was paid"),
        ("shared:", "organizational_units: {a: [x], b: [y, x]}\nshared:", 16, "b.1", "x is in a already"),
        ("- id: data", "- {id: all, set: All}\n      - id: data", 6, "rules.0.id", "all takes every charge"),
        ("cost_center:", "cost:center:", 4, "dimensions.cost:center", "has no colon"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, why: str
) -> None:
    assert FILE.count(old) >= 1
    with pytest.raises(AllocationUnreadable, match="finops-duck allocation schema") as raised:
        read_allocation(written(tmp_path, FILE.replace(old, new, 1)), wrong_patterns)
    found = [(at, told) for at, where, told in raised.value.faults if where.endswith(key)]
    assert found, raised.value.faults
    assert (found[0][0], why in found[0][1]) == (line, True), raised.value.faults


def test_the_example_can_be_kept_and_the_schema_is_current() -> None:
    read_allocation(EXAMPLES / "allocation.yaml", wrong_patterns)
    published = (EXAMPLES / "allocation.schema.json").read_text()
    assert published == schema_text(), "if the change is meant, run `uv run just schema`"
    schema = json.loads(published)
    assert schema["$defs"]["Setting"]["anyOf"][0] == {"type": "string", "minLength": 1}
    assert set(schema["$defs"]["Condition"]["properties"]) == {"all", "any", "not", "field", "op", "value"}


def test_nothing_is_changed_by_reading_it_anew() -> None:
    said = read_allocation(EXAMPLES / "allocation.yaml")
    assert AllocationFile.model_validate_json(text_of(said)) == said
