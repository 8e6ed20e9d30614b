"""Does a policy judge a value as it says, and each charge one way?"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finops_mcp.tag_policy import RequiredKey
from finops_mcp.tag_policy.judging import Place, judged
from finops_mcp.tag_policy.terms import Exemption

HERE = Place(("111111111111", "shop"), ("AmazonEC2", "Amazon EC2"), "eu-west-1", "i-1", date(2026, 1, 15))


def required(**said: Any) -> RequiredKey:
    return RequiredKey.model_validate({"key": "env"} | said)


def verdict(value: str | None, **said: Any) -> tuple[str, str | None]:
    told = judged(HERE, value, [required(**said)], [])
    return told.verdict, told.meant


@pytest.mark.parametrize(
    ("value", "said", "expected"),
    [
        (None, {}, ("missing", None)),
        ("anything", {}, ("compliant", None)),
        ("prod", {"values": ["prod"]}, ("compliant", None)),
        ("Prod", {"values": ["prod"]}, ("case", "prod")),
        ("Prod", {"values": ["prod"], "case": "any"}, ("compliant", None)),
        ("Prod", {"case": "lower"}, ("case", "prod")),
        ("prod", {"case": "upper"}, ("case", "PROD")),
        ("prdo", {"values": ["production", "prod"]}, ("invalid", None)),
        ("prd", {"values": ["production", "prod"]}, ("misspelt", "prod")),
        ("productoin", {"values": ["production", "prod"]}, ("misspelt", "production")),
        ("PRD", {"values": ["prod"], "case": "lower"}, ("misspelt", "prod")),
        (" prod", {"values": ["prod"]}, ("misspelt", "prod")),
        ("test", {"values": ["prod"]}, ("invalid", None)),
        ("4100", {"values": ["4200"]}, ("invalid", None)),
        ("4100", {"pattern": "[0-9]{4}"}, ("compliant", None)),
        ("41000", {"pattern": "[0-9]{4}"}, ("invalid", None)),
        ("ab", {"pattern": "[A-Z]+"}, ("invalid", None)),
        ("ab", {"pattern": "[A-Z]+", "case": "any"}, ("compliant", None)),
    ],
)
def test_a_value_is_judged_one_way(
    value: str | None, said: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    assert verdict(value, **said) == expected


@pytest.mark.parametrize(
    "where",
    [
        {"accounts": "shop"}, {"accounts": "111111111111"}, {"services": "AmazonEC2"},
        {"services": "Amazon EC2", "regions": ["eu-west-1"]}, {"resources": "i-*"},
    ],
)  # fmt: skip
def test_what_is_asked_somewhere_is_asked_there_alone(where: dict[str, Any]) -> None:
    assert verdict(None, where=where) == ("missing", None)
    assert judged(Place(("x",), ("y",), "z"), None, [required(where=where)], []).verdict == "not_required"
    exempt = Exemption.model_validate({"where": where, "reason": "it is old"})
    told = judged(HERE, "x", [required()], [exempt])
    assert (told.verdict, told.reason) == ("exempt", "it is old")


def test_every_list_of_a_place_must_fit() -> None:
    where = {"services": "AmazonEC2", "regions": "us-east-1"}
    assert verdict(None, where=where) == ("not_required", None)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-15", None, "missing"), ("2026-01-16", None, "not_required"),
        (None, "2026-01-16", "missing"), (None, "2026-01-15", "not_required"),
    ],
)  # fmt: skip
def test_a_date_holds_from_its_day_until_before_its_end(
    start: str | None, end: str | None, expected: str
) -> None:
    assert verdict(None, **{"from": start, "to": end})[0] == expected


def test_the_first_rule_that_fits_judges() -> None:
    rules = [required(where={"accounts": "shop"}, values=["a"]), required(values=["b"])]
    assert judged(HERE, "b", rules, []).verdict == "invalid"
    assert judged(Place(("other",), (), None), "b", rules, []).verdict == "compliant"


@given(st.text(max_size=8), st.lists(st.text(min_size=1, max_size=8), max_size=3))
def test_a_listed_value_complies_and_any_other_does_not(value: str, values: list[str]) -> None:
    told = judged(HERE, value, [RequiredKey(key="k", values=values)], []) if values else None
    assert told is None or (told.verdict == "compliant") == (value in values)
