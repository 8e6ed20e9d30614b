"""Which dedicated hosts does no instance run on?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which dedicated hosts does no instance run on?",
    number=66,
    kind="idle",
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.6,
)
def idle_host(used: Used) -> Iterator[Finding]:
    """Find families of hosts in a place where the bill has hours of hosts and none of instances on them.

    Expected and most are all hours of the hosts; the least is nothing, since an instance on a host is free
    and an export may leave its rows out.
    """
    for hosts in used.ask(SQL):
        yield used.finding(
            hosts,
            Saving(Decimal(0), hosts.monthly_cost, hosts.monthly_cost),
            scope=f"{hosts.sub_account_id} {hosts.region_id} {hosts.family}",
            reason=f"{hosts.quantity:.0f} hours of dedicated hosts of {hosts.family} had no hour of an"
            f" instance on them: {hosts.cost:.2f} in the window, {hosts.monthly_cost:.2f} a month.",
            formula=f"{hosts.cost:.2f} x 730 / {used.window.hours} h = {hosts.monthly_cost:.2f}",
            preconditions=["no licence bound to the host, and no Mac host within its first 24 hours"],
            idle_by_bill_alone=True,
            steps=[
                "aws ec2 describe-hosts, and look at the instances and free capacity of each.",
                "aws ec2 release-hosts --host-ids …; one that a reservation pays for costs until it ends.",
            ],
        )
