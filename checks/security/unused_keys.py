"""Which encryption keys are paid for and not used?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which encryption keys are paid for and not used?",
    number=61,
    kind=("idle", "governance"),
    action="delete",
    risk="high",
    effort="Low",
    confidence=0.4,
    needs="resource_ids",
)
def unused_keys(used: Used) -> Iterator[Finding]:
    """Find keys without a request in the window; what was encrypted with one is lost when it is deleted.

    Expected and most are what the key costs (a dollar a month, and one for each rotation), the least nothing:
    an archive's key is asked for when it is restored. Where the bill has no request at all, it may not tell
    them, and nothing is expected.
    """
    for key in used.ask(SQL):
        cost = key.monthly_cost
        expected = cost if key.shown else Decimal(0)
        yield used.finding(
            key,
            Saving(Decimal(0), expected, cost),
            action="delete" if key.shown else "investigate",
            deletes=True,
            reason=f"The key costs {cost:.2f} a month, and the bill has no request for it.",
            formula=f"{key.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
            missing=["nothing that is kept, such as a snapshot, backup or archive, is encrypted with it"],
            preconditions=["CloudTrail has no use of it for a year"],
            idle_by_bill_alone=True,
            steps=[
                "Look in CloudTrail for its use, and for snapshots, buckets and databases that name it.",
                "aws kms disable-key --key-id …, which can be undone, and wait for a quarter.",
                "aws kms schedule-key-deletion --pending-window-in-days 30 --key-id …",
            ],
        )
