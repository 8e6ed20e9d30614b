"""Which instances are of a generation that a newer one costs less than?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import LINUX, Finding, Used, beside, check, moved, successor

SQL = beside(__file__)


@check(
    "Which instances are of a generation that a newer one costs less than?",
    number=19,
    kind="modernise",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.6,
    needs="resource_ids",
)
def previous_generation(used: Used, *, planned: float = 0.05) -> Iterator[Finding]:
    """Compare with the family that follows, at the same size.

    Where its price is known all three amounts are the difference; else expected and most are 5 %, AWS's own
    planning value for EC2, and the least half of it.
    """
    for instance in used.ask(SQL):
        to = successor(instance.instance_type, "previous")
        move = to and moved(used, instance, to, Decimal(str(planned)), alike=instance.operation in LINUX)
        if not move:
            continue
        yield used.finding(
            instance,
            move.saving,
            reason=f"{instance.instance_type} costs {instance.monthly_cost:.2f} a month; {move.to}, which"
            f" follows it, costs {move.less} less.",
            formula=move.formula,
            rate_source=move.source,
            evidence={"instance_type": instance.instance_type, "becomes": move.to},
            preconditions=[
                "its image has the drivers of Nitro (ENA, NVMe), and no commitment binds its family"
            ],
            restarts=True,
            steps=[
                f"Check that {move.to} is offered in the region and zone.",
                "Stop it, change its type, start it; a database changes in its maintenance window.",
            ],
        )
