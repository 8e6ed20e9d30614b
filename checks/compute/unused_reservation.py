"""Which capacity reservations are paid for while nothing runs in them?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which capacity reservations are paid for while nothing runs in them?",
    number=26,
    kind="idle",
    action="delete",
    risk="low",
    effort="VeryLow",
    confidence=0.95,
)
def unused_reservation(used: Used) -> Iterator[Finding]:
    """AWS meters the hours of reserved capacity without an instance apart: nothing is guessed."""
    for held in used.ask(SQL):
        yield used.finding(
            held,
            Saving.exactly(held.monthly_cost),
            scope=f"{held.sub_account_id} {held.region_id} {held.sku_meter}",
            reason=f"{held.quantity:.0f} hours of reserved capacity ({held.sku_meter}) had no instance in"
            f" them: {held.cost:.2f} in the window, {held.monthly_cost:.2f} a month.",
            formula=f"{held.cost:.2f} x 730 / {used.window.hours} h = {held.monthly_cost:.2f}",
            preconditions=["the capacity is not held for a failover, a launch or a peak to come"],
            steps=[
                "aws ec2 describe-capacity-reservations, and ask who holds it for what.",
                "aws ec2 cancel-capacity-reservation, or modify-capacity-reservation to fewer instances.",
                "The same capacity may not be there again when it is wanted.",
            ],
        )
