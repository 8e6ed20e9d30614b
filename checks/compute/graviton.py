"""Which instances would cost less on Graviton?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import LINUX, Finding, Used, beside, check, is_of_amd, moved, successor

SQL = beside(__file__)


@check(
    "Which instances would cost less on Graviton?",
    number=20,
    kind=("modernise", "migration"),
    action="modernise",
    risk="med",
    effort="High",
    confidence=0.6,
    needs="resource_ids",
)
def graviton(
    used: Used,
    *,
    of_intel: float = 0.20,
    of_amd: float = 0.10,
    of_databases: float = 0.10,
    of_caches: float = 0.05,
) -> Iterator[Finding]:
    """Compare with the arm family of as many vCPU and as much memory, for as many hours.

    Where its price is known all three amounts are the difference; else expected and most are AWS's planning
    values (20 % from Intel and 10 % from AMD on EC2, 10 % on RDS, 5 % on ElastiCache and OpenSearch), and the
    least half of them.
    """

    def planned(instance: Any) -> Decimal:
        if instance.service_code == "AmazonEC2":
            return Decimal(str(of_amd if is_of_amd(instance.instance_type) else of_intel))
        return Decimal(str(of_databases if instance.service_code == "AmazonRDS" else of_caches))

    for instance in used.ask(SQL):
        of_ec2 = instance.service_code == "AmazonEC2"
        to = successor(instance.instance_type, "arm")
        alike = instance.operation in LINUX or not of_ec2
        move = to and moved(used, instance, to, planned(instance), alike=alike)
        if not move or (instance.service_code == "AmazonES" and move.to.startswith("t")):
            continue  # OpenSearch has no burstable type of arm
        yield used.finding(
            instance,
            move.saving,
            reason=f"{instance.instance_type} costs {instance.monthly_cost:.2f} a month; {move.to}, as large"
            f" on Graviton, costs {move.less} less.",
            formula=move.formula,
            rate_source=move.source,
            evidence={"instance_type": instance.instance_type, "becomes": move.to},
            effort=None if of_ec2 else "Low",
            restarts=True,
            preconditions=[
                "everything that runs on it is built for arm64, agents and licensed software too"
                if of_ec2
                else "the version of its engine is offered on Graviton",
                "a Savings Plan that pays for it is one of Compute, not of one family",
            ],
            steps=[
                f"Check that {move.to} is offered in the region, and measure the load on one beside it.",
                "Build images for arm64 and replace instance by instance."
                if of_ec2
                else "Change the type in the maintenance window, replicas first.",
            ],
        )
