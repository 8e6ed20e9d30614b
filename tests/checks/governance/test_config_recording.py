"""57: 40 changes a day of a resource cost 3.60 in a month of 30 days, once a day 0.36."""

from decimal import Decimal
from typing import Any

from tests.checks.given import give
from tests.checks.rows import HOURS, Rows, cents, item

D = Decimal
ACCOUNT = "111111111111"
A_MONTH = D(730) / HOURS


def recorded(region: str, a_day: int) -> list[Any]:
    return item(
        "USE1-ConfigurationItemRecorded", a_day, str(a_day * D("0.003")), resource=None, service="AWSConfig",
        unit="ConfigurationItemRecorded", region=region, line_item_usage_account_id=ACCOUNT,
    )  # fmt: skip


def listed(region: str, *names: str) -> list[dict[str, Any]]:
    return [
        {"resource_id": n, "resource_type": "AWS::EC2::Volume", "account": ACCOUNT, "region": region}
        for n in names
    ]


def test_once_a_day_pays_above_four_changes_a_day(rows: Rows) -> None:
    home = give(
        rows.make(), "inventory", *listed("us-east-1", "r-1"), *listed("eu-west-1", "r-2"),
        *listed("eu-north-1", *(f"r-{n}" for n in range(10, 20))),
    )  # fmt: skip
    found = rows.look(
        "config_recording",
        recorded("us-east-1", 40), recorded("eu-west-1", 4), recorded("eu-north-1", 30),
        recorded("sa-east-1", 40),
        home=home, least_cost=0,
    )  # fmt: skip
    by_region = {f.region: f for f in found}
    one, bill = by_region["us-east-1"], by_region["sa-east-1"]
    assert set(by_region) == {"us-east-1", "sa-east-1"}  # 4 a day of one, and 30 of ten, do not pay
    assert cents(one.current_cost) == cents(D("3.60") * A_MONTH)
    assert cents(one.saving.expected) == cents((D("3.60") - D("0.36")) * A_MONTH)
    assert (one.tier, one.action, one.confidence) == ("INVENTORY", "modernise", 0.5)
    assert (bill.action, bill.saving.expected) == ("investigate", D(0))  # of how many, is not told
    assert cents(bill.saving.high) == cents((D("3.60") - D("0.36")) * A_MONTH)
    assert "fewer than 10 resources" in bill.reason  # 40 a day x 0.003 / 0.012


def test_what_is_recorded_once_a_day_is_no_finding(rows: Rows) -> None:
    daily = item(
        "USE1-ConfigurationItemRecordedDaily", 100, "1.20", resource=None, service="AWSConfig", unit="Items"
    )
    assert rows.look("config_recording", daily) == []
