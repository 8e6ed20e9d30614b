"""Which WorkSpaces would cost less in the other running mode?"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finops_mcp.savings import Finding, Saving, Used, beside, check

SQL = beside(__file__)
_MONTH = 730
_NOTHING = Decimal(0)


@check(
    "Which WorkSpaces would cost less in the other running mode?",
    number=56,
    kind="modernise",
    action="modernise",
    risk="low",
    effort="Low",
    confidence=0.8,
    needs="resource_ids",
)
def workspace_mode(used: Used, *, break_even_hours: int = 80, least_days: int = 14) -> Iterator[Finding]:
    """Compare AutoStop (a small fee, and each hour) with AlwaysOn (a month's price) of the same bundle.

    Where the other mode's price is not known, `break_even_hours` a month stand in for it: AlwaysOn is
    expected to save the hours above them, and AutoStop saves at most the part of the price of those that are
    not used. How long one that is always on is used, only metrics tell (UserConnected, avg).
    """
    for space in used.ask(SQL, least_days=least_days):
        found = (
            _always_on(used, space, break_even_hours)
            if space.stops
            else _auto_stop(used, space, break_even_hours)
        )
        if found is not None and found[0].high > 0:
            saving, mode, formula, source = found
            now = "with AutoStop" if space.stops else "always on"
            saves = f"{saving.expected:.2f}" if saving.expected else f"at most {saving.high:.2f}"
            yield used.finding(
                space,
                saving,
                action="modernise" if saving.expected else "investigate",
                tier="CUR" if space.stops else "METRICS",
                reason=f"Used for {_hours(space):.0f} hours a month it costs {space.monthly_cost:.2f} {now};"
                f" {mode} saves {saves}.",
                formula=formula,
                rate_source=source,
                evidence={"hours_used_a_month": f"{_hours(space):.1f}"},
                preconditions=["it is used next month as it was in this one"],
                steps=[
                    (
                        f"aws workspaces modify-workspace-properties --workspace-id {space.name}"
                        f" --workspace-properties RunningMode={'ALWAYS_ON' if space.stops else 'AUTO_STOP'}"
                    ),
                    "AWS's Cost Optimizer for WorkSpaces does the same every month, by hours used.",
                ],
            )


def _hours(space: Any) -> Decimal:
    if space.stops:
        return Decimal(space.hours)
    return Decimal(str(space.share_connected)) * _MONTH


def _always_on(used: Used, space: Any, break_even: int) -> tuple[Saving, str, str, str] | None:
    """Give what AlwaysOn saves of one that stops by itself, how, and who tells its price."""
    cost, hours = space.monthly_cost, space.hours
    price = used.prices.known(space.service_code, space.bundle, space.region_id, space.billing_currency)
    if price is None:
        if hours <= break_even:
            return None
        saved = space.cost_of_hours * (1 - break_even / hours)
        formula = f"{space.cost_of_hours:.2f} x (1 - {break_even} / {hours:.1f} h) = {saved:.2f}"
        return Saving(_NOTHING, saved, saved), "AlwaysOn", formula, f"a break-even of {break_even} hours"
    saved = cost - price.amount
    if saved <= 0:
        return None
    return Saving.exactly(saved), "AlwaysOn", f"{cost:.2f} - {price.amount:f} = {saved:.2f}", price.source


def _auto_stop(used: Used, space: Any, break_even: int) -> tuple[Saving, str, str, str] | None:
    """Give what AutoStop saves of one that is always on, where metrics tell its hours."""
    if space.share_connected is None:
        return None
    cost, hours = space.monthly_cost, _hours(space)
    fee, hour = (
        used.prices.known(
            space.service_code, f"{space.bundle}-AutoStop-{part}", space.region_id, space.billing_currency
        )
        for part in ("User", "Usage")
    )
    if fee is None or hour is None:
        most = cost * (1 - hours / break_even)
        formula = f"at most {cost:.2f} x (1 - {hours:.1f} / {break_even} h) = {most:.2f}"
        return (
            (Saving(_NOTHING, _NOTHING, most), "AutoStop", formula, f"a break-even of {break_even} hours")
            if most > 0
            else None
        )
    saved = cost - fee.amount - hours * hour.amount
    formula = f"{cost:.2f} - ({fee.amount:f} + {hours:.1f} h x {hour.amount:f}) = {saved:.2f}"
    return (Saving.exactly(saved), "AutoStop", formula, hour.source) if saved > 0 else None
