"""Which instances that are not production run day and night?"""

import re
from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.analytics.savings.rubric import environment_of, is_production
from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_HOURS_OF_WEEK = 168


@check(
    "Which instances that are not production run day and night?",
    number=23,
    kind="idle",
    action="stop",
    risk="low",
    effort="Low",
    confidence=0.6,
    needs="resource_ids",
)
def nonprod_schedule(
    used: Used,
    *,
    least_share: float = 0.95,
    hours_wanted: int = 60,
    hours_wanted_at_most: int = 96,
    hours_wanted_at_least: int = 40,
    named: str = r"(dev|test|tst|qa|uat|stag|stg|sandbox|sbx|demo|lab|non.?prod|pre.?prod)",
) -> Iterator[Finding]:
    """Find instances of a named other environment on for 95 % of all hours: people work in some of them.

    Expected is a week of 5 days of 12 hours, the least one of 6 days of 16, the most one of 5 days of 8.
    An environment that is not told, or has a name that says neither, is no finding.
    """
    for instance in used.ask(SQL, least_share=least_share):
        environment = environment_of(instance.tags or {})
        if not environment or is_production(environment) or not re.search(named, environment.lower()):
            continue
        low, expected, high = (
            instance.monthly_cost * (1 - Decimal(wanted) / _HOURS_OF_WEEK)
            for wanted in (hours_wanted_at_most, hours_wanted, hours_wanted_at_least)
        )
        share = instance.quantity / used.window.hours
        yield used.finding(
            instance,
            Saving(low, expected, high),
            reason=f"Of environment {environment}, on for {share:.0%} of all hours, at"
            f" {instance.monthly_cost:.2f} a month; on for {hours_wanted} of {_HOURS_OF_WEEK} hours a week it"
            f" costs {instance.monthly_cost - expected:.2f}.",
            formula=f"{instance.monthly_cost:.2f} x (1 - {hours_wanted} / {_HOURS_OF_WEEK}) = {expected:.2f}",
            evidence={"environment": environment, "share_of_hours": f"{share:.4f}"},
            preconditions=[
                "nothing has to run there at night or on weekends, such as tests or people far away",
                "what runs there starts again by itself, and keeps nothing on instance store",
            ],
            steps=[
                "Ask its owner which hours it is needed in.",
                "Tag it for Instance Scheduler on AWS, or let EventBridge Scheduler stop and start it.",
                "An Auto Scaling group takes scheduled actions instead.",
            ],
        )
