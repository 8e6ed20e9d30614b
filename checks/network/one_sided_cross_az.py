"""Whose traffic between zones goes nearly all one way?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)


@check(
    "Whose traffic between zones goes nearly all one way?",
    number=16,
    kind="network",
    action="investigate",
    risk="low",
    effort="High",
    confidence=0.4,
    needs="resource_ids",
)
def one_sided_cross_az(used: Used, *, times: int = 20, least_gb: int = 1000) -> Iterator[Finding]:
    """Find resources that send, or get, over `times` as much as the other way: copies, backups, polling.

    Whether that can stay in its zone, the bill does not show: at most all of it is saved, on this side.
    """
    for one in used.ask(SQL, times=times, least_gb=least_gb):
        way = "in" if one.gb_in > one.gb_out else "out"
        yield used.finding(
            one,
            Saving(_NOTHING, _NOTHING, one.monthly_cost),
            group=f"cross-az:{one.resource_id}",
            reason=f"{one.gb_in:.0f} GB came in from other zones and {one.gb_out:.0f} GB went out, nearly all"
            f" {way}: {one.monthly_cost:.2f} a month at most on this side.",
            formula=f"at most {one.cost:.2f} x 730 / {used.window.hours} h = {one.monthly_cost:.2f}",
            evidence={"gb_in": one.gb_in, "gb_out": one.gb_out},
            preconditions=["the other end is known from flow logs, and may lie in the same zone"],
            steps=[
                "Find the other end in flow logs of its interface.",
                "Copy, read or collect from the nearest replica, or compress what is sent.",
            ],
        )
