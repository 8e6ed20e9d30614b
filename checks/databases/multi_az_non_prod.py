"""Which databases outside production pay for a standby?"""

from collections.abc import Iterator

from finops_mcp.savings import Finding, Saving, Used, beside, check, environment_of, is_production

SQL = beside(__file__)


@check(
    "Which databases outside production pay for a standby?",
    number=34,
    kind="rightsizing",
    action="rightsize",
    risk="med",
    effort="Low",
    confidence=0.7,
    needs="resource_ids",
)
def multi_az_non_prod(used: Used) -> Iterator[Finding]:
    """Find Multi-AZ instances whose tag names an environment that is not production: half is the standby's.

    A database without such a tag is none: nothing in a bill tells else what it is for.
    """
    for database in used.ask(SQL):
        environment = environment_of(database.tags or {})
        if environment is None or is_production(environment):
            continue
        half = database.monthly_cost / 2
        name = database.resource_id.rsplit(":", 1)[-1]
        yield used.finding(
            database,
            Saving.exactly(half),
            reason=f"In environment {environment}, the database and its standby cost"
            f" {database.monthly_cost:,.2f} a month; in one zone it costs {half:,.2f}.",
            formula=f"{database.monthly_cost:.2f} / 2 = {half:.2f}",
            evidence={"environment": environment},
            preconditions=["no test there is about failover, and an outage of a zone can be waited out"],
            steps=[
                f"aws rds modify-db-instance --db-instance-identifier {name} --no-multi-az",
                "It goes on without a restart; --multi-az brings the standby back.",
            ],
        )
