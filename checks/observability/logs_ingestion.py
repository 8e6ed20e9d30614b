"""Which logs could be taken in as infrequently accessed ones, at half the price?"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which logs could be taken in as infrequently accessed ones, at half the price?",
    number=41,
    kind="modernise",
    action="modernise",
    risk="med",
    effort="Medium",
    confidence=0.5,
)
def logs_ingestion(
    used: Used, *, least_cost: int = 10, planned_share: Decimal = Decimal("0.5")
) -> Iterator[Finding]:
    """Find log groups of the standard class; the class Infrequent Access takes in at half its price.

    Where no price of that class is known, `planned_share` stands in for it. It has no metric filters, alarms
    or live tail, so that the least is nothing. Below `least_cost` a month nobody makes a new log group.
    """
    for group in used.ask(SQL, least_cost=least_cost):
        saved, formula, source = _saved(used, group, planned_share)
        if saved <= 0:
            continue
        cost = group.monthly_cost - saved
        yield used.finding(
            group,
            Saving(Decimal(0), saved, saved),
            scope=f"{group.sub_account_id} {group.region_id} {group.sku_meter}",
            group=f"taken-in:{group.resource_id}" if group.resource_id else "",
            reason=f"{group.monthly_quantity:,.0f} GB of logs a month are taken in for"
            f" {group.monthly_cost:,.2f}; as infrequently accessed ones for {cost:,.2f}.",
            formula=formula,
            rate_source=source,
            evidence={"gb_a_month": group.monthly_quantity},
            preconditions=[
                "no metric filter, alarm, subscription, live tail or anomaly detection reads it",
                "a log group keeps its class: a new one is made, and what writes is pointed at it",
            ],
            steps=[
                "First see whether it all has to be logged: debug lines, health checks, bodies of requests.",
                "aws logs create-log-group --log-group-class INFREQUENT_ACCESS --log-group-name …",
                "Point what writes at it; let the old group's retention end it.",
            ],
        )


def _saved(used: Used, group: Any, share: Decimal) -> tuple[Decimal, str, str]:
    """Give what the other class saves a month, how that was reckoned, and who tells its price."""
    cost = group.monthly_cost
    meter = re.sub(r"(DataProcessing|VendedLog)-Bytes.*", r"\1IA-Bytes", group.sku_meter)
    price = used.prices.known(group.service_code, meter, group.region_id, group.billing_currency)
    if price is None:
        saved = cost * share
        return saved, f"{cost:.2f} x {share:f} = {saved:.2f}", f"a planning value of {share:.0%}"
    saved = cost - group.monthly_quantity * price.amount
    return (
        saved,
        f"{cost:.2f} - {group.monthly_quantity:.2f} GB x {price.amount:f} = {saved:.2f}",
        price.source,
    )
