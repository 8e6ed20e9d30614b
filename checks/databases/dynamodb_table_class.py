"""Which DynamoDB tables would cost less in the infrequent-access class?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which DynamoDB tables would cost less in the infrequent-access class?",
    number=45,
    kind=("storage", "modernise"),
    action="modernise",
    risk="low",
    effort="VeryLow",
    confidence=0.9,
    needs="resource_ids",
)
def dynamodb_table_class(
    used: Used,
    *,
    storage_factor: Decimal = Decimal("0.4"),
    throughput_factor: Decimal = Decimal("1.25"),
    least_saving: int = 1,
) -> Iterator[Finding]:
    """Compare S + T with 0.4 S + 1.25 T: Standard-IA stores for less and reads and writes for more.

    Reserved capacity does not serve that class: what is reserved is reckoned at its price on demand.
    """
    for table in used.ask(SQL):
        name = table.resource_id.rsplit("/", 1)[-1]
        stored = (1 - storage_factor) * table.storage
        dearer = throughput_factor * table.on_demand - table.throughput
        saved = stored - dearer
        if saved < least_saving:
            continue
        yield used.finding(
            table,
            Saving.exactly(saved),
            reason=f"Storage costs {table.storage:,.2f} a month, reads and writes {table.throughput:,.2f}: in"
            f" Standard-IA storage is {stored:,.2f} cheaper and the rest {dearer:,.2f} dearer.",
            formula=f"{1 - storage_factor} x {table.storage:.2f}"
            f" - ({throughput_factor} x {table.on_demand:.2f} - {table.throughput:.2f}) = {saved:.2f}",
            rate_source="your own bill, and the ratio of AWS's prices of the two classes",
            evidence={"storage_monthly": table.storage, "throughput_monthly": table.throughput},
            preconditions=["no more than one change of the class in the last 30 days"],
            steps=[
                f"aws dynamodb update-table --table-name {name} --table-class STANDARD_INFREQUENT_ACCESS",
                "The table stays in use meanwhile; two changes are allowed in 30 days.",
            ],
        )
