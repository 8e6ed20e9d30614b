"""Which DynamoDB tables on demand are used so evenly that provisioned capacity would cost less?"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from finops_mcp.savings import Finding, Saving, UnitPrice, Used, beside, check, who_says

SQL = beside(__file__)
_SECONDS, _MONTH = 3600, 730


@dataclass(frozen=True)
class _Capacity:
    """What a table's reads or writes cost a month, by request and by capacity for the busiest hour."""

    meter: str
    now: Decimal
    at_busiest: Decimal
    """Units of capacity that serve the busiest hour's average, all of them used."""
    at_average: Decimal
    per_hour: Decimal
    break_even: Decimal

    def held(self, units: Decimal, utilisation: Decimal) -> Decimal:
        """Give what a month costs with capacity so large that `units` are that part of it."""
        return units / utilisation * self.per_hour * _MONTH


@check(
    "Which DynamoDB tables on demand are used so evenly that provisioned would cost less?",
    number=44,
    kind="modernise",
    action="modernise",
    risk="med",
    effort="Low",
    confidence=0.7,
    needs=("hourly", "resource_ids"),
)
def dynamodb_capacity_mode(
    used: Used,
    *,
    target: Decimal = Decimal("0.7"),
    burst: int = 2,
    least_saving: int = 1,
) -> Iterator[Finding]:
    """Compare requests with capacity for them: below 28.9 % of capacity used, requests are cheaper.

    A unit of capacity serves 3,600 requests an hour, so its price / (3,600 x a request's) breaks even.
    Expected is capacity for the busiest hour at `target` (AWS's own default of auto scaling), held all month;
    the least also serves a busiest minute of `burst` times that hour; the most follows the average of the
    month at `target`, which auto scaling comes near to at best. The way back, from provisioned to requests,
    needs what was consumed: the bill shows capacity alone.
    """
    tables = [_whole(list(kinds)) for _, kinds in groupby(sorted(used.ask(SQL), key=_table), key=_table)]
    for table, prices in used.prices.of(tables, _meters):
        capacities = [_capacity(used, *of) for of in zip(table.kinds, prices, strict=True)]
        now = sum((c.now for c in capacities), Decimal(0))
        expected = now - sum(c.held(c.at_busiest, target) for c in capacities)
        if expected < least_saving:
            continue
        low = now - sum(c.held(burst * c.at_busiest, target) for c in capacities)
        high = now - sum(c.held(c.at_average, target) for c in capacities)
        told = "; ".join(
            f"{c.meter}: {c.at_average:,.0f} a second on average, {c.at_busiest:,.0f} in the busiest hour;"
            f" {c.at_average / c.at_busiest * target:.1%} of capacity; {c.break_even:.1%} breaks even"
            for c in capacities
        )
        yield used.finding(
            table,
            Saving(min(low, expected), expected, max(high, expected)),
            reason=f"By request the table costs {now:,.2f} a month; with capacity for its busiest hour"
            f" {now - expected:,.2f}. {told}.",
            formula=f"{now:.2f} - ("
            + " + ".join(f"{c.at_busiest:.2f} / {target} x {c.per_hour:f} x {_MONTH} h" for c in capacities)
            + f") = {expected:.2f}",
            rate_source=who_says(prices),
            evidence={f"{c.meter}_break_even": f"{c.break_even:.4f}" for c in capacities},
            missing=["peaks within an hour: metrics of consumed capacity by the minute tell"],
            preconditions=["no change to on-demand mode needed within 24 hours: there are few a day"],
            steps=[
                "Look at ConsumedReadCapacityUnits and ConsumedWriteCapacityUnits by the minute.",
                "aws dynamodb update-table --billing-mode PROVISIONED, with auto scaling registered first.",
                "Watch throttled requests for a week; going back to requests is one call.",
            ],
        )


def _table(row: Any) -> tuple[str, ...]:
    return row.resource_id, row.sub_account_id or "", row.region_id or "", row.billing_currency


def _meters(table: Any) -> list[str]:
    return [kind.sku_meter.replace("RequestUnits", "CapacityUnit-Hrs") for kind in table.kinds]


def _capacity(used: Used, row: Any, price: UnitPrice) -> _Capacity:
    kind = "Write" if row.sku_meter.endswith("WriteRequestUnits") else "Read"
    return _Capacity(
        kind,
        row.monthly_cost,
        row.busiest / _SECONDS,
        row.quantity / (used.window.hours * _SECONDS),
        price.amount,
        price.amount * row.quantity / (_SECONDS * row.cost),
    )


def _whole(kinds: list[Any]) -> SimpleNamespace:
    """Give one row of a table's reads and writes, `kinds`, with what they cost together."""
    first = vars(kinds[0])
    summed = {n: sum(vars(k)[n] for k in kinds) for n in ("cost", "monthly_cost", "committed_cost")}
    last = max(k.last_charge for k in kinds)
    return SimpleNamespace(**{**first, **summed, "last_charge": last, "kinds": kinds})
