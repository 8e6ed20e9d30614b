"""Which hosted zones, health checks and secrets does nobody ask for?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_NOTHING = Decimal(0)
_ENDS = {
    "hosted zone": [
        "aws route53 list-resource-record-sets --hosted-zone-id … > zone.json, to be kept.",
        "aws route53 delete-hosted-zone --id …, once its records are gone.",
    ],
    "health check": [
        "aws route53 list-health-checks, and the records and alarms that name it.",
        "aws route53 delete-health-check --health-check-id …",
    ],
    "secret": [
        "Look for GetSecretValue of it in CloudTrail, a quarter back.",
        "aws secretsmanager delete-secret --recovery-window-in-days 30 --secret-id …",
    ],
}
_UNSEEN = {
    "hosted zone": ["it is no private zone, whose queries are not metered, nor gone since the month began"],
    "health check": ["no record of a private zone and no alarm uses it"],
    "secret": [],
}


@check(
    "Which hosted zones, health checks and secrets does nobody ask for?",
    number=65,
    kind=("idle", "governance"),
    action="delete",
    risk="low",
    effort="Low",
    confidence=0.5,
)
def unused_names_and_secrets(used: Used) -> Iterator[Finding]:
    """Find what is held without a query or request in the window; of a rare use that says nothing.

    Where the bill has no query or request at all, it may not tell them: that is to be looked into, and so
    is a health check, which makes none, where no name of its account is asked for.
    """
    for held in used.ask(SQL):
        whole = held.monthly_cost
        looks = held.kind == "health check" or not held.shown
        yield used.finding(
            held,
            Saving(_NOTHING, _NOTHING, whole) if looks else Saving.exactly(whole),
            scope="" if held.resource_id else f"{held.sub_account_id} {held.region_id} {held.kind}s",
            action="investigate" if looks else "delete",
            reason=f"A {held.kind} costs {whole:.2f} a month, and the bill has no query or request for it."
            if held.resource_id
            else f"The {held.kind}s of the account cost {whole:.2f} a month, and no query or request is in"
            " the bill.",
            formula=f"{held.cost:.2f} in the window, {whole:.2f} a month",
            evidence={"kind": held.kind},
            missing=_UNSEEN[held.kind],
            preconditions=["nothing that runs once a quarter or in an emergency needs it"],
            idle_by_bill_alone=True,
            deletes=held.kind == "hosted zone",
            snapshot_first=held.kind == "hosted zone",
            steps=_ENDS[held.kind],
        )
