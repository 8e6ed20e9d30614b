"""Which caches, search domains and document databases pay for extended support?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_UPGRADES = {
    "AmazonElastiCache": "aws elasticache modify-replication-group --engine valkey --engine-version …",
    "AmazonES": "aws opensearch upgrade-domain --domain-name … --target-version …",
    "AmazonDocDB": "aws docdb modify-db-cluster --engine-version … --allow-major-version-upgrade",
}


@check(
    "Which caches, search domains and document databases pay for extended support?",
    number=31,
    kind="modernise",
    action="modernise",
    risk="med",
    effort="Medium",
    confidence=0.8,
    reversible=False,
)
def managed_extended_support(used: Used, *, third_year_factor: Decimal = Decimal(2)) -> Iterator[Finding]:
    """Find the charge for an engine past its standard support: an upgrade ends all of it.

    Of ElastiCache it is 80 % of the node's price in the first two years and 160 % in the third, hence
    `third_year_factor`; no step is told of the other services, whose meters do not tell of years.
    """
    for one in used.ask(SQL):
        step = third_year_factor * one.monthly_cost
        rises = one.service_code == "AmazonElastiCache" and "Yr3" not in one.sku_meter
        told = f" In the third year it is {step:,.2f} a month." if rises else ""
        yield used.finding(
            one,
            Saving.exactly(one.monthly_cost),
            scope=f"{one.service_code} {one.sub_account_id} {one.region_id}",
            reason=f"Extended support of {one.service_name} cost {one.cost:,.2f} in the window,"
            f" {one.monthly_cost:,.2f} a month.{told}",
            formula=f"{one.cost:.2f} x 730 / {used.window.hours} h = {one.monthly_cost:.2f}",
            evidence={"monthly_cost_in_third_year": step} if rises else {},
            money="extended support",
            restarts=True,
            preconditions=["clients work with the new major version"],
            steps=[
                "Test the application with a copy of the new version.",
                _UPGRADES[one.service_code],
            ],
        )
