"""Does allocated_costs tell what each cost centre carries, to the last digit, and lose nothing?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finops_mcp.analytics.allocation.carrying import carried_by
from finops_mcp.app import App
from finops_mcp.errors import (
    AllocationDoesNotTie,
    AllocationNotGiven,
    AllocationRefused,
    AllocationUnreadable,
    InvalidArgument,
    UnknownDimension,
)
from finops_mcp.toolbox.text import markdown
from tests.support.allocation_files import forget_rules, keep_rules
from tests.support.golden import SP1, savings_plan
from tests.tools.tiny import asked, charge, column, focus_charge, focus_home, home_of

D = Decimal
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
SHOP, DATA, LAB = "111111111111", "222222222222", "333333333333"
BY_TAG = """
dimensions:
  cost_center:
    rules:
      - {id: by-team, set: {from: tag:team}}
"""


def used(cost: str, team: str | None = None, day: date = JANUARY, **more: Any) -> dict[str, Any]:
    tags = {"user:team": team} if team else {}
    made = charge(cost, day, resource_tags=tags, **more)
    return made | {"identity_line_item_id": f"{cost} {team} {day} {sorted(more.items(), key=str)}"}


SUPPORT: dict[str, Any] = {"line_item_product_code": "AWSSupportBusiness", "line_item_line_item_type": "Fee"}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> App:
    """G-E1: 6,000 of checkout, 3,000 of search, 1,000 of ml, 1,000.01 of support; and 10 of use by nobody.

    Beside it 100 of tax and 40 of credits of checkout's, and 5 that were given back to nobody.
    """
    charges = [
        used("6000", "checkout", line_item_usage_account_id=SHOP),
        used("3000", "search"),
        used("1000", "ml"),
    ]
    charges += [used("1000.01", **SUPPORT), used("10", line_item_usage_account_id=LAB)]
    charges += [
        used(cost, team, line_item_line_item_type=kind, pricing_public_on_demand_cost="0")
        for kind, cost, team in (
            ("Tax", "100", "checkout"), ("Credit", "-40", "checkout"), ("Refund", "-5", None),
        )
    ]  # fmt: skip
    return home_of(tmp_path_factory.mktemp("golden"), charges)


@pytest.fixture(autouse=True)
def no_rules(golden: App) -> Iterator[None]:
    yield
    forget_rules(golden.refresher.home)


def told(app: App, rules: str = "", **arguments: Any) -> dict[str, Any]:
    """Ask by some rules, a pool of support among them where `shared` is given."""
    home = app.refresher.home
    if rules:
        forget_rules(home)
        path = home.path.parent / "allocation.yaml"
        path.write_text(rules)
        keep_rules(home, path)
    return asked(app.toolbox, "allocated_costs", **arguments)


def shared(how: str, more: str = "") -> str:
    match = "match: {field: charge_group, op: eq, value: support}"
    return f"{BY_TAG}shared:\n  - {{id: support, {match}, {how}}}\n{more}"


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]


def by_centre(answer: dict[str, Any], name: str) -> dict[str, str]:
    return {row["cost_center"]: row[name] for row in rows(answer)}


def tied(answer: dict[str, Any]) -> bool:
    """Whether what all carry is the basis, by the rows and by the totals."""
    totals = {name: D(amount) for name, amount in answer["totals"].items()}
    whole = sum(map(D, column(answer, "total")), start=D(0))
    return totals["allocated"] + totals["unallocated"] == totals["basis"] == whole


PROPORTIONAL = {"checkout": "600.01", "search": "300.00", "ml": "100.00"}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("method: proportional", PROPORTIONAL),
        # By list price, of which tax and credits that are left out have no part either.
        ("method: proportional, measure: list_cost", PROPORTIONAL),
        ("method: even", {"checkout": "333.34", "search": "333.33", "ml": "333.34"}),
        (
            "method: fixed, weights: {checkout: 50, search: 30, ml: 20}",
            {"checkout": "500.01", "search": "300.00", "ml": "200.00"},
        ),
        (
            "method: usage_driver, driver: {numbers: {checkout: 1, search: 3}}",
            {"checkout": "250.00", "search": "750.01", "ml": "0.00"},
        ),
    ],
)
def test_support_is_shared_as_the_domain_has_it(golden: App, how: str, expected: dict[str, str]) -> None:
    answer = told(golden, shared(how), month="2026-01")
    got = by_centre(answer, "shared_in")
    assert {name: got[name] for name in PROPORTIONAL} == expected
    assert tied(answer)
    # 11,010.01 of use and support, less 5 given back; tax and credits are left out.
    assert answer["totals"] == {"allocated": "11000.01", "unallocated": "5.00", "basis": "11005.01"}
    nobody = rows(answer)[-1]
    assert [nobody[n] for n in ("cost_center", "direct", "refunds", "shared_out", "total")] == [
        "UNALLOCATED", "1010.01", "-5.00", "-1000.01", "5.00",
    ]  # fmt: skip


def test_without_pools_support_stays_with_nobody(golden: App) -> None:
    answer = told(golden, BY_TAG, month="2026-01")
    assert column(answer, "cost_center") == ["checkout", "search", "ml", "UNALLOCATED"]
    assert column(answer, "total") == ["6000.00", "3000.00", "1000.00", "1005.01"]
    assert tied(answer)
    # Elsewhere the rules are a dimension of that name.
    assert told(golden, month="2026-01", dimension="allocation:cost_center")["rows"] == answer["rows"]
    assert answer["summary"] == (
        "2026-01 (by cost_center): 3 cost centres carry 10,000.00 USD of 11,005.01 USD, and nobody 1,005.01"
        " (9.1%); checkout carries most, 6,000.00."
    )


def test_tax_and_credits_are_left_out_carried_or_shared_as_decided(golden: App) -> None:
    includes = told(golden, BY_TAG, month="2026-01")["basis"]["includes"]
    assert (includes["tax"], includes["credits"]) == (
        {"included": False, "amount": "100.00"},
        {"included": False, "amount": "-40.00"},
    )
    answer = told(golden, f"{BY_TAG}policies: {{tax: owner}}\n", month="2026-01")
    assert (rows(answer)[0]["tax"], rows(answer)[0]["total"]) == ("100.00", "6100.00")
    assert answer["totals"]["basis"] == "11105.01"
    assert answer["basis"]["includes"]["tax"]["included"]
    assert not answer["basis"]["includes"]["credits"]["included"]
    assert tied(answer)
    both = shared("method: even", "policies: {tax: support, credits: owner}\n")
    answer = told(golden, both, month="2026-01")
    # 1,100.01 of support and tax by three is 366.67 each.
    assert by_centre(answer, "shared_in")["ml"] == "366.67"
    checkout = rows(answer)[0]
    assert [checkout[n] for n in ("direct", "refunds", "credits", "tax", "shared_in", "shared_out")] == [
        "6000.00", "0.00", "-40.00", "100.00", "366.67", "-100.00",
    ]  # fmt: skip
    assert (answer["basis"]["scope"], answer["totals"]["basis"]) == ("bill", "11065.01")
    assert tied(answer)


def test_lines_and_rules_add_up_to_what_each_carries_and_say_why(golden: App) -> None:
    carries = by_centre(told(golden, shared("method: proportional"), month="2026-01"), "total")
    for show in ("lines", "rules"):
        added: dict[str, Decimal] = {}
        for row in rows(told(golden, month="2026-01", show=show)):
            added[row["cost_center"]] = added.get(row["cost_center"], D(0)) + D(row["amount"])
        assert added == {name: D(amount) for name, amount in carries.items()}
    mine = told(golden, month="2026-01", show="lines", value="checkout")
    assert mine["totals"]["carried"] == carries["checkout"] == "6600.01"
    assert [(row["part"], row["sub_account_id"], row["pool"], row["amount"]) for row in rows(mine)] == [
        ("direct", SHOP, None, "6000.00"),
        ("shared_in", None, "support", "600.01"),
    ]
    why = told(golden, month="2026-01", show="rules", value="checkout")
    assert [(row["rule"], row["how"]) for row in rows(why)] == [
        ("by-team", "charges that it takes"),
        ("support", "of 1,000.01, in proportion to cost, 6,000 of 10,000"),
    ]


def test_what_nobody_carries_is_told_with_why(golden: App) -> None:
    answer = told(golden, BY_TAG, month="2026-01", show="unallocated")
    assert [(r["sub_account_id"], r["charge_group"], r["amount"]) for r in rows(answer)] == [
        ("104816291057", "support", "1000.01"),
        (LAB, "usage", "10.00"),
        ("104816291057", "refund", "-5.00"),
    ]
    fee, use, back = column(answer, "why")
    assert back == "given back, which is of no resource"
    assert fee.endswith("a shared cost")
    assert use == "no rule takes it"
    left = told(golden, shared("method: even"), month="2026-01", show="unallocated")
    assert (column(left, "amount"), left["totals"]["unallocated"]) == (["10.00", "-5.00"], "5.00")
    by_hand = told(golden, month="2026-01", dimension="tag:team", show="unallocated")
    assert column(by_hand, "why")[1] == "it has no value of tag:team"


def test_without_rules_a_dimension_is_showback_and_says_so(golden: App) -> None:
    answer = told(golden, month="2026-01", dimension="tag:team")
    assert column(answer, "total") == ["6000.00", "3000.00", "1000.00", "1005.01"]
    assert any(
        words.startswith("Showback: each charge is carried by its own tag:team")
        for words in answer["caveats"]
    )
    assert tied(answer)
    with pytest.raises(AllocationNotGiven, match="or name a dimension"):
        told(golden, month="2026-01")
    with pytest.raises(UnknownDimension):
        told(golden, month="2026-01", dimension="cost_center")
    with pytest.raises(InvalidArgument, match="whole billing months"):
        told(golden, start="2026-01-01", end="2026-01-09", dimension="tag:team")
    with pytest.raises(AllocationRefused, match=r"No cost centre 'chekout'.*Did you mean checkout"):
        told(golden, month="2026-01", dimension="tag:team", value="chekout")


def test_a_pool_of_a_cost_centre_passes_on_what_it_got(golden: App) -> None:
    # ml is a platform: it gets a third of support and hands on all it has.
    more = "  - {id: platform, of: ml, method: fixed, weights: {checkout: 1, search: 3}}\n"
    how = "method: fixed, weights: {checkout: 1, search: 1, ml: 1}"
    answer = told(golden, shared(how, more), month="2026-01")
    ml = next(row for row in rows(answer) if row["cost_center"] == "ml")
    assert (ml["direct"], ml["shared_in"], ml["shared_out"], ml["total"]) == (
        "1000.00", "333.34", "-1333.34", "0.00",
    )  # fmt: skip
    # 1,333.34 by 1:3 is 333.335 and 1,000.005: the cent left is checkout's, the first of equals.
    assert by_centre(answer, "shared_in")["checkout"] == str(D("333.34") + D("333.34"))
    assert tied(answer)
    ways = told(golden, month="2026-01", show="lines", value="ml")
    first = rows(ways)[0]
    assert (first["part"], first["pool"], first["amount"]) == ("shared_out", "platform", "-1333.34")


def test_shared_costs_in_a_circle_are_refused_by_name_and_line(golden: App) -> None:
    more = (
        "  - {id: platform, of: ml, method: fixed, weights: {search: 1}}\n"
        "  - {id: finding, of: search, method: even, targets: [ml]}\n"
    )
    with pytest.raises(
        AllocationUnreadable, match=r"line \d+, shared\.2\.id: .*finding -> platform -> finding"
    ):
        told(golden, shared("method: even", more), month="2026-01")


def test_what_would_be_shared_with_nobody_stays_and_is_told(golden: App) -> None:
    nobody = shared("method: even").replace("tag:team", "tag:nothing")
    answer = told(golden, nobody, month="2026-01")
    assert answer["totals"]["unallocated"] == answer["totals"]["basis"]
    assert any(
        "support: nobody is there to carry it; its charges stay where they are. (2026-01 USD)" in words
        for words in answer["caveats"]
    )


def test_a_base_below_zero_is_refused_or_taken_by_its_absolute(tmp_path: Path) -> None:
    given = [used("100", "a"), used("-50", "b", line_item_line_item_type="Refund"), used("30", **SUPPORT)]
    app = home_of(tmp_path, given)
    with pytest.raises(AllocationRefused, match=r"support cannot be split .* below zero for b \(-50\.00\)"):
        told(app, shared("method: proportional"), month="2026-01")
    answer = told(app, shared("method: proportional, negative: absolute"), month="2026-01")
    assert by_centre(answer, "shared_in") == {"a": "20.00", "b": "10.00", "UNALLOCATED": "0.00"}
    assert any("weighs by its absolute" in words for words in answer["caveats"])


def test_a_base_of_nothing_is_shared_evenly_and_says_so(golden: App) -> None:
    how = "method: usage_driver, targets: [checkout, ml], driver: {numbers: {search: 5}}"
    answer = told(golden, shared(how), month="2026-01")
    assert by_centre(answer, "shared_in")["ml"] == "500.00"
    assert any("the driver of every target is 0, so it is shared out evenly" in w for w in answer["caveats"])


def test_a_driver_is_of_its_month_or_counted_in_the_data(tmp_path: Path) -> None:
    requests: dict[str, Any] = {
        "line_item_usage_type": "Requests",
        "pricing_unit": "Requests",
        "line_item_product_code": "AmazonS3",
    }
    given = [used("100", "a", pricing_unit="Hrs", line_item_usage_amount="1"), used("100", "b")]
    given += [used("40", **SUPPORT)]
    given += [used("1", "a", line_item_usage_amount="30", **requests)]
    given += [used("1", "b", line_item_usage_amount="10", **requests)]
    app = home_of(tmp_path, given)
    of_months = "method: usage_driver, driver: {months: {%s: {a: 1, b: 3}}}"
    answer = told(app, shared(of_months % "2026-01"), month="2026-01")
    assert by_centre(answer, "shared_in")["b"] == "30.00"
    with pytest.raises(AllocationRefused, match=r"support has no numbers for 2026-01.*Valid: 2026-02"):
        told(app, shared(of_months % "2026-02"), month="2026-01")
    counted = "method: usage_driver, driver: {usage: {field: usage_type, op: eq, value: Requests}}"
    answer = told(app, shared(counted), month="2026-01")
    assert by_centre(answer, "shared_in")["a"] == "30.00"  # 30 of 40 requests
    mixed = "method: usage_driver, driver: {usage: {field: tag:team, op: exists}}"
    with pytest.raises(AllocationRefused, match="which do not add up"):
        told(app, shared(mixed), month="2026-01")


def plan_of(effective: str, public: str, team: str) -> list[dict[str, Any]]:
    """Make up what a plan of account DATA covered of a team's, and what of its fee went unused."""
    covered, negation, fee = savings_plan("100.00", public, effective, "100.00", "0", **SP1)
    tags = {"resource_tags": {"user:team": team}, "product_instance_type": "m5.large"}
    whose = {"line_item_usage_account_id": DATA, "resource_tags": {"user:team": "data"}}
    times = {k: v for k, v in charge("0").items() if k.startswith(("line_item_usage_s", "line_item_usage_e"))}
    return [covered | tags | times, negation | tags | times, fee | whose | times]


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> App:
    """shop's m5 for 100 on demand, covered at 60 by data's plan, of which 40 went unused; ml's for 50."""
    tags: dict[str, Any] = {"product_instance_type": "m5.large", "product_region_code": "us-east-1"}
    given = [*plan_of("60.00", "100.00", "shop"), used("50", "ml", **tags), used("7", "data")]
    return home_of(tmp_path_factory.mktemp("committed"), given)


def choice(policies: str, more: str = "") -> str:
    return f"{BY_TAG}{more}policies: {{{policies}}}\n"


def test_who_consumed_pays_what_was_posted(committed: App) -> None:
    answer = told(committed, BY_TAG, month="2026-01")
    assert by_centre(answer, "total") == {"shop": "60.00", "ml": "50.00", "data": "47.00"}
    assert set(column(answer, "commitments")) == {"0.00"}


def test_pooled_all_pay_the_average_rate_of_a_family(committed: App) -> None:
    # 110 for what costs 150 on demand: shop 2/3 of it, 73.33, ml 36.67; the plan's unused part is data's.
    answer = told(committed, choice("commitments: pooled"), month="2026-01")
    totals = by_centre(answer, "total")
    assert (totals["shop"], totals["ml"], totals["data"]) == ("73.33", "36.67", "47.00")
    assert by_centre(answer, "commitments")["shop"] == "13.33"
    assert tied(answer)


def test_spot_is_no_part_of_an_average_rate(tmp_path: Path) -> None:
    tags: dict[str, Any] = {"product_instance_type": "m5.large", "product_region_code": "us-east-1"}
    spot: dict[str, Any] = {
        "line_item_usage_type": "SpotUsage:m5.large",
        "pricing_public_on_demand_cost": "30",
    }
    app = home_of(tmp_path, [*plan_of("60.00", "100.00", "shop"), used("9", "b", **tags, **spot)])
    answer = told(app, choice("commitments: pooled"), month="2026-01")
    assert by_centre(answer, "total") == {"shop": "60.00", "data": "40.00", "b": "9.00"}


def test_a_focus_export_tells_enough_for_each_choice(tmp_path: Path) -> None:
    plan: dict[str, Any] = {"CommitmentDiscountId": "arn:aws:savingsplans::1:savingsplan/1"}
    plan |= {"CommitmentDiscountType": "Savings Plan", "CommitmentDiscountCategory": "Spend"}
    covered = plan | {
        "CommitmentDiscountStatus": "Used",
        "PricingCategory": "Committed",
        "Tags": {"team": "shop"},
    }
    unused = plan | {
        "CommitmentDiscountStatus": "Unused",
        "PricingCategory": "Committed",
        "Tags": {"team": "ops"},
    }
    fee = plan | {"ChargeCategory": "Purchase", "EffectiveCost": "0", "Tags": {"team": "data"}}
    app = focus_home(
        tmp_path,
        [
            focus_charge(
                "0", **covered | {"EffectiveCost": "60", "ContractedCost": "100", "ListCost": "100"}
            ),
            focus_charge("0", **unused | {"EffectiveCost": "40"}),
            focus_charge("100", **fee),
        ],
    )
    assert by_centre(told(app, BY_TAG, month="2026-01"), "total") == {"shop": "60.00", "ops": "40.00"}
    answer = told(app, choice("commitments: buyer_keeps"), month="2026-01")
    # What went unused was used by nobody: it stays where the rules have it.
    assert by_centre(answer, "total") == {"shop": "100.00", "ops": "40.00", "data": "-40.00"}


def test_the_buyer_keeps_what_others_saved_by_its_plan(committed: App) -> None:
    # shop pays the 100 that it would have cost; data, whose fee it is, has the 40.
    answer = told(committed, choice("commitments: buyer_keeps"), month="2026-01")
    totals = by_centre(answer, "total")
    assert (totals["shop"], totals["ml"], totals["data"]) == ("100.00", "50.00", "7.00")
    assert by_centre(answer, "commitments")["data"] == "-40.00"
    assert tied(answer)
    assert any("contracted_cost" in words for words in answer["caveats"])
    for show in ("lines", "rules"):
        lines = rows(told(committed, month="2026-01", show=show, value="data"))
        assert sum(D(row["amount"]) for row in lines) == 7
    with pytest.raises(AllocationRefused, match="billed_cost does not spread them over use"):
        told(committed, month="2026-01", metric="billed_cost")


def test_what_went_unused_is_the_owners_or_shared(committed: App) -> None:
    more = "shared:\n  - {id: unused, method: even, targets: [shop, ml]}\n"
    answer = told(committed, choice("unused: unused", more), month="2026-01")
    assert by_centre(answer, "total") == {"shop": "80.00", "ml": "70.00", "data": "7.00"}
    assert tied(answer)


def test_use_in_a_pool_moves_with_it(committed: App) -> None:
    # shop's machines are shared by all: at their on-demand price, as the buyer keeps the saving.
    match = "match: {field: tag:team, op: eq, value: shop}"
    more = f"shared:\n  - {{id: machines, {match}, method: even, targets: [ml, data]}}\n"
    answer = told(committed, choice("commitments: buyer_keeps", more), month="2026-01")
    shop = next(row for row in rows(answer) if row["cost_center"] == "shop")
    assert (shop["direct"], shop["commitments"], shop["shared_out"], shop["total"]) == (
        "60.00", "40.00", "-100.00", "0.00",
    )  # fmt: skip
    lines = rows(told(committed, month="2026-01", show="lines", value="shop"))
    assert sum(D(row["amount"]) for row in lines) == 0
    assert tied(answer)


def test_an_owner_that_the_export_does_not_have_is_refused(tmp_path: Path) -> None:
    covered, negation, _ = plan_of("60.00", "100.00", "shop")
    app = home_of(tmp_path, [covered, negation])
    with pytest.raises(AllocationRefused, match=r"needs to know whose arn:\S+ is, and .* no fee of it"):
        told(app, choice("commitments: buyer_keeps"), month="2026-01")


def test_each_month_goes_by_the_version_then_in_force_and_is_a_draft_until_closed(tmp_path: Path) -> None:
    open_: dict[str, Any] = {"bill_invoice_id": None}
    app = home_of(tmp_path, [used("10", "a"), used("20", "a", FEBRUARY, **open_)])
    first = told(app, BY_TAG, month="2026-01")
    path = tmp_path / "renamed.yaml"
    path.write_text(BY_TAG.replace("{from: tag:team}", "{from: tag:team, map: {a: A}}"))
    keep_rules(app.refresher.home, path, FEBRUARY)
    answer = told(app, start="2026-01-01", end="2026-03-01")
    assert [(r["month"], r["cost_center"], r["total"]) for r in rows(answer) if D(r["total"])] == [
        ("2026-01", "a", "10.00"),
        ("2026-02", "A", "20.00"),
    ]
    january, february = (
        dict(zip(answer["periods"]["columns"], r, strict=True)) for r in answer["periods"]["rows"]
    )
    assert (january["state"], february["state"]) == ("closed", "draft (open)")
    assert january["rules"] == first["periods"]["rows"][0][4] != february["rules"]
    assert january["execution_ids"]
    assert "draft" in answer["summary"]
    assert "DRAFT: AWS has not invoiced all of 2026-02." in answer["caveats"]


def test_currencies_are_two_chargebacks(tmp_path: Path) -> None:
    other: dict[str, Any] = {"line_item_currency_code": "EUR", "bill_payer_account_id": "999999999999"}
    given = [used("10", "a"), used("8", "a", **other), used("3", **SUPPORT), used("2", **SUPPORT, **other)]
    answer = told(home_of(tmp_path, given), shared("method: even"), month="2026-01")
    assert [(r["billing_currency"], r["cost_center"], r["total"]) for r in rows(answer)] == [
        ("EUR", "a", "10.00"), ("EUR", "UNALLOCATED", "0.00"),
        ("USD", "a", "13.00"), ("USD", "UNALLOCATED", "0.00"),
    ]  # fmt: skip
    assert answer["totals"]["basis"] == {"EUR": "10.00", "USD": "13.00"}


def test_an_answer_that_does_not_tie_is_refused_as_our_fault(
    golden: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loses_a_cent(direct: Any, pooled: Any, pools: Any) -> Any:
        return carried_by({**direct, "ml": direct["ml"] - D("0.01")}, pooled, pools)

    monkeypatch.setattr("finops_mcp.chargeback.carried.carried_by", loses_a_cent)
    with pytest.raises(
        AllocationDoesNotTie, match=r"11005\.00\d* USD, and the charges to 11005\.01.*fault of finops"
    ):
        told(golden, BY_TAG, month="2026-01")


VALUES = st.sampled_from(["checkout", "search", "ml", "UNALLOCATED", "somebody else"])
CONDITIONS = st.sampled_from(
    [
        "{field: tag:team, op: eq, value: search}",
        "{field: charge_group, op: in, value: [support, refund]}",
        f"{{field: account, op: eq, value: '{LAB}'}}",
        "{not: [{field: tag:team, op: exists}]}",
    ]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Draw rules, pools and policies over the charges of G-E1."""
    rules = [
        f"      - {{id: r{n}, when: {draw(CONDITIONS)}, set: {draw(VALUES)}}}"
        for n in range(draw(st.integers(0, 3)))
    ]
    rules.append("      - {id: by-team, set: {from: tag:team}}")
    pools = []
    for n in range(draw(st.integers(0, 4))):
        how = draw(
            st.sampled_from(
                ["method: even", "method: proportional", "method: proportional, include_unallocated: true"]
            )
            | st.builds("method: fixed, weights: {{checkout: {}, ml: 1}}".format, st.integers(0, 9))
            | st.builds(
                "method: usage_driver, driver: {{numbers: {{search: {}, new: 2}}}}".format, st.integers(0, 9)
            )
        )
        pools.append(f"  - {{id: p{n}, match: {draw(CONDITIONS)}, {how}, negative: absolute}}")
    if draw(st.booleans()):
        pools.append("  - {id: rest, of: UNALLOCATED, method: even, targets: [ml, search]}")
    ids = ["owner", "leave_out", *(pool[9:].partition(",")[0] for pool in pools)]
    policies = f"policies: {{tax: {draw(st.sampled_from(ids))}, credits: {draw(st.sampled_from(ids))}}}"
    listed = ["shared:", *pools] if pools else []
    return "\n".join(["dimensions:", "  cost_center:", "    rules:", *rules, *listed, policies, ""])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_whatever_the_rules_nothing_is_lost_and_every_view_adds_up(golden: App, file: str) -> None:
    answer = told(golden, file, month="2026-01")
    assert tied(answer)
    for row in rows(answer):
        parts = ("direct", "commitments", "refunds", "credits", "tax", "shared_in", "shared_out")
        assert sum(D(row[part]) for part in parts) == D(row["total"])
    for show in ("lines", "rules"):
        amounts = column(told(golden, month="2026-01", show=show, top=1000), "amount")
        assert sum(map(D, amounts), start=D(0)) == D(answer["totals"]["basis"])
    left = column(told(golden, month="2026-01", show="unallocated"), "amount")
    assert sum(map(D, left), start=D(0)) == D(answer["totals"]["unallocated"])


def test_text_has_every_amount_in_cents(golden: App) -> None:
    path = golden.refresher.home.path.parent / "allocation.yaml"
    path.write_text(shared("method: proportional"))
    keep_rules(golden.refresher.home, path)
    text = markdown(golden.toolbox.call("allocated_costs", {"month": "2026-01"}))
    row = next(line for line in text.splitlines() if line.startswith("| 2026-01 | UNALLOCATED"))
    amounts = ["1,010.01", "0.00", "-5.00", "0.00", "0.00", "0.00", "-1,000.01", "5.00"]
    assert row == f"| 2026-01 | UNALLOCATED | USD | {' | '.join(amounts)} | 0.0% |"
    assert "allocated 11,000.01; unallocated 5.00; basis 11,005.01" in text
