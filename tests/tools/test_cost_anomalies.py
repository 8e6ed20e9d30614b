"""Is what is unusual told once, with what was spent to the last digit, and nothing that is usual?"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.analytics.anomalies import Settings
from finops_mcp.analytics.incident_ids import same_incident
from finops_mcp.cache.mutes import mute, unmute
from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.errors import InvalidArgument, TooFewDays
from finops_mcp.toolbox.schemas import input_schema
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import LIMITS, TinyHome, charge
from tests.support.organisations import Row
from tests.tools.tiny import asked, column, toolbox_at

D = Decimal
Make = Callable[[], TinyHome]
FIRST, LAST = date(2026, 1, 1), date(2026, 4, 30)
SHOP, LAB = "215530417762", "418273650915"
LOGS: dict[str, Any] = {
    "line_item_product_code": "AmazonCloudWatch",
    "line_item_usage_type": "DataProcessing-Bytes",
    "line_item_resource_id": "arn:aws:logs:us-east-1:215530417762:log-group:/web",
    "product": {"product_name": "AmazonCloudWatch", "region": "us-east-1"},
}
SEARCH: dict[str, Any] = {
    "line_item_product_code": "AmazonES",
    "line_item_usage_type": "ESInstance:r6g.large",
    "line_item_usage_account_id": LAB,
    "line_item_resource_id": "arn:aws:es:us-east-1:418273650915:domain/search",
    "product": {"product_name": "Amazon OpenSearch Service", "region": "us-east-1"},
}


def days(first: date = FIRST, last: date = LAST) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def on(day: date, cost: Decimal, **columns: Any) -> Row:
    start = datetime(day.year, day.month, day.day, 7)  # noqa: DTZ001 - exports carry UTC without a zone
    times: dict[str, Any] = {
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=1),
        "identity_line_item_id": f"{day} {cost} {sorted(columns.items(), key=str)}",
    }
    return charge(cost, day.replace(day=1), **{**times, **columns})


def usual(day: date) -> Decimal:
    """A weekly rhythm, and a little noise: 100 to 101.2 on weekdays, 60 to 61.2 on weekends."""
    return (D(60) if day.weekday() > 4 else D(100)) + D(day.toordinal() * 7919 % 13) / 10


def organisation(unusual: Callable[[date], Decimal | None] = usual, **columns: Any) -> list[Row]:
    """Two streams of use, of which the second is as it is said."""
    rows = [on(day, usual(day)) for day in days()]
    return rows + [
        on(day, cost, **{**LOGS, **columns}) for day in days() if (cost := unusual(day)) is not None
    ]


def loaded(tiny: TinyHome, rows: list[Row]) -> Toolbox:
    """Deliver rows, each payer's and month's apart."""
    deliveries: dict[tuple[str, date], list[Row]] = {}
    for row in rows:
        month = row["bill_billing_period_start_date"].date()
        deliveries.setdefault((row["bill_payer_account_id"], month), []).append(row)
    for (payer, month), mine in deliveries.items():
        tiny.deliver(mine, month, export=f"of-{payer}")
    tiny.refresh()
    return toolbox_at(tiny.home.path)


def one(answer: dict[str, Any]) -> dict[str, Any]:
    """Give the only incident by name of column."""
    assert answer["total_rows"] == len(answer["rows"]) == 1, answer["rows"]
    return dict(zip(answer["columns"], answer["rows"][0], strict=True))


SPIKE = (date(2026, 4, 14), date(2026, 4, 16))


def spiking(day: date) -> Decimal:
    return usual(day) + 300 if SPIKE[0] <= day <= SPIKE[1] else usual(day)


@pytest.fixture(scope="module")
def spike(tiny_home: Make) -> tuple[TinyHome, Toolbox]:
    tiny = tiny_home()
    return tiny, loaded(tiny, organisation(spiking))


def test_a_spike_is_told_once_with_what_was_spent_and_by_what(spike: tuple[TinyHome, Toolbox]) -> None:
    answer = asked(spike[1], "cost_anomalies")
    found = one(answer)
    assert (found["start"], found["end"]) == tuple(day.isoformat() for day in SPIKE)
    assert (found["direction"], found["ongoing"]) == ("rise", False)
    # Three weekdays: 300 above the usual each, which is known to the tenth.
    assert D(found["effective_cost"]) == sum(map(usual, days(*SPIKE))) + 900
    assert D(found["low_cost"]) <= D(found["expected_cost"]) <= D(found["high_cost"])
    assert D(found["change"]) == D(found["effective_cost"]) - D(found["expected_cost"])
    assert abs(D(found["change"]) - 900) < 10
    assert answer["totals"] == {"above_expected_cost": found["change"], "below_expected_cost": "0.00"}
    assert found["sub_account_id"] == SHOP
    assert (found["service_name"], found["sku_meter"]) == ("AmazonCloudWatch", "DataProcessing-Bytes")
    assert found["resource_id"] == LOGS["line_item_resource_id"]
    assert found["share"] > 0.9
    assert answer["as_of"] == "2026-04-30"
    assert asked(spike[1], "cost_anomalies") == answer
    for step in answer["next"]:
        assert asked(spike[1], step["tool"], **step["arguments"])["rows"]


def test_another_time_has_nothing_unusual(spike: tuple[TinyHome, Toolbox]) -> None:
    for span in ({"month": "2026-03"}, {"start": "2026-04-20", "end": "2026-05-01"}):
        answer = asked(spike[1], "cost_anomalies", **span)
        assert (answer["rows"], answer["total_rows"], answer["next"]) == ([], 0, [])
        assert answer["summary"].startswith("Nothing unusual in 2026-0")


def test_sensitivity_is_by_money_and_by_share(spike: tuple[TinyHome, Toolbox]) -> None:
    asking = {"least": 250, "least_share": 2.0}  # 300 a day more, of some 100
    assert asked(spike[1], "cost_anomalies", **asking)["total_rows"] == 1
    assert asked(spike[1], "cost_anomalies", **asking | {"least": 350})["total_rows"] == 0
    assert asked(spike[1], "cost_anomalies", **asking | {"least_share": 4})["total_rows"] == 0


def test_the_least_that_is_told_is_what_the_detector_was_judged_by(spike: tuple[TinyHome, Toolbox]) -> None:
    takes = input_schema(spike[1].tool("cost_anomalies"))["properties"]
    assert (takes["least"]["default"], takes["least_share"]["default"]) == (
        Settings().least,
        Settings().least_share,
    )


def test_what_was_known_on_a_day_is_replayed(spike: tuple[TinyHome, Toolbox]) -> None:
    before = asked(spike[1], "cost_anomalies", as_of="2026-04-13")
    assert before["rows"] == []
    then = asked(spike[1], "cost_anomalies", as_of="2026-04-15")
    found = one(then)
    assert (found["start"], found["end"], found["ongoing"]) == ("2026-04-14", "2026-04-15", True)
    assert D(found["effective_cost"]) == sum(map(usual, days(SPIKE[0], date(2026, 4, 15)))) + 600
    assert found["incident"] == one(asked(spike[1], "cost_anomalies"))["incident"]
    assert "What was corrected or delivered after 2026-04-15 is already in its data." in then["caveats"]
    with pytest.raises(InvalidArgument, match="On 2026-04-15 nothing was known of 2026-04-20 to 2026-04-29"):
        asked(spike[1], "cost_anomalies", as_of="2026-04-15", start="2026-04-20", end="2026-04-30")
    with pytest.raises(InvalidArgument, match="as_of must lie in the data"):
        asked(spike[1], "cost_anomalies", as_of="2026-05-01")


def test_an_incident_keeps_its_id_from_day_to_day(spike: tuple[TinyHome, Toolbox]) -> None:
    ids = [
        one(asked(spike[1], "cost_anomalies", as_of=f"2026-04-{day}"))["incident"] for day in range(15, 31)
    ]
    assert all(same_incident(ids[0], each) for each in ids)


def test_what_is_muted_is_counted_and_shown_with_its_reason_when_asked_for(
    spike: tuple[TinyHome, Toolbox],
) -> None:
    tiny, toolbox = spike
    incident = one(asked(toolbox, "cost_anomalies"))["incident"]
    mute(tiny.home, [incident], "a test of load, agreed", date(2026, 5, 1))
    try:
        answer = asked(toolbox, "cost_anomalies")
        assert (answer["rows"], answer["totals"]["above_expected_cost"]) == ([], "0.00")
        said = "1 muted incident(s) are not shown; with muted they are, and the reasons."
        assert said in answer["caveats"]
        found = one(asked(toolbox, "cost_anomalies", muted=True))
        assert (found["incident"], found["muted"]) == (incident, "a test of load, agreed")
    finally:
        unmute(tiny.home, [incident])
    assert one(asked(toolbox, "cost_anomalies", muted=True))["muted"] is None


def test_a_new_level_is_told_since_its_first_day_until_it_is_usual(tiny_home: Make) -> None:
    since = date(2026, 2, 10)
    toolbox = loaded(tiny_home(), organisation(lambda d: usual(d) + (80 if d >= since else 0)))
    found = one(asked(toolbox, "cost_anomalies", month="2026-02"))
    assert (found["start"], found["ongoing"], found["direction"]) == ("2026-02-10", True, "rise")
    assert asked(toolbox, "cost_anomalies", start="2026-04-20")["rows"] == []


def test_a_fall_is_told(tiny_home: Make) -> None:
    toolbox = loaded(tiny_home(), organisation(lambda d: usual(d) - (50 if d >= date(2026, 4, 15) else 0)))
    found = one(asked(toolbox, "cost_anomalies"))
    assert (found["direction"], found["start"], found["service_name"]) == (
        "fall",
        "2026-04-15",
        "AmazonCloudWatch",
    )
    assert D(found["change"]) < 0
    whole = sum(usual(d) - 50 for d in days(date(2026, 4, 15), date.fromisoformat(found["end"])))
    assert D(found["effective_cost"]) == whole


def test_a_service_that_was_not_used_before_is_told_as_new(tiny_home: Make) -> None:
    since = date(2026, 4, 20)
    used = organisation(lambda d: D("40.25") if d >= since else None, **SEARCH)
    before = [on(day, D("1.5"), line_item_usage_account_id=LAB) for day in days()]
    toolbox = loaded(tiny_home(), [*used, *before])
    found = one(asked(toolbox, "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("new_service", "rise", "2026-04-20")
    # What goes on is added up over the days that are final: eight of eleven.
    assert (D(found["effective_cost"]), found["end"]) == (D("40.25") * 8, "2026-04-27")
    assert found["ongoing"] is True
    assert D(found["expected_cost"]) == 0
    assert (found["sub_account_id"], found["resource_id"]) == (LAB, SEARCH["line_item_resource_id"])


def test_without_line_items_causes_are_told_without_resources(tiny_home: Make) -> None:
    tiny = tiny_home()
    loaded(tiny, organisation(spiking))
    whole = one(asked(toolbox_at(tiny.home.path), "cost_anomalies"))
    keeping = Keeping(charges_months=1)
    Refresher(tiny.home, LIMITS, keep_generations=1, keeping=keeping).refresh(str(tiny.bucket))
    answer = asked(toolbox_at(tiny.home.path), "cost_anomalies")
    same = ("incident", "start", "end", "change", "effective_cost", "sku_meter")
    assert [one(answer)[name] for name in same] == [whole[name] for name in same]
    assert (whole["resource_id"], one(answer)["resource_id"]) == (LOGS["line_item_resource_id"], None)
    said = [c for c in answer["caveats"] if c.startswith("Causes are told without their resources: ")]
    assert "2026-03" in said[0]
    for step in answer["next"]:
        assert asked(toolbox_at(tiny.home.path), step["tool"], **step["arguments"])["rows"]


def test_days_that_no_export_tells_are_missing_data_and_no_fall(tiny_home: Make) -> None:
    lost = {date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 18)}
    rows = [row for row in organisation() if row["line_item_usage_start_date"].date() not in lost]
    answer = asked(loaded(tiny_home(), rows), "cost_anomalies")
    assert answer["rows"] == []
    said = "No export tells what payer 104816291057 (USD) used on 2026-04-14 to 2026-04-15, 2026-04-18"
    assert [c for c in answer["caveats"] if c.startswith(said)]


def test_the_newest_days_are_late_and_no_fall(tiny_home: Make) -> None:
    arrived = {date(2026, 4, 28): D("0.9"), date(2026, 4, 29): D("0.6"), LAST: D("0.1")}
    rows = [on(day, usual(day) * arrived.get(day, D(1)), **of) for day in days() for of in ({}, LOGS)]
    assert asked(loaded(tiny_home(), rows), "cost_anomalies")["rows"] == []


def test_tax_and_credits_of_the_same_use_are_no_part_of_an_incident(tiny_home: Make) -> None:
    tax = {**LOGS, "line_item_line_item_type": "Tax", "line_item_resource_id": None}
    credit = {**tax, "line_item_line_item_type": "Credit"}
    rows = organisation(spiking) + [on(day, D(500), **tax) for day in days(*SPIKE)]
    rows += [on(day, D(-20), **credit) for day in days()]
    answer = asked(loaded(tiny_home(), rows), "cost_anomalies")
    assert D(one(answer)["effective_cost"]) == sum(map(usual, days(*SPIKE))) + 900
    assert answer["basis"]["includes"]["tax"] == {"included": False, "amount": "1500.00"}


def test_too_few_days_are_refused_with_what_is_needed(tiny_home: Make) -> None:
    rows = [on(day, usual(day)) for day in days(date(2026, 4, 1), date(2026, 4, 20))]
    toolbox = loaded(tiny_home(), rows)
    with pytest.raises(TooFewDays, match="Anomalies need 21 whole days, and the exports tell 20"):
        asked(toolbox, "cost_anomalies")


def test_currencies_stay_apart_and_one_of_few_days_is_named(tiny_home: Make) -> None:
    rupees: dict[str, Any] = {"line_item_currency_code": "INR", "bill_payer_account_id": LAB}
    both = [*organisation(spiking), *(on(d, spiking(d) * 80, **LOGS, **rupees) for d in days())]
    answer = asked(loaded(tiny_home(), both), "cost_anomalies")
    assert column(answer, "billing_currency") == ["INR", "USD"]
    # The same days 80 times: each currency is judged and added up by itself.
    spent = sum(map(usual, days(*SPIKE))) + 900
    assert [D(a) for a in column(answer, "effective_cost")] == [spent * 80, spent]
    assert set(answer["totals"]["above_expected_cost"]) == {"INR", "USD"}


ENDS = date(2026, 4, 14)
PLAN = "arn:aws:savingsplans::104816291057:savingsplan/0f1e2d3c-4b5a-4697-8877-665544332211"


def covered(day: date, cost: Decimal) -> list[Row]:
    """A day's use that a plan pays for at 60 % of its price, with what offsets it and the plan's fee."""
    plan: dict[str, Any] = {
        "savings_plan_savings_plan_a_r_n": PLAN,
        "savings_plan_payment_option": "No Upfront",
    }
    paid = cost * D("0.6")
    fee = {
        "line_item_line_item_type": "SavingsPlanRecurringFee",
        "line_item_product_code": "ComputeSavingsPlans",
        "line_item_resource_id": PLAN,
        "savings_plan_total_commitment_to_date": str(paid),
        "savings_plan_used_commitment": str(paid),
    }
    covers = {
        "line_item_line_item_type": "SavingsPlanCoveredUsage",
        "savings_plan_savings_plan_effective_cost": str(paid),
    }
    offsets = {"line_item_line_item_type": "SavingsPlanNegation"}
    return [
        on(day, cost, **plan, **covers),
        on(day, -cost, **plan, **offsets),
        on(day, paid, **plan, **fee),
    ]


def test_when_a_commitment_ends_it_is_named(tiny_home: Make) -> None:
    rows = [on(day, usual(day), **LOGS) for day in days()]
    for day in days():
        rows += covered(day, 5 * usual(day)) if day <= ENDS else [on(day, 5 * usual(day))]
    found = one(asked(loaded(tiny_home(), rows), "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("commitment_expiry", "rise", "2026-04-15")
    # What was paid for at 60 % is paid in full.
    whole = sum(usual(day) * 5 for day in days(date(2026, 4, 15), date.fromisoformat(found["end"])))
    assert D(found["effective_cost"]) == whole
    assert abs(D(found["change"]) - whole * D("0.4")) < whole / 50
    assert f"coincides with the end of Savings Plan {PLAN}: last charge on 2026-04-14" in found["why"]


def test_when_a_commitment_begins_the_fall_names_it(tiny_home: Make) -> None:
    rows = [on(day, usual(day), **LOGS) for day in days()]
    for day in days():
        rows += covered(day, 5 * usual(day)) if day > ENDS else [on(day, 5 * usual(day))]
    found = one(asked(loaded(tiny_home(), rows), "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("drop", "fall", "2026-04-15")
    assert f"coincides with the beginning of Savings Plan {PLAN}: first charge on 2026-04-15" in found["why"]


def test_when_a_credit_ends_it_is_named(tiny_home: Make) -> None:
    credit: dict[str, Any] = {
        "line_item_line_item_type": "Credit",
        "line_item_line_item_description": "Startup program credit",
        "line_item_resource_id": None,
    }
    rows = organisation() + [on(day, D(-40), **credit) for day in days(FIRST, ENDS)]
    answer = asked(loaded(tiny_home(), rows), "cost_anomalies")
    found = one(answer)
    assert (found["kind"], found["direction"], found["start"]) == ("credit_expiry", "rise", "2026-04-15")
    assert found["why"].endswith("the credit was “Startup program credit”")
    # Nothing is credited where 40 a day were expected to be.
    last = date.fromisoformat(found["end"])
    assert D(found["effective_cost"]) == 0
    assert D(found["expected_cost"]) == -40 * (last - ENDS).days
