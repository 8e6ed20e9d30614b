"""A cluster of one's own: nodes that are charged, and the split-cost rows of what runs on them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.support.homes import charge
from tests.support.organisations import Row

MONTH = date(2026, 1, 1)
ACCOUNT = "215530417762"
EKS = f"arn:aws:eks:us-east-1:{ACCOUNT}"
ECS = f"arn:aws:ecs:us-east-1:{ACCOUNT}"


def node(name: str, cost: str | Decimal, *, hour: int = 0, **columns: Any) -> Row:
    """Charge a node for an hour of its own."""
    return _of(name, "BoxUsage:m5.xlarge", hour, cost, **columns)


def pod(
    container: str,
    on: str | None,
    split: str | Decimal,
    unused: str | Decimal,
    *,
    kind: str = "vCPU",
    hour: int = 0,
    month: date = MONTH,
    tags: Mapping[str, str] | None = None,
    **columns: Any,
) -> Row:
    """Tell what a container (`main/shop/web`: cluster, namespace, pod) took of a node in an hour."""
    arn = f"{EKS}:pod/{container}/uid" if not container.startswith("arn:") else container
    orchestrator = "ECS" if ":task/" in arn else "EKS"
    of = {"line_item_operation": "ECSTask-EC2" if orchestrator == "ECS" else "EKSPod-EC2"}
    return _of(
        arn,
        f"USE1-{orchestrator}-EC2-{kind}-Hours",
        hour,
        "0",
        month=month,
        line_item_product_code=f"Amazon{orchestrator}",
        split_line_item_parent_resource_id=on,
        split_line_item_split_cost=str(split),
        split_line_item_unused_cost=str(unused),
        resource_tags=dict(tags or {}),
        **of,
        **columns,
    )


def fargate(container: str, cost: str, **columns: Any) -> Row:
    """Charge a pod (`main/shop/web`) or a task (an ARN) for an hour on Fargate."""
    arn = f"{EKS}:pod/{container}/uid" if not container.startswith("arn:") else container
    meter = "USE1-Fargate-vCPU-Hours:perCPU"
    service = "AmazonEKS" if ":pod/" in arn else "AmazonECS"
    return _of(arn, meter, 0, cost, **{"line_item_product_code": service, **columns})


def control_plane(cluster: str, cost: str) -> Row:
    """Charge a cluster for being there."""
    meter = "USE1-AmazonEKS-Hours:perCluster"
    return _of(f"{EKS}:cluster/{cluster}", meter, 0, cost, line_item_product_code="AmazonEKS")


def _of(
    resource: str, meter: str, hour: int, cost: str | Decimal, month: date = MONTH, **columns: Any
) -> Row:
    start = datetime.combine(month, datetime.min.time()) + timedelta(hours=hour)
    return charge(
        cost,
        month,
        **{
            "identity_line_item_id": f"{resource}-{meter}-{hour}",
            "line_item_resource_id": resource,
            "line_item_usage_type": meter,
            "line_item_usage_start_date": start,
            "line_item_usage_end_date": start + timedelta(hours=1),
            **columns,
        },
    )
