"""Where does traffic between zones cost much?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)


@check(
    "Where does traffic between zones cost much?",
    number=15,
    kind="network",
    action="investigate",
    risk="low",
    effort="High",
    confidence=0.4,
)
def cross_az_traffic(used: Used, *, least_gb: int = 1000) -> Iterator[Finding]:
    """Bound what keeping traffic within its zone would save: all of it, on both sides as each is billed.

    How much can stay in its zone, the bill does not show. `least_gb` counts both sides of a month.
    """
    for place in used.ask(SQL, least_gb=least_gb):
        price = place.monthly_cost / place.monthly_gb
        yield used.finding(
            place,
            Saving(_NOTHING, _NOTHING, place.monthly_cost),
            scope=f"{place.sub_account_id} {place.region_id}",
            reason=f"{place.quantity:.0f} GB crossed zones, each side billed ({place.gb_in:.0f} in,"
            f" {place.gb_out:.0f} out, the rest not told apart): {place.monthly_cost:.2f} a month at most.",
            formula=f"at most {place.monthly_gb:.0f} GB x {price:.4f} = {place.monthly_cost:.2f}",
            evidence={"gb_in": place.gb_in, "gb_out": place.gb_out},
            preconditions=[
                "what talks across zones can be found in flow logs, and does not have to for availability"
            ],
            steps=[
                "cost_by with dimension resource_id and sku_meter shows whose traffic it is.",
                "Let clients prefer their own zone: zonal DNS names, topology-aware routing, rack awareness.",
                "Turn cross-zone balancing of Network Load Balancers off where zones are evenly filled.",
            ],
        )
