"""Which databases would cost less on gp3 storage?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, who_says

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

    def beyond(volume: Any) -> Decimal:
        """Give how many IOPS it has beyond what gp3 includes."""
        included = striped_iops if volume.size_gb >= striped_from_gb else included_iops
        return max(_iops(volume) - included, Decimal(0))

    def meters(volume: Any) -> list[str]:
        prefix = volume.sku_meter.rsplit("GP2-" if _is_gp2(volume) else "PIOPS-", 1)[0]
        return [f"{prefix}GP3-Storage", *([f"{prefix}GP3-PIOPS"] if beyond(volume) else [])]

    for volume, (gp3, *more) in used.prices.of(used.ask(SQL), meters):
        extra, needed = beyond(volume), _iops(volume)
        iops = more[0].amount if more else Decimal(0)
        least_cost = volume.size_gb * gp3.amount
        saved = volume.monthly_cost - least_cost - extra * iops
        if saved < least_saving:
            continue
        kind = "gp2" if _is_gp2(volume) else f"io1 with {volume.iops:,.0f} IOPS"
        name = volume.resource_id.rsplit(":", 1)[-1]
        yield used.finding(
            volume,
            Saving(saved, saved, volume.monthly_cost - least_cost),
            reason=f"{volume.size_gb:,.0f} GB of {kind} cost {volume.monthly_cost:,.2f}; gp3 with as many"
            f" IOPS costs {volume.monthly_cost - saved:,.2f} a month.",
            formula=f"{volume.monthly_cost:.2f} - ({volume.size_gb:.2f} GB x {gp3.amount:f}"
            f" + {extra:.0f} IOPS x {iops:f}) = {saved:.2f}",
            rate_source=who_says([gp3, *more]),
            evidence={"size_gb": volume.size_gb, "iops": needed, "iops_included": needed - extra},
            preconditions=[
                "the database can wait a few milliseconds for gp3 where it waits less for io1",
                "the engine is none of Oracle or SQL Server, which include IOPS by other sizes",
            ],
            steps=[
                f"aws rds modify-db-instance --db-instance-identifier {name} --storage-type gp3",
                "It stays in use meanwhile, slower; the storage cannot be changed again for six hours.",
            ],
        )


def _is_gp2(volume: Any) -> bool:
    return "GP2" in volume.sku_meter


def _iops(volume: Any) -> Decimal:
    """Give the IOPS that it has now: gp2 three a gigabyte."""
    return Decimal(3 * volume.size_gb if _is_gp2(volume) else volume.iops)
