"""What the answers must be: plain sums in Python over the decimals that the sample was made from."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from finops_mcp.exports.sample import office, office_line_items, sample_line_items
from finops_mcp.exports.sample.identities import AMORTIZED, NET, NET_AMORTIZED, SPLIT, UNBLENDED
from finops_mcp.exports.sample.months import Month, at

Line = dict[str, Any]
ZERO = Decimal(0)
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)

_COLUMNS: dict[str, str | pl.Expr] = {
    "kind": "line_item_line_item_type",
    "service": "line_item_product_code",
    "account": "line_item_usage_account_id",
    "account_name": "line_item_usage_account_name",
    "region": "product_region_code",
    "meter": "line_item_usage_type",
    "operation": "line_item_operation",
    "resource": "line_item_resource_id",
    "invoice": "bill_invoice_id",
    "seller": "bill_billing_entity",
    "start": "line_item_usage_start_date",
    "unblended": "line_item_unblended_cost",
    "net": pl.coalesce(NET, UNBLENDED),
    "amortized": AMORTIZED,
    "effective": NET_AMORTIZED,
    "tags": "resource_tags",
    "categories": "cost_category",
}


@cache
def lines(month: date) -> tuple[Line, ...]:
    """Return the month's line items of the organisation in dollars, the split-cost ones aside."""
    return _lines(sample_line_items(month))


@cache
def rupees(month: date) -> tuple[Line, ...]:
    """Return the month's line items of the payer abroad; none in most months."""
    return _lines(office_line_items(month)) if office.is_open(Month(month)) else ()


def _lines(whole: pl.DataFrame) -> tuple[Line, ...]:
    frame = whole.filter(~SPLIT)
    chosen = [(c if isinstance(c, pl.Expr) else pl.col(c)).alias(name) for name, c in _COLUMNS.items()]
    return tuple(frame.select(chosen).to_dicts())


def costs(of: Iterable[Line]) -> list[Line]:
    """Keep what the scope `costs` keeps, no tax and no credits; what went unused is of no resource."""
    kept = []
    for line in of:
        if line["kind"] in {"RIFee", "SavingsPlanRecurringFee"}:
            nothing = {"unblended": ZERO, "net": ZERO, "amortized": ZERO, "resource": None}
            kept += [line | {"effective": ZERO}, line | nothing]
        elif line["kind"] not in {"Tax", "Credit"}:
            kept.append(line)
    return kept


def added(of: Iterable[Line], amount: str = "effective") -> Decimal:
    return sum((line[amount] for line in of), start=ZERO)


def by(of: Iterable[Line], key: Callable[[Line], Any], amount: str = "effective") -> dict[Any, Decimal]:
    parts: dict[Any, Decimal] = {}
    for line in of:
        parts[key(line)] = parts.get(key(line), ZERO) + line[amount]
    return parts


def tag(name: str) -> Callable[[Line], Any]:
    return lambda line: (line["tags"] or {}).get(name)


def until(of: Iterable[Line], day: date) -> list[Line]:
    """Keep what was used before a day."""
    return [line for line in of if line["start"] < at(day)]
