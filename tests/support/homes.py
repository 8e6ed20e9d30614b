"""A cache of one's own, and plain questions to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from finops_mcp.cache.costs import Costs
from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache
from finops_mcp.cache.refresh import Refreshed, Refresher
from finops_mcp.exports.patience import Patience
from tests.support.organisations import Row
from tests.support.renderings import CUR_RENDERINGS, Delivery

LIMITS = EngineLimits(memory_limit="1GB", threads=2)
ZERO = Decimal(0)


def refreshed(
    home: Home, source: Path | str, *, endpoint: str = "", keep: int = 2, patience: Patience | None = None
) -> Refreshed:
    """Refresh a home from a folder or an address."""
    return Refresher(
        home, LIMITS, s3_endpoint=endpoint, keep_generations=keep, patience=patience or Patience()
    ).refresh(str(source))


def costs_of(home: Home) -> Costs:
    """Open the generation in force, as a new process would."""
    return Cache(home, LIMITS).costs()


def total(costs: Costs, metric: str = "unblended_cost", **asked: Any) -> Decimal:
    """Ask for the total of a measure over everything that is billed."""
    return sum((amount for amount in by(costs, (), metric, **asked).values() if amount is not None), ZERO)


def by(
    costs: Costs, dimensions: str | Sequence[str], metric: str = "unblended_cost", **asked: Any
) -> dict[Any, Any]:
    """Ask for a measure by some dimensions: the values (one alone, or several together) and the amount."""
    asked = {"scope": "bill", **asked}
    chosen = costs.select(metric=metric, dimensions=dimensions, **asked)
    names = [d.name for d in chosen.dimensions]
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = costs.ask(
        f"select {f'{quoted}, ' if names else ''} sum(columns([$metric])) from selection where in_period"
        f"{f' group by {quoted}' if names else ''}",
        chosen,
    )
    return {(row[0] if len(names) == 1 else row[:-1]): row[-1] for row in rows}


def charges(costs: Costs) -> int:
    """Count the line items of the generation; what commitments left unused are rows beside them."""
    return int(costs.ask("select coalesce(sum(x_line_items), 0) from charges")[0][0])


@dataclass(frozen=True)
class TinyHome:
    """A home and a folder of exports beside it."""

    home: Home
    bucket: Path

    def deliver(
        self,
        rows: Sequence[Row],
        month: date = date(2026, 1, 1),
        rendering: str = "cur2_parquet",
        **how: Any,
    ) -> Path:
        """Put a delivery into the folder, and say where its manifest is."""
        return CUR_RENDERINGS[rendering](rows, Delivery(self.bucket, month, **how))

    def refresh(self, **how: Any) -> Refreshed:
        """Refresh from the folder."""
        return refreshed(self.home, self.bucket, **how)

    def costs(self) -> Costs:
        """Open the generation in force."""
        return costs_of(self.home)

    @property
    def generation(self) -> str:
        """The name of the generation in force."""
        return self.home.pointer.read_text()


def charge(cost: str | Decimal = "1.25", month: date = date(2026, 1, 1), **columns: Any) -> Row:
    """Make up one line item of plain usage; any column may be said otherwise."""
    start = datetime(month.year, month.month, 5, 7)  # noqa: DTZ001 - exports carry UTC without a zone
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return {
        "identity_line_item_id": "x",
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_billing_period_start_date": datetime(month.year, month.month, 1),  # noqa: DTZ001
        "bill_billing_period_end_date": datetime(following.year, following.month, 1),  # noqa: DTZ001
        "bill_invoice_id": "100200300",
        "bill_payer_account_id": "104816291057",
        "line_item_usage_account_id": "215530417762",
        "line_item_line_item_type": "Usage",
        "line_item_currency_code": "USD",
        "line_item_product_code": "AmazonEC2",
        "line_item_usage_type": "BoxUsage:m6i.large",
        "line_item_operation": "RunInstances",
        "line_item_resource_id": "i-0a1b2c3d4e5f60718",
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start.replace(hour=8),
        "line_item_usage_amount": "1",
        "line_item_unblended_cost": str(cost),
        "pricing_public_on_demand_cost": str(cost),
        "pricing_unit": "Hrs",
        "product": {"product_name": "Amazon Elastic Compute Cloud", "region": "us-east-1"},
        "product_region_code": "us-east-1",
    } | columns
