"""43: custom metrics and metrics asked for, to be looked into: at most all of it."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import HOURS, Rows, cents, over_the_month

D = Decimal


def metrics(region: str, meter: str, quantity: str, cost: str) -> list[Any]:
    return over_the_month(
        meter, quantity, cost, resource=None, service="AmazonCloudWatch", unit="Metrics", region=region
    )


def test_metrics_are_an_upper_bound(rows: Rows) -> None:
    found = rows.look(
        "custom_metrics",
        metrics("us-east-1", "USE1-CW:MetricMonitorUsage", "1000", "300.00"),
        metrics("us-east-1", "USE1-CW:GMD-Metrics", "2000000", "20.00"),
        metrics("eu-west-1", "EU-CW:MetricMonitorUsage", "20", "6.00"),  # too little to look for
        metrics("us-east-1", "USE1-CW:AlarmMonitorUsage", "1000", "100.00"),
    )
    assert {cents(f.saving.high) for f in found} == {cents(D(c) * 730 / HOURS) for c in ("300", "20")}
    assert {(f.action, f.saving.low, f.saving.expected) for f in found} == {("investigate", D(0), D(0))}
    assert sum("GetMetricData" in f.reason for f in found) == 1
    assert not any("eu-west-1" in f.scope for f in found)
    assert "eu-west-1" not in {f.region for f in found}
