"""Which Glue development endpoints were left on?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Glue development endpoints were left on?",
    number=53,
    kind="idle",
    action="delete",
    risk="low",
    effort="VeryLow",
    confidence=0.9,
)
def glue_dev_endpoint(used: Used, *, least_days: int = 7) -> Iterator[Finding]:
    """Find endpoints on for a week or more: every hour they exist is paid, and one is made in minutes."""
    for endpoint in used.ask(SQL, least_days=least_days):
        yield used.finding(
            endpoint,
            Saving.exactly(endpoint.monthly_cost),
            scope=f"{endpoint.sub_account_id} {endpoint.region_id}",
            reason=f"An endpoint for development was on for {endpoint.days_on} of {used.window.days} days:"
            f" {endpoint.quantity:,.2f} DPU-hours, {endpoint.cost:,.2f} in the window,"
            f" {endpoint.monthly_cost:,.2f} a month; last charged on {endpoint.last_charge:%Y-%m-%d}.",
            formula=f"{endpoint.cost:.2f} x 730 / {used.window.hours} h = {endpoint.monthly_cost:.2f}",
            preconditions=["nobody develops on it day and night"],
            idle_by_bill_alone=True,
            steps=[
                "aws glue list-dev-endpoints, and keep their settings for when one is needed again.",
                "aws glue delete-dev-endpoint --endpoint-name …; notebooks are to be saved first.",
                "Develop in interactive sessions instead: they end by themselves when idle.",
            ],
        )
