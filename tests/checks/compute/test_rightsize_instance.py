"""24: need = p99.5 / (1 - 0.20), of CPU and memory; each size down is half of both at half the price."""

from decimal import Decimal
from typing import Any

from tests.checks.given import give, metric
from tests.checks.rows import Rows, cents, item

D = Decimal


def instance(name: str, kind: str = "m5.2xlarge") -> list[Any]:
    return item(f"BoxUsage:{kind}", 24, "9.216", resource=name, operation="RunInstances")  # 0.384 an hour


def test_the_smallest_size_that_leaves_a_fifth(rows: Rows) -> None:
    home = give(
        rows.make(),
        "metrics",
        *(
            metric(f"i-{cpu}-{mem}", "CPUUtilization", "p99_5", cpu)
            for cpu, mem in ((19, 20), (19, 21), (19, 41))
        ),
        *(metric(f"i-19-{mem}", "mem_used_percent", "p99_5", mem) for mem in (20, 21, 41)),
        metric("i-unknown", "CPUUtilization", "p99_5", 10),
        metric("i-least", "CPUUtilization", "p99_5", 1),
    )
    names = ("i-19-20", "i-19-21", "i-19-41", "i-unknown", "i-untold")
    look = [*map(instance, names), instance("i-least", "m5.large")]
    found = {f.resource_id: f for f in rows.look("rightsize_instance", *look, home=home)}
    assert {name: (f.evidence["becomes"], cents(f.saving.expected)) for name, f in found.items()} == {
        "i-19-20": ("m5.large", D("210.24")),  # 20 / 0.8 = 25 %: a quarter; 0.384 x 730 x 3/4
        "i-19-21": ("m5.xlarge", D("140.16")),  # 26.25 %: a half
        "i-unknown": ("m5.xlarge", D("140.16")),  # 12.5 % of CPU, but memory is not told
    }  # 41 / 0.8 = 51.25 % is no half; below m5.large there is none
    assert cents(found["i-19-20"].saving.low) == D("140.16")
    assert (found["i-19-20"].confidence, found["i-unknown"].confidence) == (0.7, 0.6)
    assert {f.risk for f in found.values()} == {"med"}


def test_a_busy_one_is_no_finding(rows: Rows) -> None:
    home = give(rows.make(), "metrics", metric("i-1", "CPUUtilization", "p99_5", 41))
    assert rows.look("rightsize_instance", instance("i-1"), home=home) == []


def advice(name: str, **told: Any) -> dict[str, Any]:
    return {
        "resource_id": name, "resource_type": "Ec2Instance", "finding": "OVER_PROVISIONED",
        "recommended_configuration": "m5.xlarge", "monthly_saving": D(140), "currency": "USD", **told,
    }  # fmt: skip


def test_where_no_metrics_tell_compute_optimizer_does(rows: Rows) -> None:
    home = give(
        rows.make(),
        "optimizer",
        advice("i-before"),
        advice("i-after", finding="Overprovisioned", monthly_saving_after_discounts=D(100)),
        advice("i-more", monthly_saving=D(900)),
        advice("i-busy"),
        advice("i-fits", finding="Optimized"),
        advice("i-euros", currency="EUR"),
        advice("asg", resource_type="Ec2AutoScalingGroup"),
    )
    give(home, "metrics", metric("i-busy", "CPUUtilization", "p99_5", 90))
    names = ("i-before", "i-after", "i-more", "i-busy", "i-fits", "i-euros", "asg")
    looked = rows.look("rightsize_instance", *map(instance, names), home=home)
    found = {f.resource_id: (f.saving.low, f.saving.expected) for f in looked}
    assert {name: (cents(low), cents(expected)) for name, (low, expected) in found.items()} == {
        "i-before": (D(0), D(140)),  # before discounts: at most that
        "i-after": (D(100), D(100)),
        "i-more": (D(0), D("280.32")),  # never more than it costs: 0.384 x 730
    }
    assert {(f.tier, f.evidence["becomes"]) for f in looked} == {("CO", "m5.xlarge")}
