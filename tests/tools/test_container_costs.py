"""What do clusters cost, each node once: by its containers, idle included, and what is left of it?"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.errors import SplitCostsNotInExport, UnknownValue
from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.containers import ACCOUNT, ECS, control_plane, fargate, node, pod
from tests.support.homes import TinyHome
from tests.tools.tiny import asked, column, focus_charge, focus_home, toolbox_at

D = Decimal
Make = Callable[[], TinyHome]
MEASURES = ("used_cost", "idle_cost", "residual_cost", "fargate_cost", "other_cost", "cost")
WEB = {"aws_eks_workload_name": "web"}


@pytest.fixture(scope="module")
def made(tiny_home: Make) -> Toolbox:
    """Two nodes of main, with traffic of one; one of an ECS cluster; Fargate, a control plane, a volume."""
    home = tiny_home()
    home.deliver(
        [
            node("i-1", "1.00"),
            node("i-1", "0.25", line_item_usage_type="DataTransfer-Out-Bytes", identity_line_item_id="dto"),
            pod("main/shop/web-1", "i-1", "0.40", "0.10", tags=WEB),
            pod("main/shop/web-1", "i-1", "0.20", "0.10", tags=WEB, kind="GB"),
            pod("main/jobs/import", "i-1", "0.10", "0.05"),
            node("i-2", "2.00", hour=3),
            pod("main/shop/web-2", "i-2", "0.50", "1.50", tags=WEB, hour=3),
            node("i-3", "4.00"),
            pod(f"{ECS}:task/batch/4f5e", "i-3", "1", "2", tags={"aws_ecs_service_name": "nightly"}),
            fargate("main/jobs/burst", "0.75", resource_tags={"aws_eks_workload_name": "burster"}),
            fargate(f"{ECS}:task/batch/77aa", "0.50", resource_tags={"aws_ecs_service_name": "daily"}),
            control_plane("main", "0.10"),
            node("vol-1", "0.30", line_item_usage_type="EBS:VolumeUsage.gp3",
                 resource_tags={"aws_eks_cluster_name": "main"}),
            node("i-9", "7.00", hour=50),  # no node of any cluster
        ]
    )  # fmt: skip
    home.refresh()
    return toolbox_at(home.home.path)


def rows(answer: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    """Give rows by their places and amounts."""
    return list(zip(*(column(answer, name) for name in (*names, *MEASURES)), strict=True))


def test_namespaces_stand_in_for_nodes_with_what_is_left_beside_them(made: Toolbox) -> None:
    answer = asked(made, "container_costs")
    assert rows(answer, "cluster_name", "namespace") == [
        # i-3 was charged 4.00, of which its task tells 3.00; a task beside it on Fargate.
        ("batch", None, "1.00", "2.00", "1.00", "0.50", "0.00", "4.50"),
        # 0.40 + 0.20 + 0.50 taken; 0.10 + 0.10 + 1.50 idle.
        ("main", "shop", "1.10", "1.70", "0.00", "0.00", "0.00", "2.80"),
        ("main", "jobs", "0.10", "0.05", "0.00", "0.75", "0.00", "0.90"),
        # i-1: 1.25 charged - 0.95 told. i-2: 2.00 - 2.00. 0.10 for the control plane, 0.30 for the volume.
        ("main", None, "0.00", "0.00", "0.30", "0.00", "0.40", "0.70"),
    ]
    assert answer["totals"] == {
        "nodes_cost": "7.25", "used_cost": "2.20", "idle_cost": "3.75", "residual_cost": "1.30",
        "fargate_cost": "1.25", "other_cost": "0.40", "cost": "8.90", "idle_share": 0.630252,
    }  # fmt: skip
    assert column(answer, "idle_share") == [0.666667, 0.607143, 0.333333, None]
    assert set(column(answer, "sub_account_id")) == {ACCOUNT}
    assert answer["summary"] == (
        "2026-01: nodes 7.25 USD, 63.0% of what containers carry of them idle; 1.65 USD on Fargate and for"
        " clusters besides; the largest namespace is shop of main with 2.80."
    )


def test_the_total_is_the_same_however_it_is_told_apart(made: Toolbox) -> None:
    answers = {
        by: asked(made, "container_costs", by=by)
        for by in ("cluster", "namespace", "workload", "container", "node")
    }
    assert len({str(answer["totals"]) for answer in answers.values()}) == 1
    assert all(sum(map(D, column(answer, "cost"))) == D("8.90") for answer in answers.values())
    workloads = {(r[0], r[1]): r[-1] for r in rows(answers["workload"], "cluster_name", "workload_name")}
    assert workloads["batch", "daily"] == "0.50"
    assert workloads["main", "burster"] == "0.75"
    nodes = {row[0]: row[1:] for row in rows(answers["node"], "node_id")}
    assert nodes["i-1"] == ("0.70", "0.25", "0.30", "0.00", "0.00", "1.25")
    assert nodes["i-2"] == ("0.50", "1.50", "0.00", "0.00", "0.00", "2.00")
    assert "i-9" not in nodes


def test_one_cluster_and_one_namespace_of_it_can_be_asked_for(made: Toolbox) -> None:
    answer = asked(made, "container_costs", cluster="main")
    assert (answer["totals"]["nodes_cost"], answer["totals"]["cost"]) == ("3.25", "4.40")
    shop = asked(made, "container_costs", cluster="main", namespace="shop", by="workload")
    assert rows(shop, "workload_name") == [("web", "1.10", "1.70", "0.00", "0.00", "0.00", "2.80")]
    assert any("what is left on nodes" in said for said in shop["caveats"])
    with pytest.raises(UnknownValue, match=r"cluster_name = 'mian'.*Did you mean main"):
        asked(made, "container_costs", cluster="mian")


def test_days_are_told_as_months_are(made: Toolbox) -> None:
    answer = asked(made, "container_costs", start="2026-01-01", end="2026-01-02")
    assert answer["totals"] == asked(made, "container_costs")["totals"]
    later = asked(made, "container_costs", start="2026-01-02", end="2026-01-04")
    assert (later["rows"], later["totals"]["nodes_cost"]) == ([], "0.00")


def test_an_export_without_split_costs_is_refused_by_name(tiny_home: Make, tmp_path: Path) -> None:
    focus = focus_home(tmp_path, [focus_charge("1")]).toolbox
    with pytest.raises(SplitCostsNotInExport, match=r"\(FOCUS 1.0\).*INCLUDE_SPLIT_COST_ALLOCATION_DATA"):
        asked(focus, "container_costs")
    plain = tiny_home()
    plain.deliver([node("i-1", "1.00")])
    plain.refresh()
    with pytest.raises(SplitCostsNotInExport, match=r"\(CUR 2.0\)"):
        asked(toolbox_at(plain.home.path), "container_costs")


def test_nodes_whose_charges_are_elsewhere_are_named(tiny_home: Make) -> None:
    home = tiny_home()
    home.deliver([node("i-1", "1.00"), pod("main/a/b", "i-1", "1", "0.5"), pod("main/a/c", "i-2", "2", "1")])
    home.refresh()
    answer = asked(toolbox_at(home.home.path), "container_costs", by="cluster")
    # 3.00 of i-2, which nobody was charged for; of i-1 containers tell 1.50 where 1.00 was charged.
    assert (answer["totals"]["nodes_cost"], answer["totals"]["residual_cost"]) == ("4.00", "-0.50")
    said = " ".join(answer["caveats"])
    assert "1 node(s), such as i-2, have no charges of their own here" in said
    assert "1 node(s), such as i-1, have containers that tell more than they were charged" in said


def test_the_sample_nodes_cost_what_their_pods_carry(sample: Toolbox) -> None:
    answer = asked(sample, "container_costs", month="2026-09")
    # 110.16 + 123.266016 of the two nodes, to the last digit; 64.80 = 720 h x 0.10, less a tenth.
    assert answer["totals"]["nodes_cost"] == "233.426016"
    assert (answer["totals"]["residual_cost"], answer["totals"]["other_cost"]) == ("0.00", "64.80")
    assert "prices" not in answer
    # 8 vCPU and 32 GB for 720 h: a GB-hour costs 110.16 / (23,040 + 9 x 5,760), a vCPU-hour nine times that.
    nodes = asked(sample, "container_costs", month="2026-09", by="node")
    told = {(row[0], row[2]): row[3:] for row in nodes["prices"]["rows"]}
    cheaper = "i-06210ec25ab9bb25b"
    assert told[cheaper, "GB"] == ["23040.00", "14400.00", "0.001471154", "0.001471154"]
    assert told[cheaper, "vCPU"] == ["5760.00", "3600.00", "0.013240385", "0.013240385"]
