"""22: an instance of an Auto Scaling group at 0.096 an hour; spot costs about 55 % less."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, meter: str = "BoxUsage:m5.large", **tags: str) -> list[Any]:
    return item(meter, 24, "2.304", resource=name, operation="RunInstances", tags={"user_env": "dev", **tags})


def test_an_instance_of_a_group_and_one_that_keeps_nothing(rows: Rows) -> None:
    found = rows.look(
        "spot_candidate",
        instance("i-group", aws_autoscaling_group_name="workers"),
        instance("i-stateless", user_stateless="True"),
        instance("i-stateful", user_stateless="false"),
        instance("i-alone"),
        instance("i-spot", "SpotUsage:m5.large", aws_autoscaling_group_name="workers"),
    )
    assert {f.resource_id for f in found} == {"i-group", "i-stateless"}
    assert {cents(f.saving.expected) for f in found} == {D("38.54")}  # 0.096 x 730 x 55 %
    assert {cents(f.saving.low) for f in found} == {D("19.27")}  # half of the hours
    assert {(f.risk, f.effort, f.confidence) for f in found} == {("high", "High", 0.2)}


def test_one_of_no_group_is_no_finding(rows: Rows) -> None:
    assert rows.look("spot_candidate", instance("i-alone")) == []
