"""Homes of four months of two streams, in which something unusual happens."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from finops_mcp.toolbox.toolbox import Toolbox
from tests.support.homes import TinyHome, charge
from tests.support.organisations import Row
from tests.tools.tiny import toolbox_at

D = Decimal
Make = Callable[[], TinyHome]
FIRST, LAST = date(2026, 1, 1), date(2026, 4, 30)
SHOP, LAB = "215530417762", "418273650915"
LOGS: dict[str, Any] = {
    "line_item_product_code": "AmazonCloudWatch",
    "line_item_usage_type": "DataProcessing-Bytes",
    "line_item_resource_id": "arn:aws:logs:us-east-1:215530417762:log-group:/web",
    "product": {"product_name": "AmazonCloudWatch", "region": "us-east-1"},
}
SEARCH: dict[str, Any] = {
    "line_item_product_code": "AmazonES",
    "line_item_usage_type": "ESInstance:r6g.large",
    "line_item_usage_account_id": LAB,
    "line_item_resource_id": "arn:aws:es:us-east-1:418273650915:domain/search",
    "product": {"product_name": "Amazon OpenSearch Service", "region": "us-east-1"},
}


def days(first: date = FIRST, last: date = LAST) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def on(day: date, cost: Decimal, **columns: Any) -> Row:
    start = datetime(day.year, day.month, day.day, 7)  # noqa: DTZ001 - exports carry UTC without a zone
    times: dict[str, Any] = {
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": start + timedelta(hours=1),
        "identity_line_item_id": f"{day} {cost} {sorted(columns.items(), key=str)}",
    }
    return charge(cost, day.replace(day=1), **{**times, **columns})


def usual(day: date) -> Decimal:
    """A weekly rhythm, and a little noise: 100 to 101.2 on weekdays, 60 to 61.2 on weekends."""
    return (D(60) if day.weekday() > 4 else D(100)) + D(day.toordinal() * 7919 % 13) / 10


def organisation(unusual: Callable[[date], Decimal | None] = usual, **columns: Any) -> list[Row]:
    """Two streams of use, of which the second is as it is said."""
    rows = [on(day, usual(day)) for day in days()]
    return rows + [
        on(day, cost, **{**LOGS, **columns}) for day in days() if (cost := unusual(day)) is not None
    ]


def loaded(tiny: TinyHome, rows: list[Row]) -> Toolbox:
    """Deliver rows, each payer's and month's apart."""
    deliveries: dict[tuple[str, date], list[Row]] = {}
    for row in rows:
        month = row["bill_billing_period_start_date"].date()
        deliveries.setdefault((row["bill_payer_account_id"], month), []).append(row)
    for (payer, month), mine in deliveries.items():
        tiny.deliver(mine, month, export=f"of-{payer}")
    tiny.refresh()
    return toolbox_at(tiny.home.path)


def one(answer: dict[str, Any]) -> dict[str, Any]:
    """Give the only incident by name of column."""
    assert answer["total_rows"] == len(answer["rows"]) == 1, answer["rows"]
    return dict(zip(answer["columns"], answer["rows"][0], strict=True))


SPIKE = (date(2026, 4, 14), date(2026, 4, 16))


def spiking(day: date) -> Decimal:
    return usual(day) + 300 if SPIKE[0] <= day <= SPIKE[1] else usual(day)
