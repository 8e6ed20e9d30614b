"""Where would AWS Config cost less if it recorded once a day?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_STEPS = [
    "aws configservice describe-configuration-recorders, and which types of resource change most.",
    "Leave out of the recording what nobody asks about, such as network interfaces of short-lived tasks.",
    "aws configservice put-configuration-recorder … with recordingFrequency DAILY for the types that change.",
]
_DAY = Decimal(24)


@check(
    "Where would AWS Config cost less if it recorded once a day?",
    number=57,
    kind="governance",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.6,
)
def config_recording(used: Used, *, least_cost: int = 1) -> Iterator[Finding]:
    """Compare each change (0.003 an item) with once a day for each resource that changed (0.012).

    Once a day pays above four changes a day of a resource. Of how many resources the items are, an inventory
    tells: expected is then one item a day for each, which is the most there can be, so that it is the least
    too; the most is what one resource would leave. Without an inventory nothing is expected.
    """
    rows = used.ask(SQL, least_cost=least_cost)
    for recorded, (daily,) in used.prices.of(rows, lambda row: [f"{row.sku_meter}Daily"]):
        cost = recorded.monthly_cost
        days = used.monthly(used.window.hours / _DAY)
        of_one = days * daily.amount
        resources = recorded.resources
        saved = cost - (resources or 1) * of_one
        if saved <= 0:
            continue
        a_day = recorded.quantity / used.window.days
        once = (
            f"of each of {resources} resources costs {resources * of_one:,.2f}"
            if resources
            else f"costs less where that is of fewer than {cost / of_one:,.0f} resources"
        )
        yield used.finding(
            recorded,
            Saving(saved, saved, cost - of_one) if resources else Saving(Decimal(0), Decimal(0), saved),
            scope=f"{recorded.sub_account_id} {recorded.region_id}",
            action="modernise" if resources else "investigate",
            tier="INVENTORY" if resources else "CUR",
            reason=f"{a_day:,.0f} changes a day are recorded, for {cost:,.2f} a month; once a day {once}.",
            formula=f"{cost:.2f} - {resources or 1} x {days:.2f} days x {daily.amount:f} = {saved:.2f}"
            + ("" if resources else " at most"),
            rate_source=daily.source,
            evidence={"changes_a_day": f"{a_day:.1f}", "resources_of_the_inventory": resources or "not told"},
            missing=["the inventory lists all that is recorded there"] if resources else [],
            preconditions=[
                "no Firewall Manager and no rule that has to see every change needs continuous recording",
            ],
            steps=_STEPS,
        )
