"""Which instances that are not production run day and night?"""

from collections.abc import Iterator

from finops_mcp.savings import (
    DEVELOPMENT,
    WEEK,
    Finding,
    Used,
    beside,
    check,
    environment_of,
    in_working_hours,
    is_development,
)

SQL = beside(__file__)


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
    named: str = DEVELOPMENT,
) -> Iterator[Finding]:
    """Find instances of a named other environment on for 95 % of all hours: people work in some of them.

    Expected is a week of 5 days of 12 hours, the least one of 6 days of 16, the most one of 5 days of 8.
    An environment that is not told, or has a name that says neither, is no finding.
    """
    for instance in used.ask(SQL, least_share=least_share):
        environment = environment_of(instance.tags or {})
        if not is_development(environment, named):
            continue
        saving = in_working_hours(
            instance.monthly_cost, hours_wanted, hours_wanted_at_most, hours_wanted_at_least
        )
        share = instance.quantity / used.window.hours
        yield used.finding(
            instance,
            saving,
            reason=f"Of environment {environment}, on for {share:.0%} of all hours, at"
            f" {instance.monthly_cost:.2f} a month; on for {hours_wanted} of {WEEK} hours a week it"
            f" costs {instance.monthly_cost - saving.expected:.2f}.",
            formula=f"{instance.monthly_cost:.2f} x (1 - {hours_wanted} / {WEEK}) = {saving.expected:.2f}",
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
