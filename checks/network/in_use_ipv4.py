"""Where are so many public IPv4 addresses in use that fewer might do?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)


@check(
    "Where are so many public IPv4 addresses in use that fewer might do?",
    number=12,
    kind="network",
    action="investigate",
    risk="med",
    effort="Medium",
    confidence=0.3,
)
def in_use_ipv4(used: Used, *, least_addresses: int = 10) -> Iterator[Finding]:
    """Count addresses in use, each paid by the hour: what of them can go, only their use tells.

    At most all go; fewer than `least_addresses` are not worth the walk.
    """
    for place in used.ask(SQL, least_addresses=least_addresses):
        yield used.finding(
            place,
            Saving(_NOTHING, _NOTHING, place.monthly_cost),
            scope=f"{place.sub_account_id} {place.region_id}",
            reason=f"{place.addresses:.1f} public addresses in use on average cost {place.monthly_cost:.2f} a"
            f" month, {place.of_instances:.2f} of it those given to instances as they start.",
            formula=f"at most {place.cost:.2f} x 730 / {used.window.hours} h = {place.monthly_cost:.2f}",
            evidence={"addresses": place.addresses, "of_instances_monthly": place.of_instances},
            preconditions=[
                "the instances can be reached by a load balancer, Session Manager or IPv6 instead"
            ],
            steps=[
                "Public IP insights (Amazon VPC IPAM, free tier) lists each address with what holds it.",
                "Turn off auto-assigned public addresses in subnets that do not need them.",
                "Put services behind a shared load balancer, and reach instances by Session Manager.",
            ],
        )
