"""Which accounts spend much on what no tag gives to anybody?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_OWNERS = (
    r"^(user_)?(owner|team|squad|contact|cost_?cent(er|re)|business_?unit|department|project|product"
    r"|application|app|service|workload)$"
)


@check(
    "Which accounts spend much on what no tag gives to anybody?",
    number=67,
    kind="governance",
    action="investigate",
    risk="none",
    effort="Medium",
    confidence=0.9,
    needs="resource_ids",
)
def untagged_spend(
    used: Used,
    *,
    owned_by: str = _OWNERS,
    least_share: Decimal = Decimal("0.1"),
    least_cost: int = 100,
) -> Iterator[Finding]:
    """Find what an account spends on resources without a tag that names an owner (`owned_by`, of its key).

    It saves nothing by itself: whoever is asked for it can say whether it is needed. What has no resource,
    such as support or most transfer, can have no tag and is not counted.
    """
    nothing = Decimal(0)
    for account in used.ask(SQL, owned_by=owned_by, least_share=least_share, least_cost=least_cost):
        share = account.monthly_cost / account.taggable_cost
        named = "" if account.with_any_tag else " No resource there has any tag that the bill shows."
        yield used.finding(
            account,
            Saving(nothing, nothing, nothing),
            scope=f"{account.sub_account_id}",
            reason=f"{account.resources} resources without a tag that names an owner cost"
            f" {account.monthly_cost:,.2f} a month, {share:.0%} of what the account's resources cost.{named}",
            formula=f"{account.monthly_cost:.2f} of {account.taggable_cost:.2f} that could be tagged; no"
            " saving by itself",
            evidence={
                "taggable_monthly_cost": account.taggable_cost,
                "resources": account.resources,
                "dearest": ", ".join(account.dearest),
            },
            preconditions=["keys are activated as cost allocation tags: a bill shows no others"],
            steps=[
                "Ask who made the dearest ones: CloudTrail tells for 90 days.",
                "Activate the keys that name owners: they show from then on, before that by a backfill.",
                "Have a tag policy or the template that makes them ask for the key.",
            ],
        )
