"""How the cluster's machines are split among pods: rows that cost nothing and explain everything."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.machines import NODES, TYPES
from finops_mcp.exports.sample.money import amount
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import ACCOUNTS

CLUSTER = "main"
# AWS weighs a vCPU nine times a GB when it splits a machine without accelerators.
CPU_WEIGHT = 9


@dataclass(frozen=True)
class Pod:
    """One workload's share of every node, as requested."""

    namespace: str
    workload: str
    vcpu: Decimal
    memory: Decimal


PODS = (
    Pod("storefront", "gateway", Decimal(3), Decimal(8)),
    Pod("platform", "ingress", Decimal(2), Decimal(12)),
)
KINDS = {"vCPU": "vcpu", "GB": "memory"}
SKUS = tuple(
    Sku("AmazonEKS", f"USE1-EKS-EC2-{kind}-Hours", "EKSPod-EC2", f"{kind}-Hours", "0", "Compute", "us-east-1",
        f"{kind} hours of a pod on EC2")
    for kind in KINDS
)  # fmt: skip


def node_hours(compute: pl.DataFrame) -> pl.DataFrame:
    """Return what each node cost in each hour, amortized and at the public price."""
    nodes = [NODES.resource(rank) for rank in range(NODES.count)]
    kind = pl.col("line_item_line_item_type")
    amortized = pl.coalesce(
        pl.when(kind == "DiscountedUsage").then("reservation_effective_cost"),
        pl.when(kind == "SavingsPlanCoveredUsage").then("savings_plan_savings_plan_effective_cost"),
        pl.when(kind == "Usage").then("line_item_unblended_cost"),
    )
    return (
        compute.filter(pl.col("line_item_resource_id").is_in(nodes), kind != "SavingsPlanNegation")
        .group_by(
            "line_item_resource_id",
            "line_item_usage_start_date",
            "line_item_usage_end_date",
            maintain_order=True,
        )
        .agg(cost=amortized.sum(), public=pl.col("pricing_public_on_demand_cost").sum())
    )


def charges(month: Month, compute: pl.DataFrame) -> pl.DataFrame:
    """Return the split-cost rows of the month: two for each pod and node-hour."""
    nodes = node_hours(compute)
    vcpu, memory, _, _ = TYPES[NODES.type]
    capacity = {"vCPU": Decimal(vcpu), "GB": Decimal(memory)}
    weights = {"vCPU": Decimal(CPU_WEIGHT), "GB": Decimal(1)}
    whole = sum(capacity[kind] * weights[kind] for kind in KINDS)
    parts = []
    for kind, column in KINDS.items():
        requested = {pod: Decimal(getattr(pod, column)) for pod in PODS}
        taken = sum(requested.values())
        for pod in PODS:
            split = _share(requested[pod] * weights[kind] / whole)
            unused = _share((capacity[kind] - taken) * weights[kind] / whole * requested[pod] / taken)
            parts.append(_pod_rows(nodes, pod, kind, requested[pod], capacity[kind], split, unused))
    rows = pl.concat(parts)
    return rows.with_columns(
        _remainder(rows, nodes, "split_line_item_split_cost", "split_line_item_unused_cost", "cost"),
    ) if month.index < 0 else _settle(rows, nodes)
