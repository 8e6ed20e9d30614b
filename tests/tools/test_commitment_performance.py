"""Are commitments told as the domain's golden numbers have them (A.5, B.2), whatever they are asked by?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.home import Home
from finops_mcp.errors import InvalidArgument, MeasureNotInExport
from finops_mcp.toolbox.folder import built_in, find_tools
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.focus import focus_rows
from tests.support.golden import RI1, RI2, SP1, SP2, golden_rows, reservation_fee, row, savings_plan
from tests.support.homes import TinyHome, costs_of
from tests.support.organisations import Row
from tests.support.renderings import CUR_RENDERINGS, Delivery, focus_parquet
from tests.tools.tiny import asked, by_first

D = Decimal
Make = Callable[[], TinyHome]
TELL: Any = next(t.function for t in find_tools(built_in("tools")) if t.name == "commitment_performance")
ARNS = [one[next(iter(one))] for one in (SP1, SP2, RI1, RI2)]


def held(fee: Row, hours: str, unused: str) -> Row:
    """Say of a reservation's fee what it held: 720 h of one machine that has no sizes to exchange."""
    return fee | {"line_item_usage_amount": hours, "reservation_unused_quantity": unused}


def golden() -> list[Row]:
    """Write out A.5 with B.2's utilization of RI1: of 720 h, 600 were used."""
    unused = {RI1["reservation_reservation_a_r_n"]: "120", RI2["reservation_reservation_a_r_n"]: "0"}
    return [
        held(r, "720", unused[r["reservation_reservation_a_r_n"]])
        if r["line_item_line_item_type"] == "RIFee"
        else r
        for r in golden_rows()
    ]


def told(make: Make, rows: list[Row], rendering: str = "cur2_parquet", **question: Any) -> Any:
    made = make()
    made.deliver(rows, rendering=rendering)
    made.refresh()
    return TELL(made.costs(), month="2026-01", **question)


def rows_of(answer: Any) -> dict[Any, dict[str, Any]]:
    return {r[0]: dict(zip(answer.columns, r, strict=True)) for r in answer.rows}


def ratio(part: str, whole: str) -> float:
    return round(float(D(part) / D(whole)), 6)


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
@pytest.mark.parametrize("metric", ["effective_cost", "amortized_cost"])
def test_the_golden_month_comes_out_as_written(rendering: str, metric: str, tiny_home: Make) -> None:
    answer = told(tiny_home, golden(), rendering, metric=metric)
    totals = answer.totals
    # Covered 108 + 120 + 96 + 86.40; used 64.80 + 72 + 60 + 57.60; unused 7.20 + 12.
    assert (totals["covered_cost"], totals["used_cost"], totals["unused_cost"]) == (
        "410.40",
        "254.40",
        "19.20",
    )
    assert totals["on_demand_cost"] == "72.576"
    assert totals["net_savings"] == "136.80"  # 410.40 - 254.40 - 19.20
    assert totals["coverage"] == ratio("410.40", "482.976") == 0.849732
    # All that was paid: 254.40 + 19.20 + 72.576 = 346.176 for use of 410.40 + 72.576 at public prices.
    assert totals["rate_commitments_list"] == ratio("136.80", "482.976") == 0.283244
    # With spot, 20 instead of 60: 366.176 for 542.976.
    assert totals["rate_all_list"] == ratio("176.80", "542.976") == 0.325613
    told_of = rows_of(answer)
    assert told_of[ARNS[0]]["utilization"] == 0.9  # 64.80 of 72
    assert told_of[ARNS[1]]["utilization"] == 1.0
    assert (told_of[ARNS[2]]["utilization"], told_of[ARNS[2]]["counted_in"]) == (0.833333, "hours")
    assert told_of[ARNS[0]]["owner"] == "215530417762"
    assert any("482.98 USD of covered and eligible on-demand use" in line for line in answer.denominators)


def test_coverage_by_plans_leaves_reserved_use_out_and_by_reservations_counts_units(tiny_home: Make) -> None:
    rows = [
        r | {"line_item_normalized_usage_amount": units}
        if (units := {"72.576": "50", "96.00": "300", "86.40": "200"}.get(r["pricing_public_on_demand_cost"]))
        else r
        for r in golden()
    ]
    totals = told(tiny_home, rows).totals
    assert totals["coverage_by_plans"] == ratio("228", "300.576")  # 108 + 120 of those and 72.576
    assert totals["coverage_by_reservations"] == ratio("500", "550")


def discounted() -> list[Row]:
    """Write out G-A2: a tenth off inside the net columns of SP1 and RI1."""
    sp = savings_plan("72.00", "108.00", "64.80", "72.00", "0", **SP1)
    sp[0] |= {
        "savings_plan_net_savings_plan_effective_cost": "58.32",
        "line_item_net_unblended_cost": "97.20",
    }
    sp[1] |= {"line_item_net_unblended_cost": "-97.20"}
    sp[2] |= {
        "savings_plan_payment_option": "No Upfront",
        "savings_plan_recurring_commitment_for_billing_period": "72.00",
        "savings_plan_net_recurring_commitment_for_billing_period": "64.80",
        "line_item_net_unblended_cost": "64.80",
    }
    used = row("DiscountedUsage", "0", "96.00", reservation_effective_cost="60.00", **RI1)
    fee = held(reservation_fee("36.00", "36.00", "6.00", "6.00", **RI1), "720", "120")
    return [
        *sp,
        used | {"reservation_net_effective_cost": "54.00"},
        fee
        | {
            "reservation_net_unused_amortized_upfront_fee_for_billing_period": "5.40",
            "reservation_net_unused_recurring_fee": "5.40",
            "line_item_net_unblended_cost": "32.40",
        },
    ]


def test_private_discounts_are_on_both_sides_or_on_neither(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver(discounted())
    made.refresh()
    net = TELL(made.costs(), month="2026-01").totals
    # Net: used 58.32 + 54.00, unused 6.48 + 10.80, covered at negotiated prices 97.20 + 96.00.
    assert (net["used_cost"], net["unused_cost"], net["covered_cost"]) == ("112.32", "17.28", "193.20")
    assert net["net_savings"] == "63.60"
    gross = TELL(made.costs(), month="2026-01", metric="amortized_cost").totals
    assert (gross["used_cost"], gross["unused_cost"], gross["covered_cost"]) == ("124.80", "19.20", "204.00")
    assert gross["net_savings"] == "60.00"
    for totals in (net, gross):
        assert totals["rate_commitments_list"] == ratio("60.00", "204.00")  # 1 - 144 / 204
        assert totals["rate_net_list"] == ratio("74.40", "204.00")  # 1 - 129.60 / 204
        assert totals["rate_net_contracted"] == ratio("63.60", "193.20")


# domain/finops.md B.2: month, reserved and unused units, used, unused, on-demand equivalent, net savings
WORKSHOP = [
    ("2018-10", "15145.1601", "3166.6599", 0.7909, "232.2538", "48.9956", "338.0206", "56.7712"),
    ("2018-11", "14760.0", "2880.0", 0.8049, "231.4004", "43.2164", "336.2400", "61.6231"),
    ("2018-12", "15252.0", "3319.5", 0.7824, "230.8955", "52.8752", "336.2018", "52.4310"),
]


@pytest.mark.parametrize(
    ("month", "reserved", "lost", "share", "used", "unused", "listed", "saved"), WORKSHOP
)
def test_the_real_report_is_told_as_published(
    month: str,
    reserved: str,
    lost: str,
    share: float,
    used: str,
    unused: str,
    listed: str,
    saved: str,
    workshop_home: Home,
) -> None:
    costs = costs_of(workshop_home)
    ((units, idle),) = costs.ask(
        "select sum(reserved_units), sum(unused_units) from commitments"
        " where strftime(billing_period_start, '%Y-%m') = $month",
        month=month,
    )
    four = D("0.0001")
    assert (units.quantize(four), idle.quantize(four)) == (D(reserved), D(lost))
    totals = TELL(costs, month=month, metric="amortized_cost").totals
    assert round(totals["utilization_of_reservations"], 4) == share
    assert [
        D(totals[n]).quantize(four) for n in ("used_cost", "unused_cost", "covered_cost", "net_savings")
    ] == [D(used), D(unused), D(listed), D(saved)]


@pytest.mark.parametrize(
    "dimension", ["commitment_discount_id", "sub_account_name", "service_name", "instance_family", "day"]
)
def test_parts_add_up_to_the_whole(dimension: str, sample: Toolbox) -> None:
    answer = asked(sample, "commitment_performance", month="2026-09", dimension=[dimension], top=1000)
    whole = asked(sample, "commitment_performance", month="2026-09", dimension=["month"])
    assert answer["totals"] == whole["totals"]
    for name in ("covered_cost", "on_demand_cost", "used_cost", "unused_cost", "net_savings"):
        at = answer["columns"].index(name)
        assert sum(D(r[at]) for r in answer["rows"]) == D(whole["totals"][name]), name


def test_a_filter_narrows_what_is_told(sample: Toolbox) -> None:
    every = asked(sample, "commitment_performance", month="2026-09")
    arn = every["rows"][0][0]
    one = asked(
        sample,
        "commitment_performance",
        month="2026-09",
        filters=[{"dimension": "commitment_discount_id", "op": "eq", "values": [arn]}],
    )
    assert one["rows"] == every["rows"][:1]
    assert one["totals"]["utilization_of_reservations"] is None
    ec2 = asked(
        sample,
        "commitment_performance",
        month="2026-09",
        dimension=["service_code"],
        filters=[{"dimension": "commitment_pool", "op": "in", "values": ["ec2_instance", "compute"]}],
    )
    assert "AmazonRDS" not in by_first(ec2, "covered_cost")


@pytest.mark.parametrize(
    "question",
    [
        {"dimension": ["operation"]},
        {"dimension": ["resource_id"]},
        {"filters": [{"dimension": "commitment_discount_status", "op": "eq", "values": ["Used"]}]},
    ],
)
def test_what_commitments_cannot_be_told_by_is_refused(question: dict[str, Any], sample: Toolbox) -> None:
    with pytest.raises(InvalidArgument, match="Commitments have not all of the dimensions") as raised:
        sample.call("commitment_performance", {"month": "2026-09", **question})
    assert {"commitment_discount_id", "instance_family", "day"} <= set(raised.value.valid)


def test_focus_tells_by_cost_and_says_what_it_does_not_tell(tiny_home: Make) -> None:
    made = tiny_home()
    # Without the lines that FOCUS has no word for: whose marketplace it is, and what is a discount.
    rows = [
        r
        for r in golden()
        if r["bill_billing_entity"] == "AWS" and r["line_item_line_item_type"] != "BundledDiscount"
    ]
    focus_parquet(focus_rows(rows), Delivery(made.bucket, date(2026, 1, 1)))
    made.refresh()
    answer = TELL(made.costs(), month="2026-01")
    assert (answer.totals["used_cost"], answer.totals["unused_cost"]) == ("254.40", "19.20")
    assert answer.totals["net_savings"] == "136.80"
    assert answer.totals["utilization_of_plans"] is None
    assert answer.totals["rate_commitments_list"] is None
    assert answer.totals["rate_net_list"] == ratio("176.80", "542.976")
    assert rows_of(answer)[ARNS[0]]["utilization_by_cost"] == 0.9
    assert any("utilization is by cost alone" in c for c in answer.caveats)
    with pytest.raises(MeasureNotInExport):
        TELL(made.costs(), month="2026-01", metric="amortized_cost")


def test_a_published_rate_is_quoted_for_its_own_scope_alone(sample: Toolbox) -> None:
    def asked_of(pools: list[str]) -> dict[str, Any]:
        narrowed = [{"dimension": "commitment_pool", "op": "in", "values": pools}]
        return asked(sample, "commitment_performance", month="2026-09", filters=narrowed)

    assert "median of 15 % in 2024" in asked_of(["ec2_instance", "compute"])["benchmark"]
    assert not asked_of(["ec2_instance"])["benchmark"]
    assert not asked(sample, "commitment_performance", month="2026-09")["benchmark"]
