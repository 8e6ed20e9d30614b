"""Where do custom metrics, or tools that ask for metrics, cost much?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_ASKING = [
    "Ask who owns them: agents of monitoring products ask for every metric of every region each minute.",
    "Have them ask for fewer namespaces, less often, or take a metric stream (paid by what is sent).",
]
_CUSTOM = [
    "aws cloudwatch list-metrics --recently-active PT3H, counted by namespace and dimension.",
    "Drop dimensions that are different for each request, pod or user: each value is a metric.",
    "Detailed monitoring of instances is seven metrics each: basic monitoring is free.",
]


@check(
    "Where do custom metrics, or tools that ask for metrics, cost much?",
    number=43,
    kind="governance",
    action="investigate",
    risk="low",
    effort="Medium",
    confidence=0.4,
)
def custom_metrics(used: Used, *, least_cost: int = 10) -> Iterator[Finding]:
    """Find what custom metrics and GetMetricData cost; which of them nobody looks at the bill does not tell.

    Nothing is expected; the most is all of it. Below `least_cost` a month looking costs more.
    """
    for metered in used.ask(SQL, least_cost=least_cost):
        what = "metrics asked for (GetMetricData)" if metered.is_asking else "custom metrics"
        yield used.finding(
            metered,
            Saving(Decimal(0), Decimal(0), metered.monthly_cost),
            scope=f"{metered.sub_account_id} {metered.region_id} {metered.sku_meter}",
            reason=f"{metered.monthly_quantity:,.0f} {what} cost {metered.monthly_cost:,.2f} a month.",
            formula=f"at most {metered.cost:.2f} in the window, {metered.monthly_cost:.2f} a month",
            preconditions=["no alarm, dashboard or scaling policy reads what is dropped"],
            steps=_ASKING if metered.is_asking else _CUSTOM,
        )
