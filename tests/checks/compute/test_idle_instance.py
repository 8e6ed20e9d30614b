"""25: below 5 % of CPU and 5 MB a day for 14 days, all that it costs to run."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.checks.given import END, give, metric
from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str) -> list[Any]:
    return item("BoxUsage:m5.large", 24, "2.304", resource=name, operation="RunInstances")


def test_an_idle_instance_costs_what_it_runs(rows: Rows) -> None:
    late = END - timedelta(days=13)
    home = give(
        rows.make(),
        "metrics",
        metric("i-idle", "CPUUtilization", "max", 3),
        metric("i-idle", "NetworkIn", "sum", 30 * 4e6),  # 4 MB a day
        metric("i-dark", "CPUUtilization", "max", 3),
        metric("i-talks", "CPUUtilization", "max", 3),
        metric("i-talks", "NetworkOut", "sum", 30 * 6e6),
        metric("i-busy", "CPUUtilization", "max", 90),
        metric("i-new", "CPUUtilization", "max", 3, late),
    )
    names = ("i-idle", "i-dark", "i-talks", "i-busy", "i-new", "i-untold")
    found = {f.resource_id: f for f in rows.look("idle_instance", *map(instance, names), home=home)}
    assert set(found) == {"i-idle", "i-dark"}
    assert cents(found["i-idle"].saving.low) == cents(found["i-idle"].saving.expected) == D("70.08")
    assert found["i-dark"].saving.low == 0  # its network is not told
    assert (found["i-idle"].confidence, found["i-dark"].confidence) == (0.8, 0.7)
    assert found["i-idle"].tier == "METRICS"


def test_a_busy_one_is_no_finding(rows: Rows) -> None:
    home = give(rows.make(), "metrics", metric("i-busy", "CPUUtilization", "max", 90))
    assert rows.look("idle_instance", instance("i-busy"), home=home) == []


def test_where_no_metrics_tell_compute_optimizer_does(rows: Rows) -> None:
    told = {"resource_type": "EC2Instance", "finding": "Idle", "monthly_saving": D(9), "lookback_days": 14}
    names = ("i-idle", "i-busy", "i-small")
    home = give(
        rows.make(),
        "optimizer",
        *({**told, "resource_id": name} for name in names[:2]),
        {**told, "resource_id": "i-small", "finding": "Overprovisioned"},
    )
    give(home, "metrics", metric("i-busy", "CPUUtilization", "max", 90))
    (found,) = rows.look("idle_instance", *map(instance, names), home=home)
    assert (found.resource_id, found.tier) == ("i-idle", "CO")
    assert cents(found.saving.low) == cents(found.saving.expected) == D("70.08")  # 0.096 x 730
    assert found.reason.startswith("Compute Optimizer calls it idle over 14 days;")
