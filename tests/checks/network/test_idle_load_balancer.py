"""10: a load balancer's hours at 0.0225 with less than an LCU-hour."""

from decimal import Decimal

from tests.checks.rows import HOURS, Rows, item

D = Decimal


def balancer(name: str, hours: int = 24, **how: object) -> list[dict[str, object]]:
    given = {"resource": name, "service": "AWSELB", "operation": "LoadBalancing:Application", **how}
    return item("EU-LoadBalancerUsage", hours, str(hours * D("0.0225")), **given)  # type: ignore[arg-type]


def lcu(name: str, a_day: str) -> list[dict[str, object]]:
    return item("EU-LCUUsage", a_day, D(a_day) * D("0.008"), resource=name, service="AWSELB", unit="LCU-Hrs")


def test_what_balances_nothing_is_all_saved_and_the_rest_is_no_finding(rows: Rows) -> None:
    classic_bytes = item(
        "EU-DataProcessing-Bytes", 1, "0.008", resource="classic", service="AWSELB", unit="GB"
    )
    store = item("EU-TS-LoadBalancerUsage", 24, "0.13", resource="trust-store", service="AWSELB")
    found = rows.look(
        "idle_load_balancer",
        balancer("no-row-of-lcu"),
        balancer("a-trickle") + lcu("a-trickle", "0.01"),  # 0.3 LCU-hours in all
        balancer("in-use") + lcu("in-use", "0.1"),  # 3 LCU-hours
        balancer("classic") + classic_bytes,  # 30 GB
        balancer("young", days=range(16, 30)),  # 336 h, not more
        store,
    )
    assert [f.resource_id for f in found] == ["a-trickle", "no-row-of-lcu"]
    trickle, none = found
    assert D(none.evidence["cost"]) == D("16.20")  # 720 h x 0.0225
    assert none.saving.expected == none.saving.low == D("16.20") * 730 / HOURS
    assert D(trickle.evidence["cost"]) == D("16.2024")  # and 0.3 x 0.008
    assert (none.risk, none.confidence, none.action) == ("med", 0.8, "delete")


def test_without_a_balancer_nothing_is_found(rows: Rows) -> None:
    assert rows.look("idle_load_balancer", lcu("in-use", "0.1")) == []
