"""Which services for data are left on day and night, outside production or for search alone?"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from finops_mcp.savings import (
    Finding,
    Saving,
    Used,
    beside,
    check,
    environment_of,
    in_working_hours,
    is_development,
)

SQL = beside(__file__)
_STEPS: Mapping[str, Sequence[str]] = {
    "search collection": [
        "aws opensearchserverless list-collections: the last one deleted ends the capacity.",
        "A collection without standby replicas, for tests, takes half of the least capacity.",
        "S3 Vectors or a small database may hold what a knowledge base searches, and cost nothing idle.",
    ],
    "broker": [
        "aws kafka list-clusters-v2, and BytesInPerSec of each.",
        "A cluster cannot be stopped: share one by topics, or use a serverless one for tests.",
    ],
    "EMR cluster": [
        "aws emr put-auto-termination-policy --idle-timeout 3600 --cluster-id …",
        "Start clusters for a job and let them end with it, or run it on EMR Serverless.",
    ],
}


@check(
    "Which services for data are left on day and night, outside production or for search alone?",
    number=71,
    kind="idle",
    action="stop",
    risk="med",
    effort="Medium",
    confidence=0.5,
    needs="hourly",
)
def data_services(used: Used, *, least_share: float = 0.95, least_cost: int = 10) -> Iterator[Finding]:
    """Find EMR clusters and brokers of development, and search collections, on for 95 % of all hours.

    A cluster of EMR can end in the evening: expected is a week of 60 of 168 hours (96 at most, 40 at least).
    Brokers and collections cannot be stopped, only deleted: nothing is expected, the most is all they cost. A
    collection holds capacity by the hour however few searches it has, so that it is told of any environment.
    """
    for service in used.ask(SQL, least_share=least_share, least_cost=least_cost):
        environment = environment_of(service.tags or {})
        if service.kind != "search collection" and not is_development(environment):
            continue
        cost, stops = service.monthly_cost, service.kind == "EMR cluster"
        saving = in_working_hours(cost) if stops else Saving(Decimal(0), Decimal(0), cost)
        of = f" of environment {environment}" if environment else ""
        yield used.finding(
            service,
            saving,
            scope=f"{service.sub_account_id} {service.region_id} {service.kind}s",
            action="stop" if stops else "investigate",
            reason=f"The {service.kind}{of} was on for nearly every hour, at {cost:,.2f} a month"
            + (f"; in working hours it costs {cost - saving.expected:,.2f}." if stops else "."),
            formula=f"{cost:.2f} x (1 - 60 / 168) = {saving.expected:.2f}"
            if stops
            else f"at most {cost:.2f}",
            preconditions=["nothing reads or writes at night, and what it holds can be loaded again"],
            idle_by_bill_alone=True,
            steps=_STEPS[service.kind],
        )
