"""Which public IPv4 addresses are held and not used?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which public IPv4 addresses are held and not used?",
    number=11,
    kind=("idle", "network"),
    action="delete",
    risk="low",
    effort="VeryLow",
    confidence=0.95,
    reversible=False,
)
def idle_ipv4(used: Used) -> Iterator[Finding]:
    """AWS meters an address that nothing uses apart: that it is idle is not guessed."""
    for address in used.ask(SQL):
        place = f"{address.sub_account_id} {address.region_id}"
        yield used.finding(
            address,
            Saving.exactly(address.monthly_cost),
            scope=place,
            reason=f"{address.quantity:.0f} hours of idle addresses cost {address.cost:.2f} in the window,"
            f" {address.monthly_cost:.2f} a month.",
            formula=f"{address.cost:.2f} x 730 / {used.window.hours} h = {address.monthly_cost:.2f}",
            preconditions=["no partner has the address on a list of those let in"],
            steps=[
                "aws ec2 describe-addresses, and choose those without an association.",
                "aws ec2 release-address --allocation-id …; the same address hardly ever comes back.",
            ],
        )
