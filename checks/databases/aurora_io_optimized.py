"""Which Aurora clusters would cost less as I/O-Optimized?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Aurora clusters would cost less as I/O-Optimized?",
    number=32,
    kind="modernise",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.9,
)
def aurora_io_optimized(
    used: Used,
    *,
    instance_factor: Decimal = Decimal("1.3"),
    storage_factor: Decimal = Decimal("2.25"),
    least_saving: int = 1,
) -> Iterator[Finding]:
    """Compare C + S + IO with 1.3 C + 2.25 S, which has no charge for I/O: it pays where IO > 0.3 C + 1.25 S.

    The factors are those of AWS's prices in every region. What a commitment pays for instances is reckoned
    with 0.3 of its price on demand more. Of several clusters whose instances no inventory tells apart, least
    and expected is to change them all, and the most that I/O is dearer by than the storage of each.
    """
    for scope in used.ask(SQL):
        dearer = (instance_factor - 1) * scope.on_demand + (storage_factor - 1) * scope.storage
        saved = scope.io - dearer
        if saved < least_saving:
            continue
        apart = scope.clusters == 1
        yield used.finding(
            scope,
            Saving(saved, saved, saved if apart else max(saved, scope.most)),
            scope=scope.scope,
            reason=f"I/O costs {scope.io:,.2f} a month, more than the {dearer:,.2f} by which instances"
            f" ({scope.instances:,.2f}) and storage ({scope.storage:,.2f}) would be dearer without it.",
            formula=f"{scope.io:.2f} - ({instance_factor - 1} x {scope.on_demand:.2f}"
            f" + {storage_factor - 1} x {scope.storage:.2f}) = {saved:.2f}",
            evidence={
                "instances_monthly": scope.instances,
                "storage_monthly": scope.storage,
                "io_monthly": scope.io,
                "io_that_breaks_even": dearer,
                "clusters": scope.clusters,
            },
            missing=[] if apart else ["which instances belong to which cluster: an inventory file tells"],
            preconditions=["no change of the configuration to I/O-Optimized in the last 30 days"],
            steps=[
                "aws rds modify-db-cluster --db-cluster-identifier … --storage-type aurora-iopt1",
                "Going back (--storage-type aurora) is possible at any time, without downtime.",
            ],
        )
