"""20: m5.large at 0.096 an hour, m6g.large at 0.077; 20, 10, 10 and 5 % where no price is known."""

from decimal import Decimal
from typing import Any

from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, meter: str, rate: str, operation: str = "RunInstances", **more: Any) -> list[Any]:
    return item(meter, 24, str(24 * D(rate)), resource=name, operation=operation, **more)


def test_each_is_compared_with_what_is_as_large_on_arm(rows: Rows) -> None:
    rds: dict[str, Any] = {"service": "AmazonRDS"}
    found = rows.look(
        "graviton",
        instance("i-intel", "BoxUsage:m5.large", "0.096"),
        instance("i-arm", "BoxUsage:m6g.large", "0.077"),
        instance("i-newer", "BoxUsage:c6i.large", "0.085"),
        instance("i-amd", "BoxUsage:c5a.large", "0.077"),
        instance("i-windows", "BoxUsage:m5.large", "0.188", "RunInstances:0002"),
        instance("db-pg", "InstanceUsage:db.m5.large", "0.178", "CreateDBInstance:0014", **rds),
        instance("db-oracle", "InstanceUsage:db.m5.large", "0.300", "CreateDBInstance:0020", **rds),
        instance("cache", "NodeUsage:cache.r5.large", "0.216", "CreateCacheCluster:0002",
                 service="AmazonElastiCache"),
    )  # fmt: skip
    assert {f.resource_id: cents(f.saving.expected) for f in found} == {
        "i-intel": D("13.87"),  # (0.096 - 0.077) x 730
        "i-newer": D("12.41"),  # 0.085 x 730 x 20 %
        "i-amd": D("5.62"),  # 0.077 x 730 x 10 %
        "db-pg": D("12.99"),  # 0.178 x 730 x 10 %
        "cache": D("7.88"),  # 0.216 x 730 x 5 %
    }
    intel, newer = (next(f for f in found if f.resource_id == name) for name in ("i-intel", "i-newer"))
    assert intel.saving.low == intel.saving.high
    assert newer.saving.low == newer.saving.expected / 2
    assert (intel.risk, intel.effort, intel.confidence) == ("med", "High", 0.6)


def test_windows_arm_and_other_engines_are_no_findings(rows: Rows) -> None:
    windows = instance("i-windows", "BoxUsage:m5.large", "0.188", "RunInstances:0002")
    assert rows.look("graviton", windows, instance("i-arm", "BoxUsage:m6g.large", "0.077")) == []
