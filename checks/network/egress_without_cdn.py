"""Would what goes to the internet cost less through CloudFront?"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, who_says

SQL = beside(__file__)
_NOTHING = Decimal(0)
_SERVICE, _METER = "AmazonCloudFront", "US-DataTransfer-Out-Bytes"
_TIERS_FROM_GB = (0, 10_240, 51_200, 153_600, 512_000, 1_048_576, 5_242_880)
"""Where each tier of CloudFront's transfer begins: 10, 50, 150 and 500 TB, 1 and 5 PB."""


@check(
    "Would what goes to the internet cost less through CloudFront?",
    number=18,
    kind=("network", "modernise"),
    action="modernise",
    risk="low",
    effort="Medium",
    confidence=0.5,
)
def egress_without_cdn(used: Used, *, least_gb: int = 500, free_gb: int = 1024) -> Iterator[Finding]:
    """Compare with CloudFront's tiers for North America and Europe, after the TB that is free each month.

    Expected is what S3 and load balancers send, the most all of it; the least nothing, if it is no HTTP.
    Its requests cost too, and the bill does not tell how many there are.
    """
    for payer, prices in used.prices.of(used.ask(SQL, least_gb=least_gb), _meters, service=_SERVICE):
        tiers = [price.amount for price in prices]
        all_of_it = payer.monthly_cost - _through(payer.monthly_gb - free_gb, tiers)
        web = payer.web_cost - _through(payer.web_gb - free_gb, tiers)
        most = max(all_of_it, web)
        if most <= 0:
            continue
        there = payer.monthly_cost - all_of_it
        yield used.finding(
            payer,
            Saving(_NOTHING, max(web, _NOTHING), most),
            scope=f"{payer.billing_account_id}",
            reason=f"{payer.quantity:.0f} GB went straight to the internet for {payer.cost:.2f}, and there is"
            f" no CloudFront, where a month would cost {there:.2f} instead of {payer.monthly_cost:.2f}.",
            formula=f"S3 and load balancers: {payer.web_cost:.2f} - {payer.web_cost - web:.2f} = {web:.2f};"
            f" all: {payer.monthly_cost:.2f} - {there:.2f} = {all_of_it:.2f}",
            rate_source=who_says(prices),
            evidence={"monthly_gb": payer.monthly_gb, "of_s3_and_load_balancers_gb": payer.web_gb},
            preconditions=["viewers are in North America or Europe; elsewhere CloudFront costs more"],
            missing=["it is HTTP that CloudFront can serve", "how many requests there are"],
            steps=[
                "Make a distribution with the bucket or load balancer as its origin: transfer to it is free.",
                "Point the DNS name to it, and close the origin to others.",
            ],
        )


def _meters(_: Any) -> list[str]:
    """Name what a GB in each tier is metered by."""
    return [_METER, *(f"{_METER} from {start}" for start in _TIERS_FROM_GB[1:])]


def _through(gigabytes: Decimal, prices: list[Decimal]) -> Decimal:
    """Give what so many GB of a month cost, each tier at its own price."""
    edges = [*(Decimal(start) for start in _TIERS_FROM_GB), max(gigabytes, _NOTHING)]
    cost = _NOTHING
    for price, (start, end) in zip(prices, pairwise(edges), strict=True):
        last = start == _TIERS_FROM_GB[-1]
        within = gigabytes - start if last else min(gigabytes, end) - start
        cost += max(within, _NOTHING) * price
    return cost
