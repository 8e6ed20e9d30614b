"""56: AutoStop is 26.00 and 0.99 an hour, AlwaysOn 124.00: they cost the same at 98.99 hours."""

from decimal import Decimal
from typing import Any

import pytest

from tests.checks.given import give, metric
from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal
ARN = "arn:aws:workspaces:us-east-1:111111111111:workspace/"
A_MONTH = D(730) / HOURS
"""Hours of a WorkSpace are those of 720; its fee is a month's whatever its length."""


def always_on(name: str, bundle: str = "AW-HW-8", cost: str = "124.00") -> list[Any]:
    return over_the_month(
        f"USE1-{bundle}", "1", cost, resource=ARN + name, service="AmazonWorkSpaces", unit="Month"
    )


def auto_stop(
    name: str, hours: str, bundle: str = "AW-HW-8", fee: str = "26.00", rate: str = "0.99"
) -> list[Any]:
    how = {"resource": ARN + name, "service": "AmazonWorkSpaces"}
    return [
        *over_the_month(f"USE1-{bundle}-AutoStop-User", "1", fee, unit="Month", **how),
        *over_the_month(f"USE1-{bundle}-AutoStop-Usage", hours, str(D(rate) * D(hours)), unit="Hour", **how),
    ]


@pytest.fixture(scope="module")
def found(rows: Rows) -> dict[str, Any]:
    told = {"ws-seldom": 0.05, "ws-daily": 0.3, "ws-other": 0.05}  # of all hours
    home = give(
        rows.make(), "metrics", *(metric(n, "UserConnected", "avg", share) for n, share in told.items())
    )
    findings = rows.look(
        "workspace_mode",
        auto_stop("ws-long", "150"), auto_stop("ws-short", "40"),
        auto_stop("ws-graphics", "160", "AW-HW-9", "20.00", "2.00"),
        always_on("ws-seldom"), always_on("ws-daily"), always_on("ws-untold"),
        always_on("ws-other", "AW-HW-3", "80.00"),
        home=home,
    )  # fmt: skip
    return {(f.resource_id or "").rpartition("/")[2]: f for f in findings}


def test_which_are_found(found: dict[str, Any]) -> None:
    assert set(found) == {"ws-long", "ws-graphics", "ws-seldom", "ws-other"}
    assert "ws-short" not in found
    assert "ws-untold" not in found


def test_many_hours_are_cheaper_always_on(found: dict[str, Any]) -> None:
    # 150 h in 720 are 152.08 in 730: 26 + 152.08 x 0.99 - 124
    assert cents(found["ws-long"].saving.expected) == cents(26 + 150 * A_MONTH * D("0.99") - 124)
    assert (found["ws-long"].tier, found["ws-long"].confidence) == ("CUR", 0.8)


def test_hours_above_eighty_stand_in_for_a_price_that_is_not_known(found: dict[str, Any]) -> None:
    one = found["ws-graphics"]  # (162.22 - 80) hours x 2.00
    assert cents(one.saving.expected) == cents((160 * A_MONTH - 80) * 2)
    assert (one.saving.low, one.rate_source) == (D(0), "a break-even of 80 hours")


def test_few_hours_are_cheaper_with_auto_stop(found: dict[str, Any]) -> None:
    one = found["ws-seldom"]  # 5 % of 730 h = 36.5 h: 124 - (26 + 36.5 x 0.99) = 61.87
    assert cents(one.saving.expected) == cents(124 - (26 + D("36.5") * D("0.99"))) == D("61.86")
    assert one.tier == "METRICS"


def test_what_the_other_mode_may_save_at_most_where_its_price_is_not_known(found: dict[str, Any]) -> None:
    one = found["ws-other"]  # 80 x (1 - 36.5 / 80) = 43.50
    assert (one.action, one.saving.expected, cents(one.saving.high)) == ("investigate", D(0), D("43.50"))


def test_one_that_is_always_on_and_not_told_of_is_no_finding(rows: Rows) -> None:
    assert rows.look("workspace_mode", always_on("ws-untold"), auto_stop("ws-short", "40")) == []
