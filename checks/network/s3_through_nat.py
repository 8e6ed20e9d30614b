"""Which NAT gateways may pass what S3 and DynamoDB could get for nothing?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)


@check(
    "Which NAT gateways may pass what S3 and DynamoDB could get for nothing?",
    number=8,
    kind="network",
    action="investigate",
    risk="none",
    effort="VeryLow",
    confidence=0.4,
)
def s3_through_nat(used: Used, *, least_gb: int = 1000) -> Iterator[Finding]:
    """Bound what a gateway endpoint, which is free, could take off NAT gateways: all that they pass.

    The bill does not show where it goes: flow logs do. Summed up by gateway in a file of metrics (metric
    s3_dynamodb_bytes, stat avg) they make a saving of the bound, at least
    that of the gateways that are told of. Below `least_gb` a month there is little to gain.
    """
    for place in used.ask(SQL, least_gb=least_gb):
        price = place.monthly_cost / place.monthly_gb
        known = place.told_gb is not None
        saved = place.told_gb * price if known else _NOTHING
        bound = f"{place.monthly_gb:.0f} GB x {price:.4f} = {place.monthly_cost:.2f}"
        yield used.finding(
            place,
            Saving(saved, saved, saved + place.untold_cost),
            scope=f"{place.sub_account_id} {place.region_id}",
            reason=f"NAT gateways ({place.gateways}) passed {place.quantity:.0f} GB for {place.cost:.2f}"
            " beside use of S3 or DynamoDB; "
            + (
                f"{place.told_gb:.0f} GB a month of it go there, {saved:.2f}."
                if known
                else f"of {place.monthly_cost:.2f} a month at most all is theirs, and the bill does not tell."
            ),
            formula=f"{place.told_gb:.0f} GB x {price:.4f} = {saved:.2f}" if known else f"at most {bound}",
            action="modernise" if known else "investigate",
            tier="METRICS" if known else "CUR",
            evidence={"monthly_gb": place.monthly_gb, "gateways": place.gateways},
            preconditions=[
                "no gateway endpoint for S3 and DynamoDB is in the route tables of the private subnets yet",
                "flow logs of the gateways show traffic to the addresses of S3 or DynamoDB",
            ],
            steps=[
                "aws ec2 describe-vpc-endpoints --filters Name=vpc-endpoint-type,Values=Gateway",
                "aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id … --route-table-ids …",
                f"Its --service-name is com.amazonaws.{place.region_id}.s3, or .dynamodb: both cost nothing.",
                "Compare NatGateway-Bytes of the days before and after.",
            ],
        )
