"""Which file systems keep in EFS Standard what is hardly read?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which file systems keep in EFS Standard what is hardly read?",
    number=63,
    kind=("storage", "modernise"),
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.5,
)
def efs_infrequent_access(
    used: Used,
    *,
    least_gb: int = 10,
    most_cold_share: Decimal = Decimal("0.1"),
    cold_share: Decimal = Decimal("0.5"),
) -> Iterator[Finding]:
    """Find file systems without a working lifecycle, by how little of them is in infrequent access.

    `cold_share` is a planning value, as the bill shows no reads of files; the most is everything in
    infrequent access, the least nothing. Above `most_cold_share` there is a lifecycle already; under
    `least_gb` it saves a coffee a month.
    """
    systems = used.ask(SQL, least_gb=least_gb, most_cold_share=most_cold_share)
    for files, (infrequent,) in used.prices.of(systems, _meters):
        size = files.size_gb
        most = files.monthly_cost - size * infrequent.amount
        if most <= 0:
            continue
        expected = most * cold_share
        yield used.finding(
            files,
            Saving(Decimal(0), expected, most),
            scope=f"{files.sub_account_id} {files.region_id}",
            reason=f"{size:,.0f} GB in EFS Standard cost {files.monthly_cost:,.2f} a month, and"
            f" {files.cold_gb:,.0f} GB are in infrequent access; with {cold_share:.0%} of it moved there"
            f" {expected:,.2f} less.",
            formula=f"({files.monthly_cost:.2f} - {size:.2f} GB x {infrequent.amount:f}) x {cold_share:f}"
            f" = {expected:.2f}",
            rate_source=infrequent.source,
            evidence={"size_gb": size, "infrequent_access_gb": files.cold_gb},
            preconditions=[
                (
                    f"{cold_share:.0%} of it is not read for 30 days: a planning value (StorageBytes"
                    " a month after the lifecycle is set shows it)"
                ),
                "each GB moved, and each GB read there, is paid by the GB",
            ],
            steps=[
                (
                    "aws efs put-lifecycle-configuration … TransitionToIA=AFTER_30_DAYS and"
                    " TransitionToPrimaryStorageClass=AFTER_1_ACCESS."
                ),
                (
                    "Where it can be made anew, such as in development, One Zone halves the price: it takes a"
                    " new file system and a copy."
                ),
            ],
        )


def _meters(files: Any) -> list[str]:
    return [files.sku_meter.replace("TimedStorage", "IATimedStorage")]
