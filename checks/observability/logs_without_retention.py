"""Which logs grow every month, as if nothing were ever deleted?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which logs grow every month, as if nothing were ever deleted?",
    number=42,
    kind="storage",
    action="modernise",
    risk="low",
    effort="VeryLow",
    confidence=0.6,
    reversible=False,
)
def logs_without_retention(used: Used, *, months_growing: int = 3, least_cost: int = 1) -> Iterator[Finding]:
    """Find stored logs that were more in each of three whole months than in the one before.

    Expected is what a month of growth costs, which a retention ends; the least that of the month that grew
    least, the most all but what those months wrote, were a retention as long as they are. A log group kept
    for a year or more that is younger than that also grows: its retention is to be looked at first.
    """
    for log in used.ask(SQL, months_growing=months_growing, least_cost=least_cost):
        size = log.monthly_quantity
        rate = log.monthly_cost / size
        expected = log.gb_a_month * rate
        kept = months_growing * log.gb_a_month
        yield used.finding(
            log,
            Saving(log.least_gb_a_month * rate, expected, max((size - kept) * rate, expected)),
            scope=f"{log.sub_account_id} {log.region_id}",
            reason=f"{size:,.1f} GB of logs cost {log.monthly_cost:,.2f} a month and were more in each of the"
            f" last {months_growing} whole months, by {log.gb_a_month:,.1f} GB on average: each month adds"
            f" {expected:,.2f} to every month after it.",
            formula=f"{log.gb_a_month:.2f} GB x {log.monthly_cost:.2f} / {size:.2f} GB = {expected:.2f}; at"
            f" most ({size:.2f} - {months_growing} x {log.gb_a_month:.2f}) GB x {rate:.4f}",
            evidence={
                "size_gb": size,
                "gb_a_month": log.gb_a_month,
                "growing_since": f"{log.since_month:%Y-%m}",
            },
            preconditions=[
                "its retention is unset, or longer than anybody reads (describe-log-groups tells)",
                "what law or contract asks to be kept is exported to S3 first: a retention deletes for good",
            ],
            steps=[
                "aws logs describe-log-groups --query 'logGroups[?!retentionInDays]'",
                "aws logs put-retention-policy --retention-in-days 90 --log-group-name …",
                "Have new groups begin with one: a rule on CreateLogGroup, or the template that makes them.",
            ],
        )
