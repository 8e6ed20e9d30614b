"""Which Lambda functions keep far more concurrency ready than runs?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Lambda functions keep far more concurrency ready than runs?",
    number=48,
    kind=("idle", "rightsizing"),
    action="rightsize",
    risk="low",
    effort="Low",
    confidence=0.7,
    needs="resource_ids",
)
def lambda_provisioned(used: Used, *, most_used: float = 0.5, headroom: float = 0.20) -> Iterator[Finding]:
    """Find provisioned concurrency of which less than half runs: beyond that it is seldom worth its price.

    Expected and most is the share that nothing ran in; the least keeps a headroom of 20 % above what ran.
    """
    for function in used.ask(SQL, most_used=most_used):
        share = function.ran / function.quantity
        unused = function.monthly_cost * (1 - share)
        kept = min(share / (1 - Decimal(str(headroom))), Decimal(1))
        yield used.finding(
            function,
            Saving(function.monthly_cost * (1 - kept), unused, unused),
            reason=f"{function.quantity:,.0f} GB-seconds were kept ready and {function.ran:,.0f} ran in them"
            f" ({share:.1%}): {function.monthly_cost:.2f} a month, {unused:.2f} of it for nothing.",
            formula=f"{function.monthly_cost:.2f} x (1 - {function.ran:.0f} / {function.quantity:.0f})"
            f" = {unused:.2f}",
            evidence={"gb_seconds_that_ran": function.ran, "share_used": f"{share:.4f}"},
            preconditions=["what is kept ready is not for peaks of minutes, which totals of the bill hide"],
            idle_by_bill_alone=function.ran == 0,
            steps=[
                "Look at ProvisionedConcurrencyUtilization of its alias, the maximum by the minute.",
                "Let Application Auto Scaling follow the utilization, or a schedule where peaks are known.",
                "aws lambda delete-provisioned-concurrency-config where cold starts hurt nobody.",
            ],
        )
