"""29: 0.10 for each vCPU and hour in the first two years, the standby's included; twice that in the third."""

from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.analytics.savings.finding import Finding
from finops_mcp.savings.check import Checks
from finops_mcp.savings.findings import findings_of
from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


@pytest.fixture(scope="module")
def found(rows: Rows) -> dict[str | None, Finding]:
    def support(resource: str, meter: str, hours: str, cost: str) -> list[dict[str, object]]:
        return over_the_month(meter, hours, cost, resource=resource, service="AmazonRDS", unit="vCPU-Hours")

    looked = rows.look(
        "rds_extended_support",
        # 4 vCPU x 2 zones x 744 h = 5,952 vCPU-hours x 0.10
        support("multi-az", "ExtendedSupport:Yr1-Yr2:PostgreSQL12", "5952", "595.20"),
        support("third-year", "EU-ExtendedSupport:Yr3:MySQL5.7", "1440", "288.00"),
        support("aurora", "ExtendedSupport:Yr1-Yr2:AuroraMySQL2", "1440", "144.00"),
        support("unheard-of", "ExtendedSupport:Yr1-Yr2:PostgreSQL99", "1440", "144.00"),
        support("plain", "InstanceUsage:db.r6g.large", "720", "180.00"),
    )
    return {one.resource_id: one for one in looked}


def test_all_of_the_charge_is_saved(found: dict[str | None, Finding]) -> None:
    one = found["multi-az"]
    assert D(one.evidence["cost"]) == D("595.20")
    assert cents(one.saving.expected) == cents(D("595.20") * 730 / HOURS)  # 603.47
    assert one.saving.low == one.saving.high == one.saving.expected
    assert (one.risk, one.effort, one.confidence) == ("med", "High", 0.95)


def test_the_third_year_is_told_as_a_day_and_an_amount(found: dict[str | None, Finding]) -> None:
    one = found["multi-az"]
    assert one.evidence["steps_up_on"] == "2027-03-01"  # two years after 2025-03-01
    assert cents(D(one.evidence["monthly_cost_then"])) == D("1206.93")  # 2 x 595.20 x 730 / 720
    assert "From 2027-03-01 on (recall: AWS's calendar" in one.reason
    assert "it is 1,206.93 a month" in one.reason


def test_what_is_in_its_third_year_or_has_none_steps_up_no_more(found: dict[str | None, Finding]) -> None:
    assert "steps_up_on" not in found["third-year"].evidence
    assert "steps_up_on" not in found["aurora"].evidence


def test_an_engine_without_a_known_day_is_not_given_one(found: dict[str | None, Finding]) -> None:
    assert found["unheard-of"].evidence["steps_up_on"] == "not known here"
    assert cents(D(found["unheard-of"].evidence["steps_up_by"])) == D("146.00")  # 144 x 730 / 720 again


def test_the_instance_itself_is_no_finding(found: dict[str | None, Finding]) -> None:
    assert "plain" not in found


def test_it_counts_beside_what_the_machine_saves(rows: Rows) -> None:
    of: dict[str, Any] = {"resource": "db", "service": "AmazonRDS", "operation": "CreateDBInstance:0002"}
    told = findings_of(
        rows.costs(
            over_the_month("ExtendedSupport:Yr1-Yr2:MySQL5.7", "1440", "144.00", unit="vCPU-Hours", **of),
            over_the_month("InstanceUsage:db.m4.large", "720", "126.00", **of),
        ),
        Checks(),
    )
    counting = {one.finding.check: one.finding for one in told.all if one.counts}
    assert cents(counting.pop(29).saving.expected) == cents(D(144) * 730 / HOURS)
    (machine,) = counting.values()  # the previous generation, or its successor of ARM: one of them
    assert machine.exclusive_group == "db"
    assert machine.current_cost == D(126) * 730 / HOURS
