"""Which instances on demand rent a licence of Windows or SQL Server?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_SOFTWARE = {
    "0002": "Windows",
    "0006": "Windows and SQL Server Standard",
    "0102": "Windows and SQL Server Enterprise",
    "0202": "Windows and SQL Server Web",
    "0004": "SQL Server Standard",
    "0100": "SQL Server Enterprise",
    "0200": "SQL Server Web",
}


@check(
    "Which instances on demand rent a licence of Windows or SQL Server?",
    number=68,
    kind="rate",
    action="investigate",
    risk="high",
    effort="High",
    confidence=0.3,
    needs="resource_ids",
)
def licences(used: Used, *, least_cost: float = 100) -> Iterator[Finding]:
    """Name them to be looked into: no bill tells which licences are owned, or which edition is needed.

    No saving is claimed; the most is what the whole instance costs, an upper bound. Those under 100 a month
    are not worth a review of licences.
    """
    for instance in used.ask(SQL, least_cost=least_cost):
        software = _SOFTWARE[instance.operation.rpartition(":")[2]]
        yield used.finding(
            instance,
            Saving(Decimal(0), Decimal(0), instance.monthly_cost),
            reason=f"It costs {instance.monthly_cost:.2f} a month with {software} in the price; no"
            " saving is claimed, since the bill tells neither the licence's part nor which are owned.",
            formula=f"upper bound: {instance.cost:.2f} x 730 / {used.window.hours} h"
            f" = {instance.monthly_cost:.2f}",
            evidence={"operation": instance.operation, "software": software},
            missing=["licences that are owned and may be brought (BYOL)", "which edition is needed"],
            steps=[
                "Compare with licences of Software Assurance, and with the edition that is really used.",
                "Give Compute Optimizer's export: it recommends editions (finops-duck inputs FILE).",
            ],
        )
