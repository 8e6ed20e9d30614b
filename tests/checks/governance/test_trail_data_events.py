"""59: data events at 0.000001 each, to be looked into: at most all of them."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def events(region: str, quantity: str, cost: str) -> list[Any]:
    return over_the_month(
        "USE1-DataEventsRecorded", quantity, cost, resource=None, service="AWSCloudTrail", unit="Events",
        region=region,
    )  # fmt: skip


def test_data_events_are_an_upper_bound(rows: Rows) -> None:
    found = rows.look(
        "trail_data_events",
        events("us-east-1", "90000000", "90.00"),
        events("eu-west-1", "2000000", "2.00"),  # too few to look for
    )
    assert [f.region for f in found] == ["us-east-1"]
    assert "eu-west-1" not in {f.region for f in found}
    saving = found[0].saving
    assert (saving.low, saving.expected) == (D(0), D(0))
    assert cents(saving.high) == cents(D("90.00") * 730 / HOURS)
    assert (found[0].action, found[0].risk) == ("investigate", "med")
