"""51: of a node of EKS, what pods leave idle above a fifth of it."""

from decimal import Decimal

from finops_mcp.savings.inputs import Inputs
from tests.checks.rows import CHECKS, FIRST, HOURS, Rows, cents, item
from tests.support.containers import ECS, pod
from tests.support.organisations import Row

D = Decimal
MONTH = D(HOURS) / 730  # of a month of 730 hours, what falls into June


def a_node(
    name: str, split: str, unused: str, *, beside: str = "0", container: str = "main/shop/web"
) -> list[Row]:
    """Charge a node each day of June what its pods carry, as told of the month, and traffic beside it."""
    day = [D(part) * MONTH / 30 for part in (split, unused, beside)]
    rows = item("BoxUsage:m5.large", 24, day[0] + day[1], resource=name)
    rows += item("DataTransfer-Out-Bytes", 1, day[2], resource=name, unit="GB") if day[2] else []
    return rows + [pod(container, name, day[0], day[1], hour=at * 24, month=FIRST) for at in range(30)]


def test_what_is_idle_above_the_headroom_could_go(rows: Rows) -> None:
    found = rows.look(
        "idle_node_capacity",
        # 30 of 100 taken: 70.00 idle, of which 20.00 is headroom. The 11.00 of traffic is no part of it.
        a_node("i-spare", "30", "70", beside="11"),
        a_node("i-full", "85", "15"),
        a_node("i-task", "10", "90", container=f"{ECS}:task/batch/1"),
    )
    (one,) = found
    assert (one.resource_id, cents(one.current_cost)) == ("i-spare", D("111.00"))
    assert [cents(s) for s in (one.saving.low, one.saving.expected, one.saving.high)] == [0, D(50), D(70)]
    assert one.reason.startswith("Pods of main take 30% of the node: 70.00 of 100.00 a month")
    assert (one.risk, one.effort, one.confidence, one.action) == ("med", "Medium", 0.7, "rightsize")


def test_a_node_within_its_headroom_is_no_finding(rows: Rows) -> None:
    assert rows.look("idle_node_capacity", a_node("i-full", "80", "20")) == []


def test_without_split_costs_it_is_said_what_to_give(rows: Rows) -> None:
    costs = rows.costs(item("BoxUsage:m5.large", 24, "1", resource="i-1"))
    lacking = Inputs(costs).lacking(CHECKS["idle_node_capacity"].mark.needs)
    assert lacking == "split cost allocation data in the cost export (INCLUDE_SPLIT_COST_ALLOCATION_DATA)"
