"""Is every measure right for every kind of charge, and does the data show that it is?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.costs import Costs
from tests.support.golden import SP1, SP2, golden_rows, row
from tests.support.homes import TinyHome, by, charge, charges, costs_of, total
from tests.support.organisations import Row
from tests.support.renderings import CUR_RENDERINGS, Delivery, focus_parquet

D = Decimal
JANUARY = date(2026, 1, 1)
Make = Callable[[], TinyHome]


def told(make: Make, rows: list[Row], rendering: str = "cur2_parquet") -> Costs:
    made = make()
    made.deliver(rows, rendering=rendering)
    made.refresh()
    return made.costs()


def failures(costs: Costs) -> list[str]:
    return [said for said in costs.status.tests_told() if said.startswith("FAILED")]


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
def test_golden_g_a1_public_prices_leave_negations_out(rendering: str, tiny_home: Make) -> None:
    # 72.576 + 60 (spot) + 108 + 120 (plans) + 96 + 86.40 (reservations) + 50 (marketplace) = 592.976;
    # the toy answer that keeps the negations' -108 and -120 is 364.976.
    costs = told(tiny_home, golden_rows(), rendering)
    assert total(costs, "public_on_demand_cost") == D("592.976")
    kept = by(costs, "charge_type", "public_on_demand_cost")
    assert kept["SavingsPlanNegation"] == 0
    assert total(costs, "public_on_demand_cost") - D("108") - D("120") == D("364.976")


def test_golden_g_b1_commitments_used_unused_and_saved(tiny_home: Make) -> None:
    costs = told(tiny_home, golden_rows())
    public = by(costs, "commitment_discount_status", "public_on_demand_cost")
    effective = by(costs, "commitment_discount_status", "effective_cost")
    assert public["Used"] == D("410.40")
    assert effective["Used"] == D("254.40")
    assert effective["Unused"] == D("19.20")
    assert public["Used"] - effective["Used"] - effective["Unused"] == D("136.80"), "net savings"
    eligible = D("72.576")
    covered = public["Used"] / (public["Used"] + eligible)
    assert round(covered * 100, 2) == D("84.97")
    paid = effective["Used"] + effective["Unused"] + eligible
    assert round((1 - paid / (public["Used"] + eligible)) * 100, 2) == D("28.32"), "ESR of commitments"
    spot, spot_public = D(20), D(60)
    everything = 1 - (paid + spot) / (public["Used"] + eligible + spot_public)
    assert round(everything * 100, 2) == D("32.56"), "ESR of all rates"
    by_plan = by(costs, ["commitment_discount_id", "commitment_discount_status"], "effective_cost")
    first = SP1["savings_plan_savings_plan_a_r_n"]
    used, unused = by_plan[first, "Used"], by_plan[first, "Unused"]
    assert used / (used + unused) == D("0.9"), "utilization of SP1"
    ri = next(v for (i, status), v in by_plan.items() if status == "Unused" and i != first)
    assert round(60 / (60 + ri) * 100, 2) == D("83.33"), "utilization of RI1"


def test_purchases_carry_no_effective_cost_and_unused_rows_bill_nothing(tiny_home: Make) -> None:
    costs = told(tiny_home, golden_rows())
    effective = by(costs, ["charge_category", "commitment_discount_status"], "effective_cost")
    assert effective["Purchase", None] == D("29.00"), "support alone; no fee of a commitment"
    billed = by(costs, "commitment_discount_status", "billed_cost")
    assert billed["Unused"] == 0
    assert total(costs, "effective_cost") == total(costs, "net_amortized_cost") == D("432.176")
    assert total(costs, "billed_cost") == D("1441.376")


def test_derived_rows_are_not_counted_as_lines(tiny_home: Make) -> None:
    costs = told(tiny_home, golden_rows())
    assert len(golden_rows()) == 20
    assert sum(p.charges for p in costs.opened.periods) == 20
    assert charges(costs) == 20
    assert costs.ask("select count(*) from charges") == [(22,)], "SP1 and RI1 left something unused"


def test_the_standing_tests_pass_on_the_golden_month(tiny_home: Make) -> None:
    costs = told(tiny_home, golden_rows())
    assert failures(costs) == []
    assert {t.name for t in costs.opened.data_tests} >= {"amortization identity", "negation pairing"}


def test_a_lost_fee_row_fails_the_identity_and_every_answer_says_so(tiny_home: Make) -> None:
    # Without SP2's recurring fee: unblended 36.00 less, amortized the same, amortized upfront 36.00 less.
    # 1405.376 - 432.176 + 93.60 - 1138.80 = -72.00.
    rows = golden_rows()
    lost = next(
        r
        for r in rows
        if r["line_item_line_item_type"] == "SavingsPlanRecurringFee" and r.items() >= SP2.items()
    )
    costs = told(tiny_home, [r for r in rows if r is not lost])
    assert any("amortization identity, off by -72 " in said for said in failures(costs))
    for metric in ("unblended_cost", "effective_cost"):
        chosen = costs.select(month="2026-01", metric=metric)
        assert any("Standing test failed for 2026-01" in c and "identity" in c for c in costs.caveats(chosen))


def test_a_lost_negation_fails_the_pairing(tiny_home: Make) -> None:
    rows = [r for r in golden_rows() if r["line_item_line_item_type"] != "SavingsPlanNegation"]
    assert any("negation pairing, off by 228 " in said for said in failures(told(tiny_home, rows)))


def test_split_rows_that_cost_something_are_alarmed(tiny_home: Make) -> None:
    rows = [charge("3"), charge("0.5", line_item_operation="EKSPod-EC2")]
    costs = told(tiny_home, rows)
    assert total(costs) == D(3)
    assert any("split-cost rows add nothing, off by 0.5 " in said for said in failures(costs))


@pytest.mark.parametrize(("focus_amount", "fails"), [("3", False), ("3.1", True)])
def test_exports_that_overlap_must_tell_the_same(focus_amount: str, fails: bool, tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver([charge("3")], export="a-cur2")
    line = charge("3")
    focus = {
        "BilledCost": focus_amount,
        "EffectiveCost": focus_amount,
        "ListCost": focus_amount,
        "ContractedCost": focus_amount,
        "BillingCurrency": "USD",
        "BillingAccountId": line["bill_payer_account_id"],
        "BillingPeriodStart": line["bill_billing_period_start_date"],
        "BillingPeriodEnd": line["bill_billing_period_end_date"],
        "ChargePeriodStart": line["line_item_usage_start_date"],
        "ChargePeriodEnd": line["line_item_usage_end_date"],
        "ChargeCategory": "Usage",
        "ProviderName": "AWS",
    }
    focus_parquet([focus], Delivery(made.bucket, JANUARY, export="a-focus"))
    made.refresh()
    said = failures(made.costs())
    assert bool(said) == fails
    if fails:
        assert "overlapping exports tell the same, off by 0.2 " in said[0]


def net(amount: str, net_amount: str | None, kind: str = "Usage") -> Row:
    return row(kind, amount, amount, line_item_net_unblended_cost=net_amount)


@pytest.mark.parametrize(
    ("rows", "basis", "billed"),
    [
        ([net("10", None)], "unblended", "10"),
        ([net("10", "9")], "net_unblended", "9"),
        ([net("10", "9"), net("-1", "0", "EdpDiscount")], "net_unblended", "9"),
        ([net("10", "9"), net("-3", "0", "EdpDiscount")], "ambiguous", "9"),
    ],
)
def test_the_basis_of_what_is_billed_is_decided_by_the_month(
    rows: list[Row], basis: str, billed: str, tiny_home: Make
) -> None:
    # domain/finops.md A.3: T1 = ΣU, T2 = ΣN. 10 - 1 and 9 + 0 tie; 10 - 3 and 9 + 0 do not.
    costs = told(tiny_home, rows)
    chosen = costs.select(metric="billed_cost", scope="bill")
    assert costs.basis(chosen).billed_basis == basis
    assert total(costs, "billed_cost") == D(billed)
    assert any("ambiguous" in c for c in costs.caveats(chosen)) == (basis == "ambiguous")


def delivered(made: TinyHome, execution: str, *amounts: str, **columns: Any) -> None:
    services = ("AmazonEC2", "AmazonS3", "AWSLambda")
    rows = [
        charge(a, line_item_product_code=s, product={"product_name": s}, **columns)
        for a, s in zip(amounts, services, strict=False)
    ]
    made.deliver(rows, execution=execution)
    made.refresh()


def test_a_closed_month_that_changes_is_restated_and_keeps_both_totals(tiny_home: Make) -> None:
    made = tiny_home()
    delivered(made, "first", "10", "5")
    assert [p.state for p in made.costs().opened.periods] == ["closed"]
    delivered(made, "second", "10", "4", "2")
    costs = made.costs()
    assert [p.state for p in costs.opened.periods] == ["restated"]
    assert costs.status.restatements() == [
        "2026-01: AWSLambda of 215530417762, 0.00 when closed, 2.00 now (USD)",
        "2026-01: AmazonS3 of 215530417762, 5.00 when closed, 4.00 now (USD)",
    ]
    said = costs.caveats(costs.select(month="2026-01"))
    assert "2026-01 was restated after it was closed: 15.00 became 16.00 (billed)." in said
    delivered(made, "third", "11", "4", "2")
    said = made.costs().caveats(made.costs().select(month="2026-01"))
    assert "2026-01 was restated after it was closed: 15.00 became 17.00 (billed)." in said


def test_a_month_that_returns_to_what_it_was_is_not_restated(tiny_home: Make) -> None:
    made = tiny_home()
    delivered(made, "first", "10", "5")
    delivered(made, "second", "10", "4")
    delivered(made, "third", "10", "5")
    assert [p.state for p in made.costs().opened.periods] == ["closed"]


def test_an_open_month_that_grows_is_not_restated(tiny_home: Make) -> None:
    made = tiny_home()
    delivered(made, "first", "10", bill_invoice_id="")
    delivered(made, "second", "10", "4", bill_invoice_id="")
    assert [p.state for p in made.costs().opened.periods] == ["open"]
    assert made.costs().status.restatements() == []


def test_contracted_cost_of_reserved_usage_is_at_the_negotiated_price_of_its_sku(tiny_home: Make) -> None:
    # domain/finops.md A.6: public 96.00 of a SKU that costs 9 net for 10 gross on demand is 86.40; a SKU
    # that nobody used on demand has no negotiated price to be told from.
    demand = net("10", "9") | {"product_sku": "A"}
    reserved = row("DiscountedUsage", "0", "96.00", reservation_effective_cost="60.00", product_sku="A")
    alone = row("DiscountedUsage", "0", "50.00", reservation_effective_cost="30.00", product_sku="B")
    costs = told(tiny_home, [demand, reserved, alone])
    assert by(costs, "charge_type", "contracted_cost") == {"Usage": D(9), "DiscountedUsage": D("136.40")}


def test_a_reading_of_positive_rows_alone_is_told_from_the_bill(tiny_home: Make) -> None:
    # The golden month's negative rows: negations -228, bundled -3, credit -15, refund -5.
    costs = told(tiny_home, golden_rows())
    positive = sum(
        D(r["line_item_unblended_cost"]) for r in golden_rows() if D(r["line_item_unblended_cost"]) > 0
    )
    assert positive == D("1441.376") + D("251")
    assert total(costs, "unblended_cost") == D("1441.376")
    assert by(costs, "charge_category", "billed_cost")["Credit"] == D("-15")


@pytest.mark.parametrize("whose", ["sample_home", "workshop_home"])
def test_every_standing_test_holds_for_every_payer_and_month(
    whose: str, request: pytest.FixtureRequest
) -> None:
    costs = costs_of(request.getfixturevalue(whose))
    assert failures(costs) == []
    held = {(p.month, p.billing_account_id) for p in costs.opened.periods}
    identities = {
        (t.month, t.billing_account_id): t.off_by
        for t in costs.opened.data_tests
        if t.name == "amortization identity"
    }
    assert identities.keys() == held
    assert all(abs(off_by) <= D("0.01") for off_by in identities.values())
