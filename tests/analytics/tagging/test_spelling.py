"""Which values look like one, and do their costs add up?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.tagging import close, variants

D = Decimal


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Prod", "prod", True),
        ("cost-center", "CostCenter", True),
        ("storefront", "storefrnot", True),  # two letters of ten
        ("storefront", "storfrnot", False),  # three edits
        ("prod", "prd", True),  # one letter of three
        ("dev", "dv", False),  # a word of two letters has no near one
        ("qa", "qb", False),
        ("4100", "4200", False),  # numbers tell things apart
        ("web-1", "web-2", False),
        ("web-1", "wep-1", True),
        ("Überweisung", "überweisun", True),
    ],
)
def test_near_is_by_letters_and_never_by_numbers(one: str, other: str, expected: bool) -> None:
    assert close(one, other) is expected
    assert close(other, one) is expected


def test_golden_the_group_of_prod_and_its_spelling_is_150() -> None:
    (group,) = variants({"Prod": D(100), "prod": D(50)})
    assert (group.kind, group.values, group.cost) == ("case_variants", ("Prod", "prod"), D(150))


def test_near_ones_bring_all_their_spellings_and_others_stay_apart() -> None:
    costs = {"payments": D(9), "Payments": D(2), "payment": D(3), "checkout": D(5), "check-out": D(1)}
    assert {(g.kind, g.values, g.cost) for g in variants(costs)} == {
        ("case_variants", ("payments", "Payments"), D(11)),
        ("near_duplicates", ("payments", "payment", "Payments"), D(14)),
        ("near_duplicates", ("checkout", "check-out"), D(6)),
    }


WORDS = st.text(alphabet="abAB-1", min_size=1, max_size=6)


@given(st.dictionaries(WORDS, st.decimals(min_value=-5, max_value=100, places=2), max_size=12))
def test_a_value_is_in_one_group_of_a_kind_and_groups_cost_what_their_values_do(
    costs: dict[str, Decimal],
) -> None:
    found = variants(costs)
    for kind in ("case_variants", "near_duplicates"):
        values = [value for group in found if group.kind == kind for value in group.values]
        assert len(values) == len(set(values))
    for group in found:
        assert len(group.values) > 1
        assert group.cost == sum(costs[value] for value in group.values)
    # the order in which values are met changes nothing
    assert variants(dict(reversed(costs.items()))) == found
