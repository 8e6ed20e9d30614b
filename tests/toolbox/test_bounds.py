"""Does an answer stay within its cap whatever is in it, and say what it left out?"""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.answers import Answer, Basis, Included, NextStep, Period
from finops_mcp.toolbox.bounds import MOST_BYTES, as_json, within_bounds
from finops_mcp.toolbox.text import markdown

texts = st.text(max_size=40).flatmap(lambda t: st.sampled_from([t, t * 50, t * 400]))


def answer(**more: Any) -> Answer:
    made: dict[str, Any] = {
        "summary": "Said.", "columns": ["a", "b"], "rows": [], "totals": {}, "total_rows": 0,
        "truncated": False,
    }  # fmt: skip
    return Answer(**(made | more))


def basis(filters: list[dict[str, Any]]) -> Basis:
    period = Period(
        start="2026-01-01", end_exclusive="2026-02-01", by="billing_period", complete=True, state="closed"
    )
    return Basis(
        measure="effective_cost", currency="USD", scope="costs", period=period, filters=filters,
        includes={"tax": Included(included=False, amount="1.00")}, source=[],
    )  # fmt: skip


def test_an_answer_within_the_cap_is_left_as_it_is() -> None:
    small = answer(rows=[["x", "1.00"]] * 50, total_rows=50, caveats=["Know this."])
    assert within_bounds(small) is small


def test_rows_are_cut_to_as_many_as_fit_and_no_fewer() -> None:
    rows = [[f"resource-{n:05}", f"{n}.00"] for n in range(2_000)]
    cut = within_bounds(answer(rows=rows, total_rows=2_000))
    kept = len(cut.rows)
    assert cut.truncated
    assert cut.rows == rows[:kept]
    assert cut.caveats[-1].startswith(f"Cut to {kept} of 2000 rows")
    one_more = cut.model_copy(update={"rows": rows[: kept + 1]})
    assert max(len(as_json(one_more)), len(markdown(one_more))) > MOST_BYTES


def test_what_is_said_beside_the_rows_gives_way_before_them() -> None:
    rows = [[f"row {n}", "1.00"] for n in range(20)]
    cut = within_bounds(
        answer(rows=rows, total_rows=20, caveats=[f"Caveat {n}: {'x' * 90}" for n in range(200)])
    )
    assert cut.rows == rows
    assert not cut.truncated
    assert cut.caveats[0].startswith("Caveat 0")
    assert cut.caveats[-1] == f"… and {200 - (len(cut.caveats) - 1)} more."


def test_conditions_are_repeated_in_part_and_say_so() -> None:
    condition = {"dimension": "resource_id", "op": "in", "values": [f"i-{n:030}" for n in range(900)]}
    cut = within_bounds(answer(basis=basis([condition])))
    assert cut.basis
    assert cut.basis.filters
    (told,) = cut.basis.filters
    assert told["values_given"] == 900
    assert told["values"][0] == "i-" + "0" * 30


@given(
    st.lists(st.lists(texts, min_size=2, max_size=2), max_size=60),
    st.lists(texts, max_size=30),
    st.lists(st.fixed_dictionaries({"dimension": texts, "op": texts, "values": st.lists(texts)}), max_size=9),
    texts,
)
def test_no_answer_ever_exceeds_the_cap(
    rows: list[list[str]], caveats: list[str], filters: list[dict[str, Any]], summary: str
) -> None:
    for condition in filters:
        condition["dimension"], condition["op"] = "service_name", "contains"
    steps = [NextStep(tool="cost_by", arguments={"filters": filters}, why="what follows")]
    large = answer(
        rows=rows, total_rows=len(rows), caveats=caveats, basis=basis(filters), summary=summary, next=steps
    )
    cut = within_bounds(large)
    assert len(as_json(cut).encode()) <= MOST_BYTES
    assert len(markdown(cut).encode()) <= MOST_BYTES
    assert cut.rows == rows[: len(cut.rows)]
    assert cut.truncated or len(cut.rows) == len(rows)
    assert json.loads(as_json(cut))["total_rows"] == len(rows)
