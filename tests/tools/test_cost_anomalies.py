"""Is what is unusual told once, with what was spent to the last digit, and nothing that is usual?"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.mutes import mute, unmute
from finops_mcp.errors import HistoryTooShort, InvalidArgument
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import TinyHome, charge
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
    assert D(found["low_cost"]) <= sum(map(usual, days(*SPIKE))) <= D(found["high_cost"])
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
    asking = {"least": 800, "least_share": 1.0}
    assert asked(spike[1], "cost_anomalies", **asking)["total_rows"] == 1
    assert asked(spike[1], "cost_anomalies", **asking | {"least": 1000})["total_rows"] == 0
    assert asked(spike[1], "cost_anomalies", **asking | {"least_share": 4})["total_rows"] == 0


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
    toolbox = loaded(tiny_home(), organisation(lambda d: D("40.25") if d >= since else None, **SEARCH))
    found = one(asked(toolbox, "cost_anomalies"))
    assert (found["kind"], found["direction"], found["start"]) == ("new_service", "rise", "2026-04-20")
    assert D(found["effective_cost"]) == D("40.25") * 11
    assert D(found["expected_cost"]) == 0
    assert (found["sub_account_id"], found["resource_id"]) == (LAB, SEARCH["line_item_resource_id"])


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


def test_too_few_days_are_refused_with_what_is_needed(tiny_home: Make) -> None:
    rows = [on(day, usual(day)) for day in days(date(2026, 4, 11))]
    toolbox = loaded(tiny_home(), rows)
    with pytest.raises(HistoryTooShort, match=r"from 20 day\(s\) of charges: 21 are needed"):
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
