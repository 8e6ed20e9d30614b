"""Which trails record what another trail records already?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which trails record what another trail records already?",
    number=58,
    kind="governance",
    action="delete",
    risk="low",
    effort="Low",
    confidence=0.9,
)
def duplicate_trail(used: Used) -> Iterator[Finding]:
    """Find paid management events: the first copy in a region is free, so that what is paid is a further one.

    All three amounts are what the further copies cost.
    """
    for copied in used.ask(SQL):
        yield used.finding(
            copied,
            Saving.exactly(copied.monthly_cost),
            scope=f"{copied.sub_account_id} {copied.region_id}",
            reason=f"{copied.quantity:,.0f} management events were recorded once more, for"
            f" {copied.monthly_cost:,.2f} a month; the first copy is free.",
            formula=f"{copied.cost:.2f} x 730 / {used.window.hours} h = {copied.monthly_cost:.2f}",
            preconditions=[
                "nobody has to have a copy of their own, such as an auditor or a security product",
                "the trail that stays is of all regions, and its bucket may be read by all who need it",
            ],
            steps=[
                "aws cloudtrail describe-trails, in each account: an organisation's trail is in all of them.",
                "Have one trail's bucket read by all, and the others record no management events:",
                "aws cloudtrail put-event-selectors --trail-name …, or aws cloudtrail delete-trail --name …",
            ],
        )
