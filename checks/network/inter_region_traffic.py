"""Between which regions does traffic cost much?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)
_TIMED = [
    "Does anybody ask for replication within 15 minutes? Without time control the same is copied.",
    "aws s3api get-bucket-replication, and put-bucket-replication without ReplicationTime and Metrics.",
]
_PLAIN = [
    "cost_by with dimension resource_id or operation and this meter shows whose traffic it is.",
    "Move what reads next to what is read, cache or replicate it once, or compress what is sent.",
]


@check(
    "Between which regions does traffic cost much?",
    number=17,
    kind="network",
    action="investigate",
    risk="med",
    effort="High",
    confidence=0.3,
)
def inter_region_traffic(used: Used, *, least_gb: int = 500) -> Iterator[Finding]:
    """Bound what living in one region would save: traffic within a zone is free, so at most all of it.

    Whether both ends may be in one region, the bill does not show. `least_gb` is of a month.
    """
    for route in used.ask(SQL, least_gb=least_gb):
        price = route.monthly_cost / route.monthly_gb
        pair = route.sku_meter.removesuffix("-Bytes").removesuffix("-Out").removesuffix("-AWS")
        what = "replication time control" if route.timed_replication else "traffic"
        yield used.finding(
            route,
            Saving(_NOTHING, _NOTHING, route.monthly_cost),
            scope=f"{route.sub_account_id} {route.sku_meter}",
            reason=f"{route.quantity:.0f} GB of {what} between regions ({pair}) cost {route.cost:.2f} in the"
            f" window, {route.monthly_cost:.2f} a month at most.",
            formula=f"at most {route.monthly_gb:.0f} GB x {price:.4f} = {route.monthly_cost:.2f}",
            preconditions=["no rule of recovery or of residence asks for the second region"],
            steps=_TIMED if route.timed_replication else _PLAIN,
        )
