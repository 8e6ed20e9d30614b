"""50: Fargate on arm64 costs a fifth less, on spot about 70 %; of ECS nodes, what is idle above a fifth."""

from decimal import Decimal

from tests.checks.rows import FIRST, HOURS, Rows, cents, item, over_the_month
from tests.support.containers import ECS, pod
from tests.support.organisations import Row

D = Decimal
MONTH = D(HOURS) / 730  # of a month of 730 hours, what falls into June


def tasks(service: str, meter: str, month: str, **more: object) -> list[Row]:
    arn = f"{ECS}:service/shop/{service}"
    return over_the_month(meter, "100", str(D(month) * MONTH), resource=arn, service="AmazonECS", **more)


def on_a_node(name: str, split: str, unused: str) -> list[Row]:
    """Charge a node each day of June what its tasks carry, as `split` and `unused` say of the month."""
    day = [D(part) * MONTH / 30 for part in (split, unused)]
    rows = item("BoxUsage:m5.large", 24, sum(day, D(0)), resource=name)
    for at in range(30):
        told = pod(f"{ECS}:task/shop/{name}", name, day[0], day[1], hour=at * 24, month=FIRST)
        rows.append(told)
    return rows


def test_arm_and_spot_and_what_no_task_takes(rows: Rows) -> None:
    found = rows.look(
        "fargate_tasks",
        # 60.00 of vCPU and 40.00 of memory on x86, in production: 20 % of 100.00.
        tasks("web", "EU-Fargate-vCPU-Hours:perCPU", "60.00", tags={"user_env": "prod"}),
        tasks("web", "EU-Fargate-GB-Hours", "40.00", tags={"user_env": "prod"}),
        # On arm64 already, outside production: 70 % of 50.00 on spot, and nothing for arm64.
        tasks("trial", "EU-Fargate-ARM-vCPU-Hours:perCPU", "50.00"),
        tasks("spotted", "EU-SpotUsage-Fargate-vCPU-Hours:perCPU", "9.00"),
        # 60 of 100 taken: 40.00 idle, 20.00 above the headroom. 85 of 100: 15.00 is within it.
        on_a_node("i-spare", "60", "40"),
        on_a_node("i-full", "85", "15"),
    )
    said = {(f.resource_id or f.scope).rpartition("/")[2]: f for f in found}
    assert sorted(said) == ["i-spare", "trial", "web"]
    assert len(found) == len(said), "one finding each: what is on arm64 already is not told to go there"
    assert {name: cents(f.saving.expected) for name, f in said.items()} == {
        "web": D("20.00"),
        "trial": D("35.00"),
        "i-spare": D("20.00"),
    }
    assert (cents(said["trial"].saving.low), cents(said["trial"].saving.high)) == (D("17.50"), D("35.00"))
    assert (said["i-spare"].saving.low, cents(said["i-spare"].saving.high)) == (D(0), D("40.00"))
    assert [said[name].action for name in ("web", "trial", "i-spare")] == [*["modernise"] * 2, "rightsize"]
    assert [said[name].confidence for name in ("web", "trial", "i-spare")] == [0.6, 0.5, 0.6]
    assert {f.effort for f in found} == {"Medium"}


def test_of_x86_outside_production_one_of_both_counts(rows: Rows) -> None:
    found = rows.look("fargate_tasks", tasks("jobs", "Fargate-vCPU-Hours:perCPU", "10.00"))
    assert [cents(f.saving.expected) for f in found] == [D("2.00"), D("7.00")]
    assert len({f.exclusive_group for f in found}) == 1


def test_pods_on_fargate_are_no_finding(rows: Rows) -> None:
    arn = "arn:aws:eks:us-east-1:1:pod/main/shop/web/uid"
    pods = over_the_month("Fargate-vCPU-Hours:perCPU", "1", "90", resource=arn, service="AmazonEKS")
    assert rows.look("fargate_tasks", pods) == []
