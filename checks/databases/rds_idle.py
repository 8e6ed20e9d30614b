"""Which databases does nobody connect to, and which are a size too large?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_STOPPED = (
    "A stopped instance is started again by RDS after seven days: take a snapshot and delete it instead."
)


@check(
    "Which databases does nobody connect to, and which are a size too large?",
    number=27,
    kind=("idle", "rightsizing"),
    action="rightsize",
    risk="med",
    effort="Low",
    confidence=0.7,
    needs=("metrics", "recommendations"),
)
def rds_idle(used: Used, *, least_days: int = 14, idle_cpu: int = 5, most_cpu: int = 40) -> Iterator[Finding]:
    """Find instances without a connection and with little CPU for two weeks, or with CPU for one size less.

    A size less has half the processors at half the price: 40 % of the larger is 80 % of it, which leaves a
    fifth. Connections or CPU that the metrics lack are not taken for none.
    """
    for database in used.ask(SQL, least_days=least_days):
        if database.cpu is None:
            continue
        name = database.resource_id.rsplit(":", 1)[-1]
        said = f"over {database.days_told} days, CPU of {database.cpu:.1f} % at most"
        evidence = {"connections": database.connections, "cpu": database.cpu, "days_told": database.days_told}
        cost, half = database.monthly_cost, database.monthly_cost / 2
        if database.connections == 0 and database.cpu < idle_cpu:
            yield used.finding(
                database,
                Saving.exactly(cost),
                action="delete",
                deletes=True,
                snapshot_first=True,
                tier="METRICS",
                reason=f"No connection {said}; the instance costs {cost:,.2f} a month.",
                formula=f"{database.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
                evidence=evidence,
                preconditions=["no job of the quarter or year needs it", "a last snapshot"],
                steps=[
                    _STOPPED,
                    f"aws rds delete-db-instance --db-instance-identifier {name} with a snapshot.",
                ],
            )
        elif database.cpu <= most_cpu:
            yield used.finding(
                database,
                Saving(Decimal(0), half, half),
                kinds=("rightsizing",),
                restarts=True,
                tier="METRICS",
                reason=f"{said[0].upper()}{said[1:]}: a size less has half the processors, at {half:,.2f}.",
                formula=f"{cost:.2f} / 2 = {half:.2f}; {database.cpu:.1f} % x 2 is at most 80 %",
                evidence=evidence,
                missing=["memory: half of it has to be enough, as FreeableMemory tells"],
                preconditions=["the family has a smaller size"],
                steps=[f"aws rds modify-db-instance --db-instance-identifier {name} --db-instance-class …"],
            )
