"""Does a rule hold for its own days, a version for its own months, and a field mean what it says?"""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.allocation import AllocationFile, Condition, Version
from finops_mcp.allocation.known import ALWAYS
from finops_mcp.cache.assigned.checking import Known
from finops_mcp.cache.assigned.reading import assignment_of
from finops_mcp.cache.costs import Costs
from finops_mcp.errors import AllocationNotGiven, AllocationRefused, ChargesNotKept, MeasureNotInExport
from tests.tools.tiny import PAYER, app_at, charge, focus_charge, focus_home, home_of

D = Decimal
BOX: dict[str, Any] = {"line_item_resource_id": "i-1", "resource_tags": {"user_team": "a"}}
ANY_SERVICE = {"field": "service", "op": "exists"}
TAGGED = {"field": "tag:team", "op": "eq", "value": "a"}
MONTH: dict[str, Any] = {"month": "2026-01", "metric": "unblended_cost"}


def version(*rules: dict[str, Any], number: int = 1, start: date = ALWAYS, **more: Any) -> Version:
    said = {"dimensions": {"team": {"rules": list(rules)}}, **more}
    return Version(number, f"hash-{number}", start, "", AllocationFile.model_validate(said))


def rule(id_: str, when: dict[str, Any] | None = None, put_to: str = "A", **days: str) -> dict[str, Any]:
    return {"id": id_, "set": put_to, **({"when": when} if when else {}), **days}


def statements(costs: Costs) -> list[str]:
    """Have every statement noted that is asked from now on."""
    asked: list[str] = []
    ask = costs.ask

    def noting(sql: str, *more: Any, **given: Any) -> Any:
        asked.append(sql)
        return ask(sql, *more, **given)

    costs.ask = noting  # type: ignore[method-assign]
    return asked


def put(costs: Costs, *versions: Version, **asked: Any) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    chosen = costs.select(**(MONTH | asked))
    for row in assignment_of(costs, chosen, versions, None).rows:
        amount = row.amounts["unblended_cost"]
        assert amount is not None
        found[row.value, row.rule] += amount
    return dict(found)


@pytest.fixture
def costs(tmp_path: Path) -> Costs:
    """One machine, tagged, that costs 1 on the 4th, 10 on the 10th, 100 on the 31st; storage; tax."""
    days = [charge(cost, date(2026, 1, day), **BOX) for cost, day in (("1", 4), ("10", 10), ("100", 31))]
    storage = charge("1000", line_item_product_code="AmazonS3", line_item_usage_type="Storage")
    tax = charge("10000", line_item_line_item_type="Tax")
    return home_of(tmp_path, [*days, storage, tax]).toolbox.cache.costs()


def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end(costs: Costs) -> None:
    held = rule("box", TAGGED, **{"from": "2026-01-10", "to": "2026-01-31"})
    assert put(costs, version(held)) == {("A", "box"): D(10), ("UNALLOCATED", "default"): D(1101)}
    began = rule("box", TAGGED, **{"from": "2026-01-11"})
    assert put(costs, version(began)) == {("A", "box"): D(100), ("UNALLOCATED", "default"): D(1011)}
    over = rule("box", TAGGED, put_to="B", to="2026-01-05")
    assert put(costs, version(over, rule("rest", TAGGED))) == {
        ("B", "box"): D(1),
        ("A", "rest"): D(110),
        ("UNALLOCATED", "default"): D(1000),
    }
    # By fields that the days themselves have, and by days of use.
    paid = rule("ec2", {"field": "service", "value": "AmazonEC2"}, **{"from": "2026-01-10"})
    assert put(costs, version(paid))["A", "ec2"] == D(110)
    days = {"month": None, "start": "2026-01-02", "end": "2026-01-11"}
    assert put(costs, version(held), **days) == {("A", "box"): D(10), ("UNALLOCATED", "default"): D(1)}


def test_line_items_are_read_in_the_months_alone_that_a_rule_parts(tmp_path: Path) -> None:
    given = (("1", 1, 4), ("2", 2, 5), ("4", 2, 20))
    rows = [charge(cost, date(2026, month, day), **BOX) for cost, month, day in given]
    costs = home_of(tmp_path, rows).toolbox.cache.costs()
    asked = statements(costs)
    parted = rule("box", TAGGED, **{"from": "2026-02-10"})
    both = {"month": None, "start": "2026-01-01", "end": "2026-03-01"}
    assert put(costs, version(parted), **both) == {("A", "box"): D(4), ("UNALLOCATED", "default"): D(3)}
    assert sorted("from charges where" in sql for sql in asked) == [False, True]
    assert sorted("from resources_monthly where" in sql for sql in asked) == [False, True]
    asked.clear()
    assert put(costs, version(parted), month="2026-01") == {("UNALLOCATED", "default"): D(1)}
    assert not any("from charges where" in sql for sql in asked)


def test_what_only_line_items_could_tell_is_refused_where_they_are_gone(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1", date(2026, 1, day), **BOX) for day in (4, 20)])
    costs = app.toolbox.cache.costs()
    (period,) = costs.opened.periods
    vars(costs.opened)["rolled"] = frozenset({period.delivery})
    with pytest.raises(ChargesNotKept, match="2026-01"):
        put(costs, version(rule("box", TAGGED, **{"from": "2026-01-10"})))
    assert put(costs, version(rule("box", TAGGED, **{"from": "2026-01-21"}))) == {
        ("UNALLOCATED", "default"): D(2)
    }


def test_a_month_is_allocated_by_the_version_in_force_for_it(tmp_path: Path) -> None:
    rows = [charge(cost, date(2026, month, 3)) for cost, month in (("1", 1), ("2", 2), ("4", 3))]
    costs = home_of(tmp_path, rows).toolbox.cache.costs()
    one, two = (
        version(rule("one"), number=1),
        version(rule("two", put_to="B"), number=2, start=date(2026, 2, 1)),
    )
    three = version(rule("three", put_to="C"), number=3, start=date(2026, 3, 1))
    year = {"month": None, "start": "2026-01-01", "end": "2026-04-01"}
    assert put(costs, two, one, three, **year) == {
        ("A", "one"): D(1),
        ("B", "two"): D(2),
        ("C", "three"): D(4),
    }
    chosen = costs.select(**(MONTH | year))
    found = assignment_of(costs, chosen, [one, two], None)
    assert found.versions == {"2026-01": one, "2026-02": two, "2026-03": two}
    with pytest.raises(AllocationRefused, match=r"No version .* holds for 2026-01:.*--from 2026-01"):
        put(costs, two, three, **year)
    with pytest.raises(AllocationNotGiven):
        put(costs)
    with pytest.raises(AllocationRefused, match=r"hash-1.* no dimension 'owner'\. Valid: team"):
        assignment_of(costs, chosen, [one], "owner")


def test_a_corrections_day_may_lie_in_another_month_than_its_bill(tmp_path: Path) -> None:
    late = charge("5", date(2026, 2, 1)) | {"line_item_usage_start_date": datetime(2026, 1, 30)}  # noqa: DTZ001
    costs = home_of(tmp_path, [charge("1", date(2026, 2, 3)), late]).toolbox.cache.costs()
    by_day = version(rule("new", None, **{"from": "2026-02-01"}))
    assert put(costs, by_day, month="2026-02") == {("A", "new"): D(1), ("UNALLOCATED", "default"): D(5)}


def test_whole_amounts_by_measure_kind_shared_cost_and_dimension(costs: Costs) -> None:
    shared: list[dict[str, Any]] = [
        {"id": "boxes", "match": TAGGED, "method": "even"},
        {"id": "all-tax", "method": "even"},
        {
            "id": "elsewhere",
            "dimension": "other",
            "match": {"field": "service", "op": "exists"},
            "method": "even",
        },
    ]
    ec2 = rule("ec2", {"field": "service", "value": "AmazonEC2"})
    said = AllocationFile.model_validate(
        {
            "dimensions": {"team": {"rules": [ec2]}, "other": {"rules": [rule("all", put_to="X")]}},
            "shared": shared,
            "policies": {"tax": "all-tax"},
        }
    )  # fmt: skip
    chosen = costs.select(**MONTH, scope="bill", dimensions=["service_code", "sub_account_id"])
    found = assignment_of(
        costs, chosen, [Version(1, "x", ALWAYS, "", said)], "team", measures=["list_cost"], quantities=True
    )
    told = {(r.value, r.rule, r.pool, r.charge_group, *r.by): r.amounts["unblended_cost"] for r in found.rows}
    assert told == {
        ("A", "ec2", "boxes", "usage", "AmazonEC2", PAYER): D(111),
        ("A", "ec2", "all-tax", "tax", "AmazonEC2", PAYER): D(10000),
        ("UNALLOCATED", "default", None, "usage", "AmazonS3", PAYER): D(1000),
    }
    assert {r.month for r in found.rows} == {"2026-01"}
    assert {r.currency for r in found.rows} == {"USD"}
    assert sum(r.amounts["list_cost"] or 0 for r in found.rows if r.pool == "boxes") == D(111)
    only = Condition.model_validate({"field": "usage_type", "op": "prefix", "value": "Stor"})
    kept = assignment_of(costs, chosen, [Version(1, "x", ALWAYS, "", said)], "team", only=only)
    assert [(r.rule, r.amounts["unblended_cost"]) for r in kept.rows] == [("default", D(1000))]


def test_what_people_write_is_never_read_as_sql(costs: Costs) -> None:
    evil = "x') or true; drop table charges; --"
    leaf = {"field": f"tag:{evil}", "op": "eq", "value": evil}
    rules = [
        rule(evil, {"any": [leaf, {"field": "account", "op": "regex", "value": r"\$1'"}]}, put_to=evil),
        {"id": "$v0_whole_1", "set": {"from": "tag:team", "map": {"a": evil}}},
    ]  # fmt: skip
    assert put(costs, version(*rules)) == {(evil, "$v0_whole_1"): D(111), ("UNALLOCATED", "default"): D(1000)}
    chosen = costs.select(**MONTH)
    asked = statements(costs)
    assignment_of(costs, chosen, [version(*rules)], None)
    assert "drop" not in asked[0]


def test_an_organizational_unit_is_said_by_the_file_or_by_the_accounts_own_tag(tmp_path: Path) -> None:
    app = home_of(tmp_path, [charge("1"), charge("2", line_item_usage_account_id="200000000002")])
    unit = {"field": "ou", "op": "prefix", "value": "Prod"}
    listed = version(rule("unit", unit), organizational_units={"Prod/Web": ["200000000002"]})
    bare = version(rule("unit", unit))
    costs = app.toolbox.cache.costs()
    assert put(costs, listed) == {("A", "unit"): D(2), ("UNALLOCATED", "default"): D(1)}
    ((place, why),) = Known(costs).without_data(bare.file)
    assert place == ("dimensions", "team", "rules", 0, "when", "field")
    assert "organizational_units" in why
    assert "finops-duck accounts" in why
    (tmp_path / "home" / "accounts.csv").write_text(f"account_id,name,ou\n{PAYER},ours,Prod\n")
    costs = app_at(tmp_path / "home").toolbox.cache.costs()
    assert list(Known(costs).without_data(bare.file)) == []
    assert put(costs, bare) == {("A", "unit"): D(1), ("UNALLOCATED", "default"): D(2)}


def test_pods_are_told_by_their_tag_or_their_address_and_refused_where_there_are_none(tmp_path: Path) -> None:
    space = {"field": "k8s.namespace", "op": "eq", "value": "shop"}
    label = {"field": "k8s.label:app", "op": "eq", "value": "web"}
    asked = version(rule("space", space), rule("label", label, put_to="B"))
    bare = home_of(tmp_path / "bare", [charge("1")]).toolbox.cache.costs()
    faults = list(Known(bare).without_data(asked.file))
    assert [place[3] for place, _ in faults] == [0, 1]
    assert all("split cost allocation data" in why for _, why in faults)
    arn = "arn:aws:eks:us-east-1:104816291057:pod/main/{}/web/u"
    rows = [
        charge("1", line_item_resource_id=arn.format("shop")),
        charge("2", resource_tags={"aws_eks_namespace": "shop"}),
        charge("4", line_item_resource_id=arn.format("other"), resource_tags={"user_app": "web"}),
        charge("8", resource_tags={"user_app": "web"}),
    ]
    costs = home_of(tmp_path / "pods", rows).toolbox.cache.costs()
    assert list(Known(costs).without_data(asked.file)) == []
    assert put(costs, asked) == {("A", "space"): D(3), ("B", "label"): D(4), ("UNALLOCATED", "default"): D(8)}
    strange = version(rule("label", label | {"field": "k8s.label:ap"}))
    assert [why for _, why in Known(costs).without_data(strange.file)] == [
        "no charge has the label 'ap' (near: app)"
    ]


def test_the_seller_of_a_marketplace_product(tmp_path: Path) -> None:
    bought: dict[str, Any] = {"bill_billing_entity": "AWS Marketplace", "line_item_legal_entity": "Acme"}
    rows = [charge("1", **bought), charge("2", line_item_legal_entity="Amazon Web Services, Inc.")]
    costs = home_of(tmp_path, rows).toolbox.cache.costs()
    seller = rule("acme", {"field": "marketplace_vendor", "op": "exists"})
    assert put(costs, version(seller)) == {("A", "acme"): D(1), ("UNALLOCATED", "default"): D(2)}


def test_words_that_no_charge_has_are_told_with_what_is_near(costs: Costs) -> None:
    rules = [
        rule("a", {"any": [{"field": "account", "value": "104816291058"}, TAGGED]}),
        rule("b", {"field": "service", "value": ["AmazonEC3", "AmazonS3"]}),
        rule("c", {"field": "tag:teem", "op": "exists"}),
        {"id": "d", "set": {"from": "tag:teams"}},
        rule("e", {"field": "tag:team", "value": "A"}),
        rule("f", {"field": "usage_type", "op": "prefix", "value": "Nothing"}),
    ]
    said = version(*rules, organizational_units={"Prod": ["x"]}).file
    assert list(Known(costs).strange_words(said)) == [
        "a: no charge has account = '104816291058' (near: 104816291057)",
        "b: no charge has service = 'AmazonEC3' (near: AmazonEC2, AmazonS3)",
        "c: no charge has the tag 'teem' (near: team)",
        "e: no charge has tag:team = 'A' (near: a)",
        "d: no charge has the tag 'teams' (near: team)",
        "Prod: no charge is of account x",
    ]


def test_a_measure_that_the_export_does_not_tell_is_refused(tmp_path: Path) -> None:
    costs = focus_home(tmp_path, [focus_charge("1")]).toolbox.cache.costs()
    chosen = costs.select(month="2026-01")
    with pytest.raises(MeasureNotInExport):
        assignment_of(costs, chosen, [version(rule("all"))], None, measures=["amortized_cost"])
