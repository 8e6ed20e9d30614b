"""Is what pods and tasks took of nodes kept by day, alike from every report, and let go with the rest?"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.cache.forgetting import forget
from finops_mcp.cache.generation import FORMAT
from finops_mcp.cache.present import Present
from finops_mcp.cache.refresh import Refresher
from finops_mcp.cache.retention import Keeping
from finops_mcp.exports.sample import sample_line_items
from tests.support.containers import ACCOUNT, ECS, EKS, node, pod
from tests.support.homes import LIMITS, TinyHome, charge, total
from tests.support.organisations import Row
from tests.support.renderings import CUR_RENDERINGS

D = Decimal
Make = Callable[[], TinyHome]
PLACES = "orchestrator, cluster_name, namespace, workload_name, node_id, resource_kind"
SUMS = "sum(split_cost), sum(unused_cost), sum(net_split_cost), sum(net_unused_cost)"


def a_cluster() -> list[Row]:
    """Write out two hours of a pod on one day and one on the next, and a task beside it."""
    tags = {"aws_eks_cluster_name": "main", "aws_eks_namespace": "shop", "aws_eks_workload_name": "web"}
    told: dict[str, Any] = {"split_line_item_reserved_usage": "1", "split_line_item_actual_usage": "0.25"}
    net: dict[str, Any] = {
        "split_line_item_net_split_cost": "0.36",
        "split_line_item_net_unused_cost": "0.09",
    }
    return [
        node("i-1", "1.00"),
        pod("main/shop/web-1", "i-1", "0.40", "0.10", tags=tags, **told, **net),
        pod("main/shop/web-1", "i-1", "0.30", "0.20", tags=tags, hour=1, **told),
        # Net columns that say 0 where there is a cost say nothing: gross is net.
        pod(
            "main/shop/web-1", "i-1", "0.05", "0.02", tags=tags, hour=25,
            split_line_item_net_split_cost="0", split_line_item_net_unused_cost="0",
        ),
        pod(f"{ECS}:task/batch/4f5e", "i-2", "0.5", "0", kind="GB", tags={"aws_ecs_service_name": "nightly"}),
    ]  # fmt: skip


@pytest.mark.parametrize("rendering", CUR_RENDERINGS)
def test_every_report_tells_the_same_of_containers_by_day(tiny_home: Make, rendering: str) -> None:
    made = tiny_home()
    made.deliver(a_cluster(), rendering=rendering)
    made.refresh()
    costs = made.costs()
    rows = costs.ask(
        f"select charge_date, {PLACES}, sum(reserved_usage), sum(actual_usage), {SUMS} from container_usage"
        " group by all order by all"
    )
    web = ("EKS", "main", "shop", "web", "i-1", "vCPU")
    assert rows == [
        # 0.40 + 0.30 and 0.10 + 0.20; net 0.36 + 0.30 (none told of the second hour) and 0.09 + 0.20.
        (
            date(2026, 1, 1),
            "ECS",
            "batch",
            None,
            "nightly",
            "i-2",
            "GB",
            None,
            None,
            D("0.5"),
            0,
            D("0.5"),
            0,
        ),
        (date(2026, 1, 1), *web, 2, D("0.5"), D("0.7"), D("0.3"), D("0.66"), D("0.29")),
        (date(2026, 1, 2), *web, None, None, D("0.05"), D("0.02"), D("0.05"), D("0.02")),
    ]
    assert total(costs) == 1, "what containers tell is no charge"


def test_where_no_tag_names_them_the_arn_does(tiny_home: Make) -> None:
    made = tiny_home()
    told = [pod("prod/jobs/import-7", "i-1", "1", "2"), pod(f"{ECS}:task/short", "i-2", "1", "0")]
    made.deliver([node("i-1", "3"), *told])
    made.refresh()
    found = made.costs().ask("select cluster_name, namespace, container_id, region_id from container_usage")
    assert sorted(found, key=str) == [
        ("prod", "jobs", f"{EKS}:pod/prod/jobs/import-7/uid", "us-east-1"),
        (None, None, f"{ECS}:task/short", "us-east-1"),
    ]


def test_only_what_serves_a_month_tells_of_its_containers(tiny_home: Make) -> None:
    made = tiny_home()
    made.deliver(a_cluster(), export="ours")
    made.deliver(a_cluster(), export="theirs", rendering="legacy_parquet", execution="b")
    made.refresh()
    assert made.costs().ask("select sum(split_cost) from container_usage") == [(D("1.25"),)]


def test_the_sample_loses_nothing_of_its_split_rows(tiny_home: Make) -> None:
    made, month = tiny_home(), date(2026, 8, 1)
    rows = [*sample_line_items(month).to_dicts()]
    made.deliver(rows, month)
    made.refresh()
    split = [row for row in rows if row["line_item_operation"] == "EKSPod-EC2"]
    columns = ("split_cost", "unused_cost", "net_split_cost", "net_unused_cost")
    wanted = tuple(sum(row[f"split_line_item_{name}"] for row in split) for name in columns)
    assert made.costs().ask(f"select {SUMS} from container_usage") == [wanted]


def test_containers_outlive_line_items_and_go_with_their_account(tiny_home: Make) -> None:
    made = tiny_home()
    other = charge(line_item_usage_account_id="418273650915", identity_line_item_id="y")
    made.deliver([*a_cluster(), other])
    made.deliver([charge("1", date(2026, 2, 1))], date(2026, 2, 1))
    Refresher(made.home, LIMITS, keeping=Keeping(charges_months=1)).refresh(str(made.bucket))
    assert made.costs().opened.rolled
    assert made.costs().ask("select sum(split_cost) from container_usage") == [(D("1.25"),)]
    forget(made.home, LIMITS, account=ACCOUNT)
    assert made.costs().ask("select count(*) from container_usage") == [(0,)]


def test_a_home_of_the_form_before_is_loaded_anew(tiny_home: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tiny_home()
    made.deliver(a_cluster())
    with monkeypatch.context() as older:
        for place in ("generation", "loads", "unchanged", "present", "opened", "published"):
            older.setattr(f"finops_mcp.cache.{place}.FORMAT", FORMAT - 1)
        made.refresh()
        before = {path.name for path in Present.of(made.home).segments}
    made.refresh()
    assert made.costs().ask("select sum(split_cost) from container_usage") == [(D("1.25"),)]
    assert not before & {path.name for path in Present.of(made.home).segments}
