"""Which databases pay for extended support, and when does that step up?"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_THIRD_YEARS = {
    "MySQL5.7": date(2026, 3, 1),
    "PostgreSQL11": date(2026, 4, 1),
    "PostgreSQL12": date(2027, 3, 1),
    "PostgreSQL13": date(2028, 3, 1),
    "MySQL8.0": date(2028, 8, 1),
}
"""When the price of the third year begins, of AWS's calendars as of 2025-09 (recall). A calendar moves: the
command that tells the newest is among the steps."""


@check(
    "Which databases pay for extended support, and when does that step up?",
    number=29,
    kind="modernise",
    action="modernise",
    risk="med",
    effort="High",
    confidence=0.95,
    reversible=False,
)
def rds_extended_support(used: Used, *, third_year_factor: int = 2) -> Iterator[Finding]:
    """Find what AWS charges by vCPU and hour for an engine past its standard support, standbys included.

    An upgrade of the major version ends all of it. The third year costs `third_year_factor` times the first
    two, as 0.20 against 0.10 in us-east-1; the saving is of today's charge, the step is told beside it.
    """
    for database in used.ask(SQL):
        engine = database.sku_meter.rsplit(":", 1)[-1]
        told, evidence = _step(used, database, engine, third_year_factor)
        yield used.finding(
            database,
            Saving.exactly(database.monthly_cost),
            scope=f"{database.sub_account_id} {database.region_id} {engine}",
            reason=f"Extended support of {engine}: {database.quantity:,.0f} vCPU-hours cost"
            f" {database.cost:,.2f} in the window, {database.monthly_cost:,.2f} a month. {told}",
            formula=f"{database.cost:.2f} x 730 / {used.window.hours} h = {database.monthly_cost:.2f}",
            evidence={"engine": engine, **evidence},
            money="extended support",
            restarts=True,
            preconditions=["the application is tested with the new major version"],
            steps=[
                "aws rds describe-db-major-engine-versions: until when each version is supported.",
                "Restore a snapshot, upgrade the copy, and test the application with it.",
                "aws rds create-blue-green-deployment: upgrade beside the old one, minutes of downtime.",
            ],
        )


def _step(used: Used, database: Any, engine: str, factor: int) -> tuple[str, dict[str, object]]:
    """Tell when the charge steps up and to what."""
    if ":Yr1-Yr2:" not in database.sku_meter:
        return "That is the price of the third year already.", {}
    if engine.startswith("AuroraMySQL"):
        return "Aurora MySQL 2 has no dearer third year.", {}
    known = _THIRD_YEARS.get(engine.removeprefix("Aurora"))
    third_year = known if known and known >= used.window.end else None
    dearer = factor * database.monthly_cost
    when = (
        f"From {third_year} on (recall: AWS's calendar of 2025-09 from memory, to be checked)"
        if third_year
        else "From the third year on, whose day the calendar of RDS tells,"
    )
    return f"{when} it is {dearer:,.2f} a month.", {
        "steps_up_on": third_year or "not known here",
        "monthly_cost_then": dearer,
        "steps_up_by": dearer - database.monthly_cost,
    }
