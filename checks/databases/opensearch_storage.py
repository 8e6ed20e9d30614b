"""Which search domains would cost less on gp3 storage?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which search domains would cost less on gp3 storage?",
    number=55,
    kind=("storage", "modernise"),
    action="modernise",
    risk="med",
    effort="Medium",
    confidence=0.5,
    needs="resource_ids",
)
def opensearch_storage(used: Used, *, least_saving: int = 1) -> Iterator[Finding]:
    """Compare gigabytes of gp2 with gp3, whose included IOPS are at least those of gp2 on volumes up to 1 TB.

    Whether a domain is idle, or its old indices belong on UltraWarm, no bill tells: it takes its metrics.
    """
    for domain, (gp3,) in used.prices.of(used.ask(SQL), lambda row: [row.sku_meter.replace("GP2", "GP3")]):
        saved = domain.monthly_cost - domain.size_gb * gp3.amount
        if saved < least_saving:
            continue
        name = domain.resource_id.rsplit("/", 1)[-1]
        yield used.finding(
            domain,
            Saving.exactly(saved),
            reason=f"{domain.size_gb:,.0f} GB of gp2 cost {domain.monthly_cost:,.2f} a month, as gp3"
            f" {domain.monthly_cost - saved:,.2f}.",
            formula=f"{domain.monthly_cost:.2f} - {domain.size_gb:.2f} GB x {gp3.amount:f} = {saved:.2f}",
            rate_source=gp3.source,
            evidence={"size_gb": domain.size_gb},
            preconditions=["the instance type takes gp3", "no volume of more than 1 TB needs more IOPS"],
            steps=[
                f"aws opensearch update-domain-config --domain-name {name} --ebs-options VolumeType=gp3,…"
            ],
        )
