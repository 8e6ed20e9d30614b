"""Does tag_coverage tell what is tagged of what, and what complies? Golden figures are the domain's (E.5)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finops_mcp.app import App
from finops_mcp.errors import MeasureNotInExport, TagPolicyUnreadable, UnknownValue
from tests.tools.tiny import asked, charge, column, focus_charge, focus_home, home_of

D = Decimal
JANUARY = date(2026, 1, 1)
ACCOUNTS = {"a": "111111111111", "b": "222222222222"}
LOWER = "keys: [{key: Environment, values: [prod, staging], case: lower}]"


def used(
    cost: str, resource: str | None, day: date = JANUARY, *, account: str = "a", **tags: str
) -> dict[str, Any]:
    return charge(
        cost,
        day,
        line_item_resource_id=resource,
        line_item_usage_account_id=ACCOUNTS[account],
        resource_tags={f"user:{key}": value for key, value in tags.items()},
    )


TAX = charge("20", line_item_line_item_type="Tax", pricing_public_on_demand_cost="0")


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> App:
    """G-E2: 100 tagged Prod, 50 prod, 30 of EC2 untagged, 20 of tax."""
    rows = [used("100", "i-1", environment="Prod"), used("50", "i-2", environment="prod"), used("30", "i-3")]
    return home_of(tmp_path_factory.mktemp("golden"), [*rows, TAX])


@pytest.fixture(autouse=True)
def no_policy(golden: App) -> Iterator[None]:
    yield
    golden.refresher.home.tag_policy.unlink(missing_ok=True)


def told(app: App, policy: str | None = None, **arguments: Any) -> dict[str, Any]:
    if policy:
        app.refresher.home.tag_policy.write_text(policy)
    return asked(app.toolbox, "tag_coverage", **arguments)


def rows(answer: dict[str, Any], table: str | None = None) -> list[dict[str, Any]]:
    held = answer[table] if table else answer
    return [dict(zip(held["columns"], row, strict=True)) for row in held["rows"]]


def wrong(answer: dict[str, Any]) -> set[tuple[Any, ...]]:
    found = rows(answer, "violations") if "violations" in answer else []
    return {(v["kind"], v["value"], v["meant"], v["cost"], v["resources"]) for v in found}


def test_golden_both_denominators_without_a_policy(golden: App) -> None:
    answer = told(golden)
    (row,) = rows(answer)
    assert (row["key"], row["billing_currency"]) == ("environment", "USD")
    assert (row["taggable_tagged_cost"], row["taggable_cost"], row["taggable_share"]) == (
        "150.00", "180.00", 0.833333,
    )  # fmt: skip
    assert (row["tagged_cost"], row["all_in_cost"], row["all_in_share"]) == ("150.00", "200.00", 0.75)
    assert (row["resources_tagged"], row["resources"], row["resource_share"]) == (2, 3, 0.666667)
    assert (row["required_cost"], row["compliant_cost"], row["compliant_share"]) == (None, None, None)
    assert wrong(answer) == {("case_variants", "Prod, prod", "Prod", "150.00", 2)}
    assert rows(answer, "untaggable") == [{"why": "tax", "billing_currency": "USD", "cost": "20.00"}]
    assert answer["totals"] == {"all_in_cost": "200.00", "taggable_cost": "180.00"}
    assert answer["basis"]["scope"] == "bill"
    assert any("compliance cannot be told" in said for said in answer["caveats"])
    assert answer["summary"] == "2026-01: environment is on 83.33% of taggable USD spend (75.00% of all)."


def test_golden_compliance_with_a_lower_case_policy(golden: App) -> None:
    answer = told(golden, LOWER)
    (row,) = rows(answer)
    assert (row["compliant_cost"], row["required_cost"], row["compliant_share"]) == (
        "50.00", "180.00", 0.277778,
    )  # fmt: skip
    assert wrong(answer) == {
        ("case", "Prod", "prod", "100.00", 1),
        ("missing", None, None, "30.00", 1),
        # which of both is meant is the policy's to say, not the dearer one's
        ("case_variants", "Prod, prod", "prod", "150.00", 2),
    }
    assert not any("cannot be told" in said for said in answer["caveats"])
    assert answer["summary"].endswith("(75.00% of all), 27.78% as the policy asks.")


def test_a_key_that_only_the_policy_knows_is_on_nothing(golden: App) -> None:
    answer = told(golden, "keys: [{key: Owner}]")
    (row,) = rows(answer)
    assert (row["key"], row["taggable_share"], row["compliant_share"]) == ("owner", 0.0, 0.0)
    assert wrong(answer) == {("missing", None, None, "180.00", 3)}
    with pytest.raises(UnknownValue, match="tag key = 'team'"):
        told(golden, key="team")


def test_a_policy_that_was_changed_by_hand_is_refused_by_its_line(golden: App) -> None:
    with pytest.raises(TagPolicyUnreadable, match=r"line 2, keys\.0\.vaules: .* did you mean values\?"):
        told(golden, "keys:\n  - {key: environment, vaules: [prod]}\n")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Two accounts: 40 and 30 tagged of 100 and 60; what cannot be tagged beside; a value that changed."""
    february = date(2026, 2, 1)
    rows = [
        used("15", "i-drifts", JANUARY, env="dev"),
        used("25", "i-drifts", february, env="test"),
        used("15", "i-plain", february, env="test"),
        used("15", "i-plain", date(2026, 3, 1), env="test"),
        used("60", "i-none", february),
        used("30", "i-b", february, account="b", env="tests", project_name="x"),
        used("30", "i-b-none", february, account="b", ProjektName="x"),
        used("7", None, february),
        charge("11", february, line_item_line_item_type="Fee", line_item_product_code="AWSSupportBusiness"),
        charge("-5", february, line_item_line_item_type="Credit", line_item_resource_id="i-plain"),
    ]
    return home_of(tmp_path_factory.mktemp("many"), rows)


def test_rows_by_account_add_up_to_the_whole_whatever_is_shown(many: App) -> None:
    answer = told(many, key="env", dimension="sub_account_id", month="2026-02")
    shown = {row["sub_account_id"]: row for row in rows(answer)}
    a, b = shown[ACCOUNTS["a"]], shown[ACCOUNTS["b"]]
    assert (a["taggable_cost"], a["taggable_tagged_cost"], a["resources"]) == ("100.00", "40.00", 3)
    assert (b["taggable_cost"], b["taggable_tagged_cost"], b["resources_tagged"]) == ("60.00", "30.00", 1)
    # 100 + 7 of account a, 60 of b; support and the credit are the payer's
    assert sum(D(row["all_in_cost"]) for row in shown.values()) == D(answer["totals"]["all_in_cost"]) == 173
    assert answer["totals"]["taggable_cost"] == "160.00"
    one = told(many, key="env", dimension="sub_account_id", month="2026-02", top=1)
    assert (len(one["rows"]), one["total_rows"], one["truncated"]) == (1, 3, True)
    assert one["totals"] == answer["totals"]
    assert rows(answer, "untaggable") == [
        {"why": "support", "billing_currency": "USD", "cost": "11.00"},
        {"why": "no resource", "billing_currency": "USD", "cost": "7.00"},
        {"why": "credit", "billing_currency": "USD", "cost": "-5.00"},
    ]


def test_values_that_are_near_and_keys_that_are_near_are_told_with_what_they_cost(many: App) -> None:
    found = wrong(told(many, key="env", month="2026-02"))
    assert ("near_duplicates", "test, tests", "test", "70.00", 3) in found
    allowed = wrong(told(many, "keys: [{key: env, values: [test, tests]}]", key="env", month="2026-02"))
    many.refresher.home.tag_policy.unlink()
    assert "near_duplicates" not in {kind for kind, *_ in allowed}
    keys = wrong(told(many, key="project_name", month="2026-02"))
    assert ("near_key", "projekt_name", "project_name", "30.00", 1) in keys


def test_a_resource_whose_value_changed_is_told_with_when_and_what_it_costs_now(many: App) -> None:
    answer = told(many, key="env", month="2026-02")
    (row,) = rows(answer, "drifted")
    assert (row["resource_id"], row["values"], row["changed_in"], row["cost"]) == (
        "i-drifts", "dev -> test", "2026-02", "25.00",
    )  # fmt: skip
    assert ("drift", None, None, "25.00", 1) in wrong(answer)
    # in January it had carried one value only, and in March it was gone
    assert "drifted" not in told(many, key="env", month="2026-01")
    assert "drifted" not in told(many, key="env", month="2026-03")


def test_scopes_exemptions_and_dates_say_what_is_asked_for_and_each_charge_is_judged_once(many: App) -> None:
    policy = """
keys:
  - {key: env, where: {accounts: "222222222222"}, values: [prod]}
  - {key: env, values: [test], from: 2026-02-01}
exemptions:
  - {where: {resources: "i-b-*"}, reason: to be deleted}
"""
    answer = told(many, policy, key="env", month="2026-02")
    many.refresher.home.tag_policy.unlink()
    (row,) = rows(answer)
    # account a: 40 of 100 is right; b: its 30 of tests is not, its other 30 is exempt
    assert (row["compliant_cost"], row["required_cost"], row["exempt_cost"]) == ("40.00", "130.00", "30.00")
    assert {v for v in wrong(answer) if v[0] in {"missing", "case", "misspelt", "invalid"}} == {
        ("missing", None, None, "60.00", 1),
        ("invalid", "tests", None, "30.00", 1),
    }
    assert any("Exempt from env: 30.00 USD (to be deleted)." in said for said in answer["caveats"])
    before = told(many, policy, key="env", month="2026-01")
    many.refresher.home.tag_policy.unlink()
    assert (rows(before)[0]["required_cost"], rows(before)[0]["compliant_share"]) == ("0.00", None)


def test_a_policy_that_begins_within_the_time_judges_each_day_by_itself(tmp_path: Path) -> None:
    app = home_of(tmp_path, [used("3", "i-1", date(2026, 1, day)) for day in (1, 15, 31)])
    (row,) = rows(told(app, "keys: [{key: env, from: 2026-01-15, to: 2026-01-31}]", key="env"))
    assert (row["taggable_cost"], row["required_cost"]) == ("9.00", "3.00")


def test_an_export_without_resource_ids_is_refused(tmp_path: Path) -> None:
    app = focus_home(tmp_path, [focus_charge("5", Tags={"env": "x"})])
    with pytest.raises(MeasureNotInExport, match="Tag coverage cannot be told from export 'focus'"):
        told(app)


def test_both_denominators_are_of_the_measure_asked_for(golden: App) -> None:
    answer = told(golden, metric="public_on_demand_cost")
    assert answer["basis"]["measure"] == "public_on_demand_cost"
    # tax has no such price
    assert column(answer, "all_in_cost") == ["180.00"]


ROW = st.tuples(
    st.decimals(min_value=0, max_value=1000, places=4),
    st.sampled_from(["i-1", "i-2", "i-3", None]),
    st.sampled_from(["prod", "Prod", "prdo", "stage", None]),
    st.sampled_from(["a", "b"]),
    st.booleans(),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=1, max_size=8))
def test_covered_and_uncovered_are_all_and_violations_add_up(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[Any, ...]]
) -> None:
    listed = []
    for at, (cost, resource, value, account, taxed) in enumerate(made):
        row = used(str(cost), resource, account=account, **({"env": value} if value else {}))
        kind = {"line_item_line_item_type": "Tax"} if taxed else {}
        listed.append(row | kind | {"identity_line_item_id": f"row {at}"})
    app = home_of(tmp_path_factory.mktemp("random"), listed)
    answer = told(app, "keys: [{key: env, values: [prod]}]", dimension="sub_account_id")
    found = rows(answer)
    taggable = [r for r in made if r[1] and not r[4]]
    assert sum(D(r["all_in_cost"]) for r in found) == sum(r[0] for r in made)
    assert sum(D(r["taggable_cost"]) for r in found) == sum(r[0] for r in taggable)
    assert sum(D(r["taggable_tagged_cost"]) for r in found) == sum(r[0] for r in taggable if r[2])
    kinds = {"missing", "case", "misspelt", "invalid"}
    amiss = sum((D(v[3]) for v in wrong(answer) if v[0] in kinds), start=D(0))
    assert amiss + sum(D(r["compliant_cost"]) for r in found) == sum(D(r["required_cost"]) for r in found)
    assert sum(r["resources"] for r in found) == len({(r[3], r[1]) for r in taggable})


def test_what_would_follow_asks_of_the_same_charges(many: App) -> None:
    filters = [{"dimension": "sub_account_id", "op": "in", "values": [ACCOUNTS["a"]]}]
    answer = told(many, key="env", month="2026-02", filters=filters)
    assert rows(answer)[0]["taggable_cost"] == "100.00"
    by_tool = [(step["tool"], step["arguments"]) for step in answer["next"]]
    assert [tool for tool, _ in by_tool] == ["tag_coverage", "tag_coverage", "resource_costs"]
    for tool, arguments in by_tool:
        assert filters[0] in arguments["filters"]
        assert arguments["month"] == "2026-02"
        assert asked(many.toolbox, tool, **arguments)["rows"]
