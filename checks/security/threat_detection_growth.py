"""Where does threat detection cost far more than in the days before?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Where does threat detection cost far more than in the days before?",
    number=60,
    kind="governance",
    action="investigate",
    risk="med",
    effort="Medium",
    confidence=0.3,
)
def threat_detection_growth(
    used: Used, *, times: Decimal = Decimal("1.5"), least_cost: int = 10
) -> Iterator[Finding]:
    """Find meters of GuardDuty, Inspector and Macie that cost 1.5 times what as many days before did.

    They follow what they watch: a loud source is what is to be found. Nothing is expected, the most is the
    growth. Below `least_cost` a month of growth nobody looks.
    """
    for watched in used.ask(SQL, times=times, least_cost=least_cost):
        grown = watched.monthly_cost - watched.monthly_before
        yield used.finding(
            watched,
            Saving(Decimal(0), Decimal(0), grown),
            scope=f"{watched.sub_account_id} {watched.region_id} {watched.sku_meter}",
            reason=f"{watched.service_name} costs {watched.monthly_cost:,.2f} a month by {watched.sku_meter},"
            f" and cost {watched.monthly_before:,.2f} in as many days before.",
            formula=f"at most {watched.monthly_cost:.2f} - {watched.monthly_before:.2f} = {grown:.2f}",
            evidence={"monthly_cost_before": watched.monthly_before},
            preconditions=["security agrees to each source that is left out: it is watched no more"],
            steps=[
                "aws guardduty get-usage-statistics, by data source and by resource.",
                "Find what is loud in S3 data events, EKS audit logs or flow logs: it may cost twice.",
                "Turn off a protection plan where nothing needs it, rather than all of it.",
            ],
        )
