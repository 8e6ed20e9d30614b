"""Which databases would cost less on gp3 storage?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which databases would cost less on gp3 storage?",
    number=28,
    kind=("storage", "modernise"),
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.5,
    needs="resource_ids",
)
def rds_storage(
    used: Used,
    *,
    included_iops: int = 3000,
    striped_from_gb: int = 400,
    striped_iops: int = 12000,
    least_saving: int = 1,
) -> Iterator[Finding]:
    """Compare with gp3, whose gigabyte costs as much as gp2's in most regions and whose first IOPS are free.

    3,000 IOPS are included, from 400 GB on 12,000. Least and expected has as many IOPS as now (gp2 has three
    a gigabyte); the most makes do with what is included.
    """
    for volume in used.ask(SQL):
        meter, is_gp2 = volume.sku_meter, "GP2" in volume.sku_meter
        place = volume.region_id, volume.billing_currency
        prefix = meter.rsplit("GP2-" if is_gp2 else "PIOPS-", 1)[0]
        gp3 = used.prices.unit(volume.service_code, f"{prefix}GP3-Storage", *place)
        included = striped_iops if volume.size_gb >= striped_from_gb else included_iops
        needed = 3 * volume.size_gb if is_gp2 else volume.iops
        extra = max(needed - included, Decimal(0))
        iops = (
            used.prices.unit(volume.service_code, f"{prefix}GP3-PIOPS", *place).amount
            if extra
            else Decimal(0)
        )
        least_cost = volume.size_gb * gp3.amount
        saved = volume.monthly_cost - least_cost - extra * iops
        if saved < least_saving:
            continue
        kind = "gp2" if is_gp2 else f"io1 with {volume.iops:,.0f} IOPS"
        name = volume.resource_id.rsplit(":", 1)[-1]
        yield used.finding(
            volume,
            Saving(saved, saved, volume.monthly_cost - least_cost),
            reason=f"{volume.size_gb:,.0f} GB of {kind} cost {volume.monthly_cost:,.2f}; gp3 with as many"
            f" IOPS costs {volume.monthly_cost - saved:,.2f} a month.",
            formula=f"{volume.monthly_cost:.2f} - ({volume.size_gb:.2f} GB x {gp3.amount:f}"
            f" + {extra:.0f} IOPS x {iops:f}) = {saved:.2f}",
            rate_source=gp3.source,
            evidence={"size_gb": volume.size_gb, "iops": needed, "iops_included": included},
            preconditions=[
                "the database can wait a few milliseconds for gp3 where it waits less for io1",
                "the engine is none of Oracle or SQL Server, which include IOPS by other sizes",
            ],
            steps=[
                f"aws rds modify-db-instance --db-instance-identifier {name} --storage-type gp3",
                "It stays in use meanwhile, slower; the storage cannot be changed again for six hours.",
            ],
        )
