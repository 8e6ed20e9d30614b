"""Which Lambda functions have more memory than they use?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Lambda functions have more memory than they use?",
    number=47,
    kind="rightsizing",
    action="rightsize",
    risk="low",
    effort="Low",
    confidence=0.8,
    needs=("optimizer", "recommendations"),
)
def lambda_memory(used: Used) -> Iterator[Finding]:
    """Take what Compute Optimizer tells of functions that the bill has, up to 1,792 MB and from 50 calls.

    Expected and most are its own estimate, after discounts where it tells that. Before discounts the least
    is nothing.
    """
    for function in used.ask(SQL):
        saved = function.told_saving
        basis = "after discounts" if function.after_discounts else "before discounts, so at most that"
        yield used.finding(
            function,
            Saving(saved if function.after_discounts else Decimal(0), saved, saved),
            tier="CO",
            reason=f"It costs {function.monthly_cost:.2f} a month with {function.current_configuration};"
            f" {function.recommended_configuration} saves {saved:.2f} a month, {basis}.",
            formula=f"estimated by AWS, {basis}: {saved:.2f}",
            rate_source=f"Compute Optimizer, {basis}",
            evidence={
                "current": function.current_configuration,
                "recommended": function.recommended_configuration,
            },
            preconditions=["a longer duration of each call is no harm: CPU goes with memory"],
            steps=[
                "Set the memory on a version, and compare duration and errors by a weighted alias.",
                "aws lambda update-function-configuration --memory-size …",
            ],
        )
