"""Which Kubernetes clusters pay for extended support?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Kubernetes clusters pay for extended support?",
    number=30,
    kind="modernise",
    action="modernise",
    risk="med",
    effort="Medium",
    confidence=0.95,
    reversible=False,
)
def eks_extended_support(used: Used, *, times_standard: int = 6) -> Iterator[Finding]:
    """Compare a cluster's hour in extended support (0.60) with one in standard support (0.10).

    Where the bill charges the standard hours on lines of their own beside it, all of the charge goes; else
    what a standard hour costs there stays. A bill without any standard hour is read by the ratio of the list
    prices, `times_standard`, which a discount leaves as it is.
    """
    for cluster in used.ask(SQL):
        stays, formula, source = _stays(cluster, times_standard)
        saved = cluster.monthly_cost - stays
        if saved <= 0:
            continue
        yield used.finding(
            cluster,
            Saving.exactly(saved),
            scope=f"{cluster.sub_account_id} {cluster.region_id}",
            reason=f"{cluster.quantity:,.0f} hours of extended support cost {cluster.cost:,.2f};"
            f" a supported version costs {saved:,.2f} a month less.",
            formula=f"{cluster.cost:.2f} x 730 / {used.window.hours} h - {formula} = {saved:.2f}",
            rate_source=source,
            evidence={"extended_hours": cluster.quantity, "standard_stays": stays},
            restarts=True,
            preconditions=["add-ons and manifests use no interface that the new version drops"],
            steps=[
                "aws eks list-insights --cluster-name …: what an upgrade would break.",
                "aws eks update-cluster-version, one minor version at a time, then the node groups.",
                "aws eks update-cluster-config --upgrade-policy supportType=STANDARD: it never comes back.",
            ],
        )


def _stays(cluster: Any, times_standard: int) -> tuple[Decimal, str, str]:
    """Give what is still paid for the cluster in standard support, how that is reckoned, and who says so."""
    if cluster.standard_beside:
        return Decimal(0), "0 (standard hours are charged beside it)", "your own bill"
    if cluster.standard_price:
        price = Decimal(str(cluster.standard_price))
        return (
            cluster.monthly_hours * price,
            f"{cluster.monthly_hours:.2f} h x {price:.4f}",
            "your own bill",
        )
    return (
        cluster.monthly_cost / times_standard,
        f"a standard hour's part, 1/{times_standard}",
        "AWS list prices of 2025-09, 0.10 and 0.60 an hour (recall: from memory, to be checked)",
    )
