"""Which provisioned throughput of models does nobody call?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.analytics.ai_meters import is_committed_throughput, is_reserved_throughput
from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which provisioned throughput of models does nobody call?",
    number=70,
    kind=("idle", "modernise"),
    action="delete",
    risk="med",
    effort="Low",
    confidence=0.8,
    needs="metrics",
)
def provisioned_throughput(used: Used, *, least_days: int = 14) -> Iterator[Finding]:
    """Find model units without a call in two weeks of metrics: they are paid by the hour, called or not.

    Tokens through them are not metered, so that the bill does not show their use. All three amounts are what
    they cost; of those with a term of a month or more nothing is saved before it ends, and they are to be
    looked into.
    """
    for held in used.ask(SQL, least_days=least_days):
        if not is_reserved_throughput(held.sku_meter):
            continue
        cost, nothing = held.monthly_cost, Decimal(0)
        committed = is_committed_throughput(held.sku_meter)
        until = "until its term ends, which no export tells" if committed else "until it is deleted"
        yield used.finding(
            held,
            Saving(nothing, nothing, cost) if committed else Saving.exactly(cost),
            action="investigate" if committed else "delete",
            tier="METRICS",
            reason=f"{held.days_told} days without a call, and {cost:,.2f} a month are paid {until}.",
            formula=f"{held.cost:.2f} x 730 / {used.window.hours} h = {cost:.2f}",
            evidence={"days_of_metrics": held.days_told, "invocations": 0},
            preconditions=["a model of one's own may be called by provisioned throughput alone"],
            steps=[
                "aws bedrock list-provisioned-model-throughputs: commitmentExpirationTime says when it ends.",
                f"aws bedrock delete-provisioned-model-throughput --provisioned-model-id {held.name}",
                "Ask on demand, or by a batch, where calls are few.",
            ],
        )
