"""Which Redshift clusters could be paused in the hours that nobody uses them?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which Redshift clusters could be paused in the hours that nobody uses them?",
    number=54,
    kind="idle",
    action="stop",
    risk="med",
    effort="Low",
    confidence=0.6,
    needs="metrics",
)
def redshift_pause(used: Used, *, least_hours: int = 336) -> Iterator[Finding]:
    """Find hours without a connection: paused, a cluster costs its storage alone.

    Least are hours of the day that are free every day, expected those that are free every week on that
    weekday, and the most every hour that was free; two weeks of hours are the fewest to go by.
    """
    for cluster in used.ask(SQL, least_hours=least_hours):
        low, expected, high = (
            cluster.monthly_cost * hours / cluster.hours_told
            for hours in (cluster.idle_daily, cluster.idle_weekly, cluster.idle)
        )
        name = cluster.resource_id.rsplit(":", 1)[-1]
        yield used.finding(
            cluster,
            Saving(low, expected, high),
            tier="METRICS",
            restarts=True,
            reason=f"Of {cluster.hours_told} hours {cluster.idle} had no connection,"
            f" {cluster.idle_weekly} of them at a time of the week that never had one;"
            f" the nodes cost {cluster.monthly_cost:,.2f} a month.",
            formula=f"{cluster.monthly_cost:.2f} x {cluster.idle_weekly} / {cluster.hours_told} h"
            f" = {expected:.2f}",
            evidence={"hours_told": cluster.hours_told, "hours_idle": cluster.idle},
            preconditions=["no load begins at those hours by itself"],
            steps=[f"aws redshift create-scheduled-action that pauses and resumes {name} at those hours."],
        )
