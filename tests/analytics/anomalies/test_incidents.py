"""Is each kind of surprise told for what it is, from which day, by how much, and where?"""

from datetime import date, timedelta

import pytest

from finops_mcp.analytics.anomalies import Incident, incidents
from finops_mcp.analytics.daily import DailyCosts
from tests.support.days_of_cost import FIRST, costs, steady, stream

BOX, SERVICE = "BoxUsage:m6i.large", "Amazon Elastic Compute Cloud"


def day(at: int) -> date:
    return FIRST + timedelta(days=at)


def the_only(streams: DailyCosts) -> Incident:
    found = incidents(streams, streams.last_day)
    assert len(found) == 1, [(one.kind, one.start, one.direction, one.causes) for one in found]
    return found[0]


def test_a_spike_is_told_with_its_day_and_amount() -> None:
    days = [100.0] * 60
    days[50] = 300.0
    told = the_only(costs({stream(): days, stream(meter="EBS:VolumeUsage.gp3"): [40.0] * 60}))
    assert (told.kind, told.direction, told.start, told.end) == ("spike", "rise", day(50), day(50))
    # 300 where two weeks of 100 came before
    assert (told.actual, told.expected, told.amount) == pytest.approx((300, 100, 200))
    assert [(cause.of["sku_meter"], cause.amount, cause.share) for cause in told.causes] == [(BOX, 200, 1)]


def test_a_shift_goes_on_and_only_its_finished_days_are_counted() -> None:
    told = the_only(costs({stream(): [100.0] * 50 + [150.0] * 10}))
    assert (told.kind, told.start, told.end, told.days) == ("shift", day(50), None, 10)
    # the last three of ten days are unfinished: seven days of 150 where 100 was expected
    assert (told.actual, told.expected) == pytest.approx((7 * 150, 7 * 100))


def test_a_ramp_grows() -> None:
    told = the_only(costs({stream(): [100.0] * 45 + [100.0 + 8 * n for n in range(1, 19)]}))
    assert (told.kind, told.direction) == ("ramp", "rise")
    assert day(43) <= told.start <= day(49)


def test_a_fall_is_told_when_five_finished_days_were_low() -> None:
    low = costs({stream(): [100.0] * 50 + [20.0] * 20})
    assert not incidents(low.until(day(57)), day(56))  # days 50 to 53 are finished: four
    told = incidents(low.until(day(58)), day(57))[0]
    assert (told.kind, told.direction, told.start, told.end) == ("drop", "fall", day(50), None)
    assert told.amount == pytest.approx(5 * (20 - 100))


def test_a_new_service_region_account_and_usage_type() -> None:
    old = {stream(): [100.0] * 60, stream(region="us-east-1", meter="USE1-BoxUsage"): [100.0] * 60}
    late = [0.0] * 55 + [30.0] * 5
    kinds = {
        stream(service="Amazon Athena", meter="DataScannedInTB"): "new_service",
        stream(region="ap-southeast-2", meter="APS2-BoxUsage"): "new_region",
        stream(account="sandbox"): "new_account",
        stream(meter="SpotUsage:m5.large"): "new_meter",
    }
    for fresh, kind in kinds.items():
        told = the_only(costs({**old, fresh: late}))
        assert (told.kind, told.start, told.expected) == (kind, day(55), 0)
        assert told.causes[0].of["sku_meter"] == fresh[3]


def test_what_all_of_a_service_did_is_told_with_its_first_small_part() -> None:
    # three usage types fell by half before, for a week: that they do again would not be told by itself
    used_to_it = [100.0] * 25 + [50.0] * 7 + [100.0] * 28 + [50.0] * 10
    fell = {stream(meter=f"BoxUsage:m{n}.large"): used_to_it for n in range(3)}
    assert not incidents(costs(fell), costs(fell).last_day)
    steadily = {stream(meter="EBS:VolumeUsage.gp3"): [20.0] * 60 + [10.0] * 10}
    beside = {stream(service=f"Other {n}", meter="Hours"): [200.0] * 70 for n in range(3)}
    told = the_only(costs({**fell, **steadily, **beside}))
    assert (told.kind, told.start, told.direction) == ("drop", day(60), "fall")
    # seven finished days, each 50 less three times, and 10 less
    assert told.amount == pytest.approx(-7 * (3 * 50 + 10))
    assert [cause.amount for cause in told.causes] == pytest.approx([-350, -350, -350])


def test_an_account_that_moved_is_told_and_not_its_steadiest_part() -> None:
    used_to_it = [100.0] * 25 + [150.0] * 7 + [100.0] * 28 + [150.0] * 10
    moved = {stream(service=f"Service {n}", meter="Hours"): used_to_it for n in range(4)}
    steadily = {stream(meter="EBS:VolumeUsage.gp3"): [40.0] * 60 + [60.0] * 10}
    others = {stream(account=f"other {n}"): [300.0] * 70 for n in range(8)}
    streams = costs({**moved, **steadily, **others})
    told, *before = incidents(streams, streams.last_day)
    assert [one.start for one in before] == [day(25)]
    assert (told.kind, told.start, told.scope) == ("account_wide", day(60), {"sub_account_id": "prod"})


def test_a_service_with_several_usage_types_is_one_incident_with_ranked_causes() -> None:
    late = [0.0] * 55
    told = the_only(
        costs(
            {
                stream(): [100.0] * 60,
                stream(service="Amazon RDS", meter="InstanceUsage"): late + [60.0] * 5,
                stream(service="Amazon RDS", meter="Storage"): late + [30.0] * 5,
                stream(service="Amazon RDS", meter="Requests"): late + [10.0] * 5,
            }
        )
    )
    assert told.kind == "new_service"
    # 60 and 30 of 100 a day: the fewest that explain four fifths
    assert [(c.of["sku_meter"], round(c.share, 2)) for c in told.causes] == [
        ("InstanceUsage", 0.6),
        ("Storage", 0.3),
    ]
    assert dict(told.scope) == {
        "sub_account_id": "prod",
        "service_name": "Amazon RDS",
        "region_id": "eu-west-1",
    }


def test_transfer_and_logs_are_told_apart_by_their_meter() -> None:
    grown = [10.0] * 50 + [80.0] * 10
    transfer = the_only(costs({stream(meter="EU-DataTransfer-Out-Bytes"): grown, stream(): [90.0] * 60}))
    assert transfer.kind == "data_transfer"
    meter = stream(service="AmazonCloudWatch", meter="EU-DataProcessing-Bytes")
    assert the_only(costs({meter: grown, stream(): [90.0] * 60})).kind == "logs"


def test_a_commitment_that_ended_is_told_by_what_covered_it() -> None:
    told = the_only(
        costs(
            {
                stream(pricing="Committed"): [60.0] * 50 + [0.0] * 10,
                stream(pricing="Standard"): [20.0] * 50 + [120.0] * 10,
            }
        )
    )
    assert (told.kind, told.direction, told.start) == ("commitment_expiry", "rise", day(50))
    assert told.amount == pytest.approx(7 * (120 - 60 - 20))


def test_a_credit_that_ended_is_a_rise_of_the_bill() -> None:
    credit = stream(charge="Credit", meter=None, service="Amazon Elastic Compute Cloud")
    told = the_only(costs({stream(): [100.0] * 60, credit: [-30.0] * 50 + [0.0] * 10}))
    assert (told.kind, told.direction, told.start) == ("credit_expiry", "rise", day(50))
    assert (told.actual, told.expected, told.amount) == pytest.approx((0, -30 * 7, 30 * 7))
    assert told.causes[0].of["charge_category"] == "Credit"


def test_more_of_everything_in_an_account_is_one_incident_of_the_account() -> None:
    services = {
        stream(service=f"Service {n}"): steady(50.0 + 10 * n, 52) + steady(70.0 + 14 * n, 8) for n in range(5)
    }
    told = the_only(costs({**services, stream(account="other"): steady(400, 60)}))
    assert (told.kind, dict(told.scope)) == ("account_wide", {"sub_account_id": "prod"})
    assert told.start == day(52)


def test_more_in_every_account_is_one_incident_of_the_organisation() -> None:
    services = {
        stream(account=f"account {a}", service=f"Service {n}"): steady(50, 52) + steady(75, 8)
        for n in range(4)
        for a in range(4)
    }
    told = the_only(costs(services))
    assert (told.kind, dict(told.scope), told.start) == ("organisation_wide", {}, day(52))


def test_two_causes_on_the_same_days_are_two_incidents() -> None:
    streams = costs(
        {
            stream(): [100.0] * 50 + [170.0] * 10,
            stream(account="other", service="Amazon RDS"): [80.0] * 50 + [160.0] * 10,
            stream(account="third", service="Amazon S3"): [500.0] * 60,
        }
    )
    told = incidents(streams, streams.last_day)
    assert [one.causes[0].of["sub_account_id"] for one in told] == ["other", "prod"]
