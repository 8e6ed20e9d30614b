"""Is what is unusual told once, with what was spent to the last digit, replayed and muted as asked?"""

from datetime import date

import pytest

from finops_mcp.analytics.anomalies import Settings
from finops_mcp.analytics.incident_ids import same_incident
from finops_mcp.cache.mutes import mute, unmute
from finops_mcp.errors import InvalidArgument
from finops_mcp.toolbox.schemas import input_schema
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import TinyHome
from tests.tools.tiny import asked
from tests.tools.unusual import LOGS, SHOP, SPIKE, D, Make, days, loaded, one, organisation, spiking, usual


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
