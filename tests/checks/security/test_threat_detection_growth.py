"""60: twice what as many days before cost, to be looked into: at most the growth."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, over_the_month
from tests.support.homes import TinyHome, charge

D = Decimal
MAY = date(2026, 5, 1)
EVENTS, FLOWS = "USE1-PaidS3DataEventsAnalyzed", "USE1-PaidEventsAnalyzed-Bytes"


def watched(meter: str, cost: str, service: str = "AmazonGuardDuty") -> list[Any]:
    return over_the_month(meter, "3000", cost, resource=None, service=service, unit="Events")


def in_may(home: TinyHome, **by_meter: str) -> TinyHome:
    """Deliver what each meter cost on each of May's days: 31, of which June's 30 days follow 30."""
    told = [
        charge(
            cost,
            MAY,
            identity_line_item_id=f"{meter}-{day}",
            line_item_usage_start_date=datetime.combine(MAY + timedelta(days=day), datetime.min.time()),
            line_item_usage_type={"events": EVENTS, "flows": FLOWS}[meter],
            line_item_product_code="AmazonGuardDuty",
            product={"product_name": "AmazonGuardDuty", "region": "us-east-1"},
            product_region_code="us-east-1",
        )
        for meter, cost in by_meter.items()
        for day in range(31)
    ]
    home.deliver(told, MAY)
    return home


def test_what_doubled_is_to_be_looked_into(rows: Rows) -> None:
    home = in_may(rows.make(), events="1.00", flows="2.00")
    found = rows.look("threat_detection_growth", watched(EVENTS, "60.00"), watched(FLOWS, "66.00"), home=home)
    assert not any(FLOWS in f.scope for f in found)
    (events,) = found
    assert EVENTS in events.scope
    assert "other" not in events.scope
    assert cents(events.saving.high) == cents((60 - 30 * D("1.00")) * 730 / HOURS)
    assert (events.action, events.saving.expected) == ("investigate", D(0))


def test_days_that_the_cache_does_not_have_tell_of_no_growth(rows: Rows) -> None:
    assert rows.look("threat_detection_growth", watched(EVENTS, "60.00")) == []
