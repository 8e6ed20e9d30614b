"""Rows in, findings out: a home of a handful of line items, and one check over it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finops_mcp.analytics.savings.finding import Finding
from finops_mcp.cache.costs import Costs
from finops_mcp.cache.used.reading import newest_window
from finops_mcp.content import built_in
from finops_mcp.savings.check import find_checks
from finops_mcp.savings.findings import run
from finops_mcp.savings.inputs import Inputs
from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row

FIRST, DAYS = date(2026, 6, 1), 30
"""June 2026: 30 days and 720 hours, so that a month's part of GB-Mo is the month itself."""
HOURS = DAYS * 24
CHECKS = {c.name: c for c in find_checks(built_in("checks"))}
NON_PROD = {"user_env": "dev"}
"""Tags that keep the risk as the check has it: without them it is a step more."""


def item(
    meter: str,
    quantity: str | float,
    cost: str | Decimal,
    *,
    resource: str | None = "r-1",
    service: str = "AmazonEC2",
    unit: str = "Hrs",
    operation: str = "",
    region: str = "us-east-1",
    tags: dict[str, str] | None = None,
    days: Iterable[int] = range(DAYS),
    **columns: Any,
) -> list[Row]:
    """Make up what one meter charged in June: `quantity` and `cost` are of each day's one line.

    `columns` are CUR 2.0's own (line_item_…, pricing_…, product_…), for what is not named here.
    """
    rows = []
    for day in days:
        start = datetime.combine(FIRST + timedelta(days=day), datetime.min.time()) + timedelta(hours=23)
        rows.append(
            charge(
                cost,
                FIRST,
                identity_line_item_id=f"{resource}-{meter}-{operation}-{day}",
                line_item_usage_start_date=start,
                line_item_usage_end_date=start + timedelta(hours=1),
                line_item_usage_type=meter,
                line_item_usage_amount=str(quantity),
                line_item_resource_id=resource,
                line_item_product_code=service,
                line_item_operation=operation,
                pricing_unit=unit,
                product={"product_name": service, "region": region},
                product_region_code=region,
                resource_tags=NON_PROD if tags is None else tags,
                **columns,
            )
        )
    return rows


def over_the_month(meter: str, quantity: str, cost: str, **more: Any) -> list[Row]:
    """Make up what one meter charged in June, told as what the whole month adds up to."""
    return item(meter, str(Decimal(quantity) / DAYS), str(Decimal(cost) / DAYS), **more)


@dataclass(frozen=True)
class Rows:
    """What a test is handed: `look` runs a check over line items, `costs` loads them."""

    make: Callable[[], TinyHome]

    def costs(self, *items: Sequence[Row], home: TinyHome | None = None) -> Costs:
        """Load line items of June, beside a cent of other use on every day."""
        tiny = home or self.make()
        everyday = item("Requests-Tier1", 1, "0.01", resource="bucket", service="AmazonS3", unit="Requests")
        tiny.deliver([row for some in (everyday, *items) for row in some], FIRST)
        tiny.refresh()
        return tiny.costs()

    def look(
        self, name: str, *items: Sequence[Row], home: TinyHome | None = None, **thresholds: Any
    ) -> list[Finding]:
        """Load line items, and give what one check finds; `thresholds` stand in for its own."""
        return look(name, self.costs(*items, home=home), **thresholds)


def look(name: str, costs: Costs, **thresholds: Any) -> list[Finding]:
    """Run one check over loaded charges. A check that lacks an input fails the test with what it lacks."""
    check, inputs = CHECKS[name], Inputs(costs)
    assert inputs.lacking(check.mark.needs) is None, inputs.lacking(check.mark.needs)
    return run(costs, check, newest_window(costs), inputs, **thresholds)


def cents(amount: Decimal) -> Decimal:
    """Round as people read it."""
    return amount.quantize(Decimal("0.01"))


@pytest.fixture(scope="session")
def rows(tiny_home: Callable[[], TinyHome]) -> Rows:
    return Rows(tiny_home)
