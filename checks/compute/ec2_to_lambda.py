"""Which small instances might cost less as Lambda functions?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check, who_says

SQL = beside(__file__)
_SECONDS_OF_MONTH = 730 * 3600
_MB_OF_GB = 1024


@check(
    "Which small instances might cost less as Lambda functions?",
    number=49,
    kind="migration",
    action="modernise",
    risk="high",
    effort="VeryHigh",
    confidence=0.3,
    needs="resource_ids",
)
def ec2_to_lambda(
    used: Used,
    *,
    memory_mb: int = 512,
    assumed_ms: int = 120,
    least_share: float = 0.95,
    longer: float = 2,
) -> Iterator[Finding]:
    """Compare what requests would cost in Lambda with small burstable instances that are on all the time.

    Requests and their duration are in no bill: a file of metrics tells them (RequestCount, sum, and
    TargetResponseTime, avg, of the instance). Expected and most take them as they are, the least has
    requests twice as long. Without them it is to be looked into: nothing is expected, the most is the whole
    instance, and the break-even is of requests of `assumed_ms`.
    """
    instances = used.ask(SQL, least_share=least_share)
    for instance, prices in used.prices.of(instances, _meters, service="AWSLambda"):
        gb_second, request = (price.amount for price in prices)
        gb = Decimal(memory_mb) / _MB_OF_GB
        told = instance.monthly_requests is not None and instance.request_seconds is not None
        seconds = instance.request_seconds if told else Decimal(assumed_ms) / 1000
        cost, one = instance.monthly_cost, seconds * gb * gb_second + request
        even = cost / one
        per_second = even / _SECONDS_OF_MONTH
        break_even = (
            f"of {seconds * 1000:.0f} ms at {memory_mb} MB, Lambda costs less below {even / 1_000_000:.1f}"
            f" million requests a month ({per_second:.1f} a second)"
        )
        saving, formula = (
            Saving(Decimal(0), Decimal(0), cost),
            f"{cost:.2f} / {one:.9f} = {even:.0f} requests",
        )
        if told:
            requests = instance.monthly_requests
            saved = cost - requests * one
            if saved <= 0:
                continue
            slow = cost - requests * (one + seconds * gb * gb_second * (Decimal(str(longer)) - 1))
            saving = Saving(slow, saved, saved)
            formula = (
                f"{cost:.2f} - {requests:.0f} x ({seconds:.3f} s x {gb:f} GB x {gb_second:f} + {request:f})"
                f" = {saved:.2f}"
            )
        yield used.finding(
            instance,
            saving,
            action="modernise" if told else "investigate",
            tier="METRICS" if told else "CUR",
            reason=f"{instance.instance_type} is on all the time at {cost:.2f} a month; {break_even}."
            + ("" if told else " How many there are, the bill does not tell: no saving is claimed."),
            formula=formula,
            rate_source=f"your own bill for the instance; for Lambda {who_says(prices)}",
            evidence={"break_even_requests": f"{even:.0f}", "memory_mb": memory_mb},
            preconditions=[
                "what runs there answers requests or events, holds no state, and ends within 15 minutes",
                "costs of a load balancer, API Gateway and NAT gateway before and after are not in this sum",
            ],
            missing=["the memory that a function needs"]
            if told
            else ["requests a month", "the duration of one", "the memory that a function needs"],
            steps=[
                "Measure requests and their duration for two weeks, and give them: finops-duck inputs FILE.",
                "Move one kind of request, and compare a week of both.",
            ],
        )


def _meters(instance: Any) -> list[str]:
    """Name what a GB-second and a request are metered by in the instance's region."""
    before = instance.sku_meter.partition("BoxUsage")[0]
    return [f"{before}Lambda-GB-Second", f"{before}Request"]
