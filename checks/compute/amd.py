"""Which instances of Intel's would cost less as AMD's?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import LINUX, Finding, Used, beside, check, moved, successor

SQL = beside(__file__)


@check(
    "Which instances of Intel's would cost less as AMD's?",
    number=21,
    kind="modernise",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.5,
    needs="resource_ids",
)
def amd(used: Used, *, planned: float = 0.10) -> Iterator[Finding]:
    """Compare with AMD's family of the same generation and size; the same images run there.

    Where its price is known all three amounts are the difference; else expected and most are a tenth, by
    which AWS lists AMD below Intel, and the least half of it. A licence in the price stays what it is, so
    that with Windows the tenth is too much.
    """
    for instance in used.ask(SQL):
        to = successor(instance.instance_type, "amd")
        plain = instance.operation in LINUX
        move = to and moved(used, instance, to, Decimal(str(planned)), alike=plain)
        if not move:
            continue
        yield used.finding(
            instance,
            move.saving,
            reason=f"{instance.instance_type} costs {instance.monthly_cost:.2f} a month; {move.to}, the same"
            f" with AMD's processor, costs {move.less} less.",
            formula=move.formula,
            rate_source=move.source,
            evidence={"instance_type": instance.instance_type, "becomes": move.to},
            preconditions=["nothing on it needs an instruction that Intel alone has (AVX-512)"],
            missing=[] if plain else ["which part of the price is the licence"],
            restarts=True,
            steps=[
                f"Check that {move.to} is offered in the region and zone, and measure the load on one.",
                "Stop it, change its type, start it.",
            ],
        )
