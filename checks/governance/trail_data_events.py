"""Where do recorded data events cost much?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Where do recorded data events cost much?",
    number=59,
    kind="governance",
    action="investigate",
    risk="med",
    effort="Medium",
    confidence=0.4,
)
def trail_data_events(used: Used, *, least_cost: int = 10) -> Iterator[Finding]:
    """Find data events, of which every one is paid; a selector may leave out what nobody asks about.

    How many that are the bill does not tell: nothing is expected, the most is all of it. Below `least_cost` a
    month looking costs more.
    """
    for recorded in used.ask(SQL, least_cost=least_cost):
        yield used.finding(
            recorded,
            Saving(Decimal(0), Decimal(0), recorded.monthly_cost),
            scope=f"{recorded.sub_account_id} {recorded.region_id}",
            reason=f"{recorded.quantity:,.0f} data events were recorded, for {recorded.monthly_cost:,.2f} a"
            " month; advanced selectors can leave out buckets, functions and kinds of events.",
            formula=f"at most {recorded.cost:.2f} x 730 / {used.window.hours} h"
            f" = {recorded.monthly_cost:.2f}",
            preconditions=["security says which buckets, functions and tables have to be watched"],
            steps=[
                "aws cloudtrail get-event-selectors: is it all buckets and functions, reads too?",
                "Count events by eventSource, eventName and resource over a day of the trail.",
                "Leave out the loudest that nobody asks about, by advanced event selectors.",
                "A trail that writes into a bucket which it watches records its own writing: leave it out.",
            ],
        )
