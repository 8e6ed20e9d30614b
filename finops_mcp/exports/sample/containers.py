"""How the cluster's machines are split among pods: rows that cost nothing and explain everything."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from finops_mcp.exports.sample.catalog import Sku
from finops_mcp.exports.sample.columns import MAP
from finops_mcp.exports.sample.machines import NODES, TYPES
from finops_mcp.exports.sample.money import PLACES, PRODUCT_PLACES, amount
from finops_mcp.exports.sample.organisation import ACCOUNTS, SEED, categories_of, unified

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

    def requests(self, kind: str) -> Decimal:
        """Return how much of a node's `vCPU` or `GB` the pod asked for."""
        return self.vcpu if kind == "vCPU" else self.memory

    @property
    def arn(self) -> str:
        """The pod's ARN, which names its cluster, namespace and workload."""
        unique = uuid5(NAMESPACE_URL, f"{SEED}/pod/{self.workload}")
        pod = f"{CLUSTER}/{self.namespace}/{self.workload}/{unique}"
        return f"arn:aws:eks:{NODES.region}:{ACCOUNTS[NODES.account].id}:pod/{pod}"

    @property
    def tags(self) -> dict[str, str]:
        """What AWS itself tags a pod's rows with."""
        return {
            "aws_eks_cluster_name": CLUSTER,
            "aws_eks_namespace": self.namespace,
            "aws_eks_workload_name": self.workload,
            "aws_eks_workload_type": "Deployment",
        }


PODS = (
    Pod("storefront", "gateway", Decimal(3), Decimal(8)),
    Pod("platform", "ingress", Decimal(2), Decimal(12)),
)
SKUS = tuple(
    Sku("AmazonEKS", f"USE1-EKS-EC2-{kind}-Hours", "EKSPod-EC2", f"{kind}-Hours", "0", "Compute", "us-east-1",
        f"{kind} hours of a pod on EC2")
    for kind in ("vCPU", "GB")
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
        .rename({"line_item_resource_id": "split_line_item_parent_resource_id"})
        .group_by(
            "split_line_item_parent_resource_id",
            "line_item_usage_start_date",
            "line_item_usage_end_date",
            maintain_order=True,
        )
        .agg(cost=amortized.sum(), public=pl.col("pricing_public_on_demand_cost").sum())
    )


def charges(compute: pl.DataFrame) -> pl.DataFrame:
    """Return the split-cost rows for a month's compute: two for each pod and node-hour.

    A node's rows add up to what the node cost, to the last place: the last row's unused cost takes what
    rounding the shares leaves over.
    """
    vcpu, memory, _, _ = TYPES[NODES.type]
    capacity = {"vCPU": Decimal(vcpu), "GB": Decimal(memory)}
    weights = {"vCPU": Decimal(CPU_WEIGHT), "GB": Decimal(1)}
    whole = sum(capacity[kind] * weights[kind] for kind in capacity)
    nodes = node_hours(compute)
    parts = []
    for kind, sku in zip(capacity, SKUS, strict=True):
        taken = sum(pod.requests(kind) for pod in PODS)
        for pod in PODS:
            requested = pod.requests(kind)
            split = requested * weights[kind] / whole
            unused = (capacity[kind] - taken) * weights[kind] / whole * requested / taken
            parts.append(
                nodes.with_columns(
                    sku=pl.lit(sku.key),
                    last=pl.lit(value=pod is PODS[-1] and sku is SKUS[-1]),
                    line_item_resource_id=pl.lit(pod.arn),
                    resource_tags=pl.lit(pod.tags, MAP),
                    tags=pl.lit(unified(pod.tags, categories_of(ACCOUNTS[NODES.account].id)), MAP),
                    split_line_item_reserved_usage=amount(requested),
                    split_line_item_actual_usage=amount(requested * Decimal("0.6")),
                    split_line_item_split_usage=amount(requested),
                    split_line_item_split_usage_ratio=amount(_rounded(requested / capacity[kind])),
                    split_line_item_split_cost=(pl.col("cost") * amount(_rounded(split))).round(
                        PRODUCT_PLACES
                    ),
                    split_line_item_unused_cost=(pl.col("cost") * amount(_rounded(unused))).round(
                        PRODUCT_PLACES
                    ),
                    split_line_item_public_on_demand_split_cost=pl.col("public") * amount(_rounded(split)),
                    split_line_item_public_on_demand_unused_cost=pl.col("public") * amount(_rounded(unused)),
                )
            )
    rows = pl.concat(parts)
    given = pl.col("split_line_item_split_cost") + pl.col("split_line_item_unused_cost")
    left = pl.col("cost") - given.sum().over(
        "split_line_item_parent_resource_id", "line_item_usage_start_date"
    )
    spare = pl.col("split_line_item_unused_cost")
    return rows.with_columns(
        split_line_item_unused_cost=pl.when("last").then(spare + left).otherwise(spare),
        line_item_line_item_type=pl.lit("Usage"),
        line_item_usage_account_id=pl.lit(ACCOUNTS[NODES.account].id),
        line_item_usage_amount="split_line_item_split_usage",
        line_item_unblended_cost=amount(0),
        pricing_public_on_demand_cost=amount(0),
        pricing_term=pl.lit("OnDemand"),
    ).drop("cost", "public", "last")


def _rounded(share: Decimal) -> Decimal:
    return share.quantize(Decimal(1).scaleb(-PLACES))
