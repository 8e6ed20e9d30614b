"""Every sum and ratio of a part by name, and what each ratio is a part of, in words."""

from collections.abc import Iterator
from decimal import Decimal

from finops_mcp.analytics.commitments.measures import Denominator, Scope, coverage
from finops_mcp.analytics.commitments.parts import Part

SCOPES: tuple[Scope, ...] = ("rate.commitments", "rate.all", "rate.net")
DENOMINATORS: tuple[Denominator, ...] = ("list", "contracted")


def coverages(part: Part, price: Denominator) -> dict[str, Decimal | None]:
    """Give the covered share of eligible use: in all, by Savings Plans, by reservations (in units)."""
    return {
        "coverage": part.coverage(price),
        "coverage_by_plans": coverage(*part.plan_use(price)),
        "coverage_by_reservations": coverage(*part.reserved_use),
    }


def ratios(part: Part, price: Denominator, *, net: bool, gross_told: bool) -> dict[str, Decimal | None]:
    """Give every ratio, each a fraction: utilization, coverage, and the savings rate of each scope and price.

    `net` is after private discounts; without `gross_told` the export tells no cost before them.
    """
    rates = {
        f"{scope.replace('.', '_')}_{at}": part.rate(scope, at, gross_told=gross_told)
        for scope in SCOPES
        for at in DENOMINATORS
    }
    return {
        "utilization_of_plans": part.of_plans,
        "utilization_of_reservations": part.of_reservations[0],
        "utilization_by_cost": part.by_cost(net=net),
        **coverages(part, price),
        **rates,
    }


def amounts(part: Part, price: Denominator, *, net: bool) -> dict[str, Decimal]:
    """Give what was covered and left on demand, what commitments cost, and what they saved."""
    covered, on_demand = part.use(price)
    used, unused = part.paid(net=net)
    return {
        "covered_cost": covered,
        "on_demand_cost": on_demand,
        "used_cost": used,
        "unused_cost": unused,
        "net_savings": part.savings(net=net),
    }


def denominators(part: Part, price: Denominator, *, net: bool) -> Iterator[tuple[str, Decimal, bool, str]]:
    """Name each ratio with the amount that it is a part of, whether that is money, and words for it."""
    at = "negotiated" if price == "contracted" else "public"
    units = "normalised units x hours"
    counted = part.of_reservations[0] is not None
    reserved = (part.reserved_units or part.reserved_hours) if counted else None
    held = units if part.reserved_units else "hours"
    for name, amount, is_money, words in (
        ("utilization_of_plans", part.total_commitment, True, "that Savings Plans committed to"),
        ("utilization_of_reservations", reserved, False, f"{held} that reservations held"),
        ("utilization_by_cost", sum(part.paid(net=net)), True, "that commitments cost, used and unused"),
        (
            "coverage",
            sum(part.use(price)),
            True,
            f"of covered and eligible on-demand use at {at} prices; no spot",
        ),
        (
            "coverage_by_plans",
            sum(part.plan_use(price)),
            True,
            f"of use that Savings Plans covered or could cover at {at} prices; nothing reserved, no spot",
        ),
        (
            "coverage_by_reservations",
            sum(part.reserved_use),
            False,
            f"{units} reserved or on demand; nothing that Savings Plans covered, no spot",
        ),
    ):
        if amount:
            yield name, Decimal(amount), is_money, words
