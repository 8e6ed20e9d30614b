"""Which io1 and io2 volumes would cost less as gp3?"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, who_says

SQL = beside(__file__)


@check(
    "Which io1 and io2 volumes would cost less as gp3?",
    number=2,
    kind=("storage", "modernise"),
    action="modernise",
    risk="med",
    effort="Low",
    confidence=0.7,
    needs="resource_ids",
)
def provisioned_iops_to_gp3(
    used: Used,
    *,
    included_iops: int = 3000,
    most_iops: int = 16000,
    included_throughput: int = 125,
    most_throughput: int = 1000,
    throughput_of_iops: Decimal = Decimal("0.25"),
) -> Iterator[Finding]:
    """Compare with gp3 of as many IOPS, up to the 16,000 that gp3 has; what has more stays.

    Expected are the same IOPS and the throughput that gp3 includes; the least also pays for as much as those
    IOPS of 256 KiB carry; the most makes do with the 3,000 IOPS that gp3 includes.
    """
    volumes = [volume for volume in used.ask(SQL) if volume.iops <= most_iops]
    for volume, prices in used.prices.of(volumes, _meters):
        size = volume.size_gb
        gp3, iops, throughput = prices[0].amount, prices[1].amount, prices[2].of_a_mib
        extra_iops = max(volume.iops - included_iops, Decimal(0))
        carried = min(Decimal(most_throughput), volume.iops * throughput_of_iops)
        extra_throughput = max(carried - included_throughput, Decimal(0))
        most = volume.monthly_cost - size * gp3
        matched = most - extra_iops * iops
        if matched <= 0:
            continue
        kind = "io1" if volume.sku_meter.endswith("piops") else "io2"
        yield used.finding(
            volume,
            Saving(matched - extra_throughput * throughput, matched, most),
            reason=f"{size:,.0f} GB of {kind} with {volume.iops:,.0f} IOPS cost {volume.monthly_cost:,.2f} a"
            f" month; gp3 with as many costs {volume.monthly_cost - matched:,.2f}.",
            formula=f"{volume.monthly_cost:.2f} - ({size:.2f} GB x {gp3:f} + {extra_iops:.0f} IOPS"
            f" x {iops:f}) = {matched:.2f}",
            rate_source=who_says(
                p for p, much in zip(prices, (size, extra_iops, extra_throughput), strict=True) if much
            ),
            evidence={"size_gb": size, "iops": volume.iops, "with_included_iops_only_saves": most},
            preconditions=[
                "single-digit milliseconds are fast enough; io2 Block Express answers in less than one",
                "it is attached to one instance alone: gp3 has no Multi-Attach",
                *(["99.8 % of durability are enough, where io2 has 99.999 %"] if kind == "io2" else []),
            ],
            missing=["what throughput and IOPS it really needs: CloudWatch metrics of the volume"],
            steps=[
                "See VolumeReadOps, VolumeWriteOps and their bytes over two weeks, at their highest.",
                (
                    f"aws ec2 modify-volume --volume-id {volume.resource_id} --volume-type gp3"
                    f" --iops {max(volume.iops, Decimal(included_iops)):.0f}"
                ),
                "Watch VolumeQueueLength and latency for a week; the volume stays in use meanwhile.",
            ],
        )


def _meters(volume: Any) -> list[str]:
    """Name what gp3 is metered by there: a GB, an IOPS and a MiB/s beyond what is included."""
    prefix = re.sub(r"EBS:VolumeUsage\..*", "", volume.sku_meter)
    return [f"{prefix}EBS:{name}.gp3" for name in ("VolumeUsage", "VolumeP-IOPS", "VolumeP-Throughput")]
