"""Which Lambda functions would cost less on arm64?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Lambda functions would cost less on arm64?",
    number=46,
    kind=("modernise", "migration"),
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.8,
)
def lambda_arm(
    used: Used, *, cheaper: float = 0.20, slower: float = 0.10, faster: float = 0.10, least_cost: float = 1
) -> Iterator[Finding]:
    """Compare with arm64, whose GB-second AWS lists a fifth below that of x86.

    Expected is the same duration; the least, one longer by a tenth; the most, one shorter by a tenth. The
    fifth is taken off what was paid, so that discounts and tiers stay; what the own bill paid for arm64 is
    not asked, since other functions reached other tiers. One under 1 a month is not worth a release.
    """
    ratio = 1 - Decimal(str(cheaper))
    for function in used.ask(SQL, least_cost=least_cost):
        cost = function.monthly_cost
        low, expected, high = (
            cost * (1 - ratio * longer)
            for longer in (1 + Decimal(str(slower)), Decimal(1), 1 - Decimal(str(faster)))
        )
        yield used.finding(
            function,
            Saving(low, expected, high),
            scope=f"{function.sub_account_id} {function.region_id} Lambda x86",
            reason=f"{function.monthly_quantity:,.0f} GB-s of x86 a month cost {cost:.2f}; as many of"
            f" arm64 cost {cost * ratio:.2f}.",
            formula=f"{cost:.2f} - {cost:.2f} x {ratio} = {expected:.2f}",
            rate_source=f"your own bill, arm64 at {cheaper:.0%} less as AWS lists it",
            preconditions=[
                "every native dependency, layer and container image of it exists for arm64",
                "the function takes no longer there: measure before and after",
            ],
            steps=[
                "Build it for arm64, publish a version, and send it a part of the calls by a weighted alias.",
                "Compare durations; then aws lambda update-function-code --architectures arm64.",
            ],
        )
