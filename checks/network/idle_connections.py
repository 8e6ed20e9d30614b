"""Which firewalls, Transit Gateway attachments, VPNs and lines carry nothing?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_ENDS = {
    "Network Firewall endpoint": "aws network-firewall delete-firewall, once routes lead past it.",
    "Transit Gateway attachment": "aws ec2 delete-transit-gateway-vpc-attachment (or that of VPN, peering).",
    "VPN connection": "aws ec2 delete-vpn-connection",
    "Client VPN endpoint": "aws ec2 delete-client-vpn-endpoint",
    "Direct Connect port": "aws directconnect delete-connection, and end the cross-connect.",
}


@check(
    "Which firewalls, Transit Gateway attachments, VPNs and lines carry nothing?",
    number=14,
    kind=("idle", "network"),
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.7,
    needs="resource_ids",
)
def idle_connections(used: Used, *, least_hours: int = 336) -> Iterator[Finding]:
    """Find what is paid by the hour without a GB beside it.

    Where nothing else of its kind has traffic in the bill, the export may not tell it: that is less sure.
    """
    for one in used.ask(SQL, least_hours=least_hours):
        yield used.finding(
            one,
            Saving.exactly(one.monthly_cost),
            reason=f"A {one.kind} was paid for {one.quantity:.0f} hours and nothing is metered through it:"
            f" {one.cost:.2f} in the window, {one.monthly_cost:.2f} a month.",
            formula=f"{one.cost:.2f} x 730 / {used.window.hours} h = {one.monthly_cost:.2f}",
            evidence={"kind": one.kind},
            preconditions=["it is no stand-by of another way, which carries nothing until that fails"],
            missing=[] if one.shown else ["the export tells such traffic: nothing else of its kind has any"],
            idle_by_bill_alone=True,
            steps=[
                "Look at its metrics of bytes in CloudWatch, and at the route tables that name it.",
                _ENDS[one.kind],
            ],
        )
