"""Is what is suggested what the evidence says, as sure as that, and does each resource go to one rule?"""

import math
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.analytics.tagging.suggestions import (
    DOMINANT,
    FEWEST_SURE,
    Kind,
    Resource,
    shared_of,
    stem,
    stem_pattern,
    suggested,
    wilson_lower,
    word_pattern,
    words,
)

D = Decimal


def tagged(count: int, value: str | None = "x", account: str = "1", cost: str = "10") -> list[Resource]:
    return [Resource(f"{account}/{value}/{n}", account, D(cost), value) for n in range(count)]


def test_golden_the_lower_end_of_wilsons_interval() -> None:
    # z = 1.959964, z^2 = 3.841459. All of n: n / (n + z^2), so 10 / 13.841459 = 0.722467.
    assert wilson_lower(10, 10) == pytest.approx(0.722467, abs=1e-6)
    # 8 of 10: (0.8 + 0.192073 - 1.959964 * sqrt(0.016 + 0.009604)) / 1.384146 = 0.490162
    expected = (0.8 + 3.841459 / 20 - 1.959964 * math.sqrt(0.8 * 0.2 / 10 + 3.841459 / 400)) / 1.3841459
    assert wilson_lower(8, 10) == pytest.approx(expected, abs=1e-6) == pytest.approx(0.490162, abs=1e-5)
    assert wilson_lower(0, 5) == wilson_lower(0, 0) == 0.0


def test_an_account_whose_spend_has_one_value_suggests_it_for_the_rest_of_it() -> None:
    bare = [Resource("a", "1", D(7)), Resource("b", "1", D(5)), Resource("c", "2", D(3))]
    (one,) = suggested([*tagged(10), *tagged(9, "y", "2"), *tagged(1, "z", "2", "11"), *bare])
    # 90 of 101 of account 2 have y, which is less than 90 %.
    assert (one.value, one.shared.field, one.shared.op, one.shared.value) == ("x", "account", "eq", "1")
    assert (one.cost, [r.id for r in one.takes]) == (D(12), ["a", "b"])
    assert (one.agreeing, one.tagged, one.spend_share) == (10, 10, D(1))
    assert one.confidence == pytest.approx(0.722467, abs=1e-6)


def test_exactly_nine_tenths_of_the_spend_are_enough_and_confidence_is_never_more_than_that() -> None:
    bare = [Resource("a", "1", D(7))]
    (one,) = suggested([*tagged(900, cost="1"), *tagged(1, "y", cost="100"), *bare])
    # 900 of 1,000 of spend, 900 of 901 resources: the interval begins at 0.9937.
    assert (one.spend_share, one.confidence) == (DOMINANT, 0.9)
    assert suggested([*tagged(900, cost="1"), *tagged(1, "y", cost="101"), *bare]) == []


def test_too_few_resources_prove_nothing() -> None:
    # One of one: 1 / 4.841459 = 0.21; two of two: 2 / 5.841459 = 0.34.
    assert suggested([*tagged(1), Resource("a", "1", D(7))]) == []
    (one,) = suggested([*tagged(2), Resource("a", "1", D(7))])
    assert one.confidence == pytest.approx(2 / 5.841459, abs=1e-6)
    assert one.confidence > FEWEST_SURE


def test_the_surest_evidence_takes_a_resource_and_of_two_alike_the_more_telling() -> None:
    stack: dict[str, tuple[Kind, str]] = {"tag:aws_cloudformation_stack_name": ("stack", "shop")}
    of_stack = [Resource(f"s{n}", "2", D(1), "y", stack) for n in range(40)]
    bare = [Resource("both", "1", D(7), None, stack), Resource("account", "1", D(5))]
    first, second = suggested([*tagged(10), *of_stack, *bare])
    assert (first.shared.kind, first.value, [r.id for r in first.takes]) == ("stack", "y", ["both"])
    assert (second.shared.kind, second.value, [r.id for r in second.takes]) == ("account", "x", ["account"])
    same = [Resource(f"s{n}", "2", D(1), "y", stack) for n in range(5)]
    (one,) = suggested([*same, Resource("both", "2", D(7), None, stack)])
    assert one.shared.kind == "stack"


def test_siblings_and_words_of_names_are_evidence_and_ids_that_aws_makes_are_none() -> None:
    shops = [Resource(f"arn:aws:rds:x:1:db:shop-db-{n}", f"{n}", D(1), "shop") for n in range(6)]
    lakes = [Resource(f"arn:aws:s3:::raw-lake-{n}x", f"{n}", D(1), "data") for n in range(6)]
    ids = [Resource(f"vol-0a1b2c3d{n}", f"v{n}", D(1), "vols") for n in range(6)]
    bare = [
        Resource("arn:aws:rds:x:1:db:shop-db-77", "z1", D(4)),
        Resource("arn:aws:s3:::lake.archive", "z2", D(3)),
        Resource("vol-0a1b2c3d99", "z3", D(2)),
        Resource("arn:aws:lake:::other", "z4", D(1)),
    ]
    found = {
        (s.shared.kind, s.value): [r.cost for r in s.takes] for s in suggested([*shops, *lakes, *ids, *bare])
    }
    assert found == {("sibling", "shop"): [D(4)], ("name", "data"): [D(3)]}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:rds:eu-west-1:1:db:shop-db-12", "arn:aws:rds:eu-west-1:1:db:shop-db"),
        ("shop-db1-22", "shop-db"),
        ("shop", None),
        ("i-0123456789abcdef0", None),
        ("arn:aws:ec2:x:1:instance/i-0123456789abcdef0", None),
        ("db-1", None),
        ("1234", None),
        (f"shop-{'1' * 2000}:x", None),  # no expression may try every way of parting digits
    ],
)
def test_stems(resource: str, expected: str | None) -> None:
    assert stem(resource) == expected


IDS = st.from_regex(r"\A([a-z]{1,6}[-_.:/]?[0-9]{0,2}){1,4}\Z")


@given(IDS, IDS)
def test_the_expressions_of_rules_find_just_what_has_the_trait(one: str, other: str) -> None:
    begins = stem(one)
    if begins:
        assert re.search(stem_pattern(begins), one)
        assert bool(re.search(stem_pattern(begins), other)) == (stem(other) == begins)
    for word in words(one):
        assert re.search(word_pattern(word), one)
        assert bool(re.search(word_pattern(word), other)) == (word in words(other))


MARKS: list[dict[str, tuple[Kind, str]]] = [{}, {"tag:team": ("tag", "a")}, {"tag:team": ("tag", "b")}]
RESOURCES = st.lists(
    st.builds(
        Resource,
        id=st.sampled_from([f"{word}-{n}" for word in ("shop", "lake", "shop-lake") for n in range(9)]),
        account=st.sampled_from("12"),
        cost=st.decimals(min_value=-1, max_value=50, places=2),
        value=st.sampled_from(["x", "y", None]),
        marks=st.sampled_from(MARKS),
    ),
    max_size=30,
    unique_by=lambda r: (r.id, r.account),
)


@given(RESOURCES)
def test_each_resource_goes_to_one_rule_that_fits_and_order_changes_nothing(
    resources: list[Resource],
) -> None:
    found = suggested(resources)
    taken = [r for one in found for r in one.takes]
    assert len({(r.account, r.id) for r in taken}) == len(taken)
    for one in found:
        assert all(r.value is None and r.cost > 0 and one.shared in set(shared_of(r)) for r in one.takes)
        assert one.cost == sum(r.cost for r in one.takes)
        assert one.spend_share >= DOMINANT
        assert FEWEST_SURE <= one.confidence <= one.agreeing / one.tagged
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    again = suggested(resources[::-1])
    assert [(s.shared, s.value, s.takes) for s in again] == [(s.shared, s.value, s.takes) for s in found]
