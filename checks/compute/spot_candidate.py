"""Which instances on demand could be spot?"""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)


@check(
    "Which instances on demand could be spot?",
    number=22,
    kind="rate",
    action="modernise",
    risk="high",
    effort="High",
    confidence=0.3,
    needs="resource_ids",
)
def spot_candidate(used: Used, *, planned: float = 0.55, share_on_spot: float = 0.5) -> Iterator[Finding]:
    """Find instances of Auto Scaling groups, and those tagged stateless: AWS may take one of spot back.

    Expected and most are 55 %, AWS's planning value, since prices of spot move; the least has half of the
    hours on spot.
    """
    for instance in used.ask(SQL):
        saved = instance.monthly_cost * Decimal(str(planned))
        yield used.finding(
            instance,
            Saving(saved * Decimal(str(share_on_spot)), saved, saved),
            reason=f"{instance.instance_type} costs {instance.monthly_cost:.2f} a month on demand, and its"
            f" tags say that another takes its place; spot costs about {planned:.0%} less.",
            formula=f"{instance.monthly_cost:.2f} x {planned} = {saved:.2f}",
            rate_source=f"a planning value of {planned:.0%}; what spot costs changes all the time",
            evidence={"instance_type": instance.instance_type},
            missing=["that what runs on it bears an end within two minutes"],
            steps=[
                "Give the group a mixed instances policy with several types, and a share on demand.",
                "Let it allocate by price and capacity, and handle the notice of two minutes.",
            ],
        )
