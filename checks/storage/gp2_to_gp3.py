"""Which gp2 volumes would cost less as gp3?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, who_says

SQL = beside(__file__)


@check(
    "Which gp2 volumes would cost less as gp3?",
    number=1,
    kind=("storage", "modernise"),
    action="modernise",
    risk="low",
    effort="VeryLow",
    confidence=0.9,
    needs="resource_ids",
)
def gp2_to_gp3(
    used: Used,
    *,
    included_iops: int = 3000,
    most_iops: int = 16000,
    included_throughput: int = 125,
    full_throughput: int = 250,
    full_from_gb: int = 334,
    bursts_above_gb: int = 170,
) -> Iterator[Finding]:
    """Compare with gp3, which includes 3,000 IOPS and 125 MiB/s; gp2 has 3 IOPS a GB and up to 250 MiB/s.

    Expected is a volume as fast as before, the most one that makes do with what gp3 includes; the least also
    matches the bursts of gp2 above 170 GB.
    """
    for volume, prices in used.prices.of(used.ask(SQL), _meters):
        size = volume.size_gb
        gp3, iops, throughput = prices[0].amount, prices[1].amount, prices[2].of_a_mib
        per_gb = volume.monthly_cost - size * gp3
        extra_iops = max(min(Decimal(most_iops), 3 * size) - included_iops, Decimal(0))
        extra_throughput = Decimal(full_throughput - included_throughput)
        sustained = extra_throughput if size >= full_from_gb else Decimal(0)
        bursting = extra_throughput if size > bursts_above_gb else Decimal(0)
        matched = per_gb - extra_iops * iops - sustained * throughput
        if per_gb <= 0:
            continue
        settings = (
            f"--volume-type gp3 --iops {included_iops + extra_iops:.0f}"
            f" --throughput {included_throughput + sustained:.0f}"
        )
        yield used.finding(
            volume,
            Saving(min(per_gb - extra_iops * iops - bursting * throughput, matched), matched, per_gb),
            reason=f"{size:.0f} GB of gp2 cost {volume.monthly_cost:.2f} a month; as fast, gp3 costs"
            f" {volume.monthly_cost - matched:.2f}, with what it includes alone {size * gp3:.2f}.",
            formula=f"{volume.monthly_cost:.2f} - ({size:.2f} GB x {gp3:f} + {extra_iops:.0f} IOPS x {iops:f}"
            f" + {sustained:.0f} MiB/s x {throughput:f}) = {matched:.2f}",
            rate_source=who_says(
                p for p, much in zip(prices, (size, extra_iops, bursting), strict=True) if much
            ),
            evidence={"size_gb": size, "baseline_only_saves": per_gb},
            preconditions=["no modification of the volume in the last six hours"],
            steps=[
                f"aws ec2 modify-volume --volume-id {volume.resource_id} {settings}",
                "Watch VolumeQueueLength and throughput for a day; the volume stays in use meanwhile.",
            ],
        )


def _meters(volume: Any) -> list[str]:
    """Name what gp3 is metered by there: a GB, an IOPS and a MiB/s beyond what is included."""
    names = ("VolumeUsage", "VolumeP-IOPS", "VolumeP-Throughput")
    return [volume.sku_meter.replace("VolumeUsage.gp2", f"{name}.gp3") for name in names]
