"""Do the parts of coverage add up, and do its denominators nest?"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.tagging import Part, covered

D = Decimal
PARTS = st.builds(
    Part,
    cost=st.decimals(min_value=-1000, max_value=1000, places=6),
    taggable=st.booleans(),
    value=st.sampled_from(["a", "b", None]),
    verdict=st.sampled_from(
        ["not_required", "exempt", "compliant", "missing", "case", "misspelt", "invalid"]
    ),
    resources=st.integers(0, 5),
)


def test_golden_g_e2() -> None:
    found = covered(
        [
            Part(D(100), taggable=True, value="Prod", verdict="case", resources=1),
            Part(D(50), taggable=True, value="prod", verdict="compliant", resources=1),
            Part(D(30), taggable=True, value=None, verdict="missing", resources=1),
            Part(D(20), taggable=False, value=None),
        ]
    )
    assert (found.taggable_tagged, found.taggable) == (D(150), D(180))
    assert (found.tagged, found.all_in) == (D(150), D(200))
    assert (found.compliant, found.required) == (D(50), D(180))


@given(st.lists(PARTS, max_size=12))
def test_covered_and_uncovered_are_all_and_the_denominators_nest(parts: list[Part]) -> None:
    found = covered(parts)
    assert found.all_in == sum((p.cost for p in parts), start=D(0))
    assert found.taggable == found.taggable_tagged + found.uncovered
    assert found.uncovered == sum((p.cost for p in parts if p.taggable and p.value is None), start=D(0))
    beyond = covered([p for p in parts if not p.taggable])
    assert (beyond.taggable, beyond.resources) == (D(0), 0)
    assert found.all_in == found.taggable + beyond.all_in
    assert found.tagged == found.taggable_tagged + beyond.tagged
    assert sum(found.by_verdict.values(), start=D(0)) == found.taggable
    assert sum(found.resources_by_verdict.values()) == found.resources
    left = found.taggable - found.required - found.exempt
    assert left == found.by_verdict.get("not_required", D(0))
