"""Is a change as risky as the domain's rubric has it (D.0), and a finding as sure?"""

import pytest

from finops_mcp.analytics.savings.rubric import confidence_of, risk_of

DEV, PROD = {"env": "dev"}, {"environment": "Production"}


@pytest.mark.parametrize(
    ("base", "tags", "how", "risk"),
    [
        ("low", DEV, {}, "low"),
        ("low", PROD, {}, "med"),  # one step more
        ("low", {}, {}, "med"),  # no tag: as if
        ("none", PROD, {}, "low"),
        ("high", PROD, {}, "high"),  # there is no more
        ("low", {"stage": "non-prod"}, {}, "low"),
        ("low", {"env": "preprod"}, {}, "low"),
        ("low", DEV, {"restarts": True}, "med"),
        ("low", DEV, {"deletes": True}, "high"),
        ("low", DEV, {"deletes": True, "snapshot_first": True}, "med"),
        ("low", DEV, {"idle_by_bill_alone": True}, "med"),
        ("high", DEV, {"restarts": True}, "high"),  # the most of what applies
    ],
)
def test_the_riskiest_that_applies_counts(
    base: str, tags: dict[str, str], how: dict[str, bool], risk: str
) -> None:
    assert risk_of(base, tags, **how)[0] == risk  # type: ignore[arg-type]


def test_each_precondition_that_is_not_shown_takes_a_tenth() -> None:
    assert confidence_of(0.9, 2) == 0.7
    assert confidence_of(0.1, 3) == 0
