"""Every finding of every check over the newest whole days, judged, and remembered while nothing changes."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from finops_mcp.analytics.savings.finding import Finding
from finops_mcp.analytics.savings.winners import Judged, Pool, judged
from finops_mcp.cache.used.reading import Window, keep_used, newest_window, window_of
from finops_mcp.errors import PriceUnknown
from finops_mcp.savings.check import Check, Checks
from finops_mcp.savings.hub import of_hub
from finops_mcp.savings.inputs import Inputs
from finops_mcp.savings.prices import Unpriced
from finops_mcp.savings.remembering import remembered
from finops_mcp.savings.used import Used

if TYPE_CHECKING:
    from finops_mcp.cache.costs import Costs
    from finops_mcp.cache.opened import Opened

_NAMED = 3
_lock = threading.Lock()
_known: "WeakKeyDictionary[Opened, dict[tuple[object, ...], Findings]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Unlooked:
    """A check that could not look, or not at everything, and what to give so that it can.

    `regions` are those that it could not look at everything in; without any it did not look at all.
    """

    number: int
    title: str
    lacks: str
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What was found in a window, the dearest first, and what was not looked at."""

    window: Window
    all: tuple[Judged, ...]
    unlooked: tuple[Unlooked, ...]


def findings_of(costs: "Costs", checks: Checks, start: str | None = None, end: str | None = None) -> Findings:
    """Run every check that has what it needs, once for each generation, set of inputs and window.

    They are kept beside the generation, so that the next process does not look again. The window is the
    newest whole days, and what is gone by their end is left out, unless `start` and `end` (exclusive) say
    which days. Raises TooFewDays, ChargesNotKept, NoDataForPeriod, BackwardsDates.
    """
    window = _window(costs, start, end)
    past = start is not None or end is not None
    asked = (window, past, Inputs(costs).state)
    key = (checks.folders, *asked)

    def look() -> Findings:
        return _looked(costs, checks.all, window, past)

    with _lock:
        known = _known.setdefault(costs.opened, {})
        if key not in known:
            known[key] = remembered(costs.opened, checks.folders, asked, Findings, look)
        return known[key]


def run(costs: "Costs", check: Check, window: Window, inputs: Inputs, **thresholds: Any) -> list[Finding]:
    """Run one check; `thresholds` stand in for its own. Raises PriceUnknown."""
    return list(check.function(Used(costs, check, window, inputs), **thresholds))


def _window(costs: "Costs", start: str | None, end: str | None) -> Window:
    if start is None and end is None:
        return newest_window(costs)
    asked = costs.select(start=start, end=end).span
    return window_of(costs, asked.start, min(asked.end, costs.today + timedelta(days=1)))


def _looked(costs: "Costs", checks: Iterable[Check], window: Window, past: bool) -> Findings:
    inputs = Inputs(costs)
    found = of_hub(costs)
    unlooked = []
    for check in checks:
        lacks = inputs.lacking(check.mark.needs)
        if lacks is not None:
            unlooked.append(Unlooked(check.mark.number, check.mark.title, lacks))
            continue
        used = Used(costs, check, window, inputs)
        try:
            found += list(check.function(used))
        except PriceUnknown as error:
            unlooked.append(Unlooked(check.mark.number, check.mark.title, str(error)))
            continue
        unlooked += _left_out(check, used.prices.unpriced)
    if not past:
        found = [finding for finding in found if finding.ended is None]
    return Findings(window, tuple(judged(found, _slack(costs, window))), tuple(unlooked))


def _left_out(check: Check, unpriced: Iterable[Unpriced]) -> list[Unlooked]:
    """Say what a check left out for want of a price, and how much money that is: once for each currency."""
    of_currency: dict[str, list[Unpriced]] = {}
    for one in unpriced:
        of_currency.setdefault(one.currency, []).append(one)
    told = []
    for currency, some in sorted(of_currency.items()):
        some.sort(key=lambda one: (-one.monthly_cost, one.name))
        names = ", ".join(one.name for one in some[:_NAMED])
        more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
        cost = sum((one.monthly_cost for one in some), Decimal(0))
        regions = tuple(sorted({one.region for one in some}))
        told.append(
            Unlooked(
                check.mark.number,
                check.mark.title,
                f"a price in {', '.join(regions)}: {names}{more}, which cost {cost:,.2f} {currency} a month,"
                f" are left out. {some[0].why}",
                regions,
            )
        )
    return told


def _slack(costs: "Costs", window: Window) -> dict[Pool, Decimal]:
    """Give what each pool's use costs on demand a month: what freed commitments could pay instead."""
    rows = costs.ask(
        f"select billing_currency, pool, sum(monthly_cost) from {keep_used(costs, window)}"
        " where pool is not null and not committed and pricing_category = 'Standard' group by all"
    )
    return {(currency or "", pool): cost for currency, pool, cost in rows}
