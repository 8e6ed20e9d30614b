"""Homes of a handful of charges, to ask about what the sample organisation does not have."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from finops_mcp.app import App
from finops_mcp.exports.sample.months import at
from finops_mcp.settings import Settings
from finops_mcp.toolbox.toolbox import Toolbox, structured
from tests.support.renderings import Delivery, cur2_parquet, focus_parquet

PAYER = "104816291057"


def app_at(home: Path, **settings: str) -> App:
    """Put an app together over a home, whatever the environment of the tests."""
    given = {"FINOPS_COUNT_ANSWERS": "no"} | {
        f"FINOPS_{name.upper()}": value for name, value in settings.items()
    }
    return App(Settings.read(given, home=home))


def toolbox_at(home: Path, **settings: str) -> Toolbox:
    return app_at(home, **settings).toolbox


def asked(toolbox: Toolbox, tool: str, **arguments: Any) -> dict[str, Any]:
    """Ask, and give the structured answer as a caller receives it."""
    return structured(toolbox.call(tool, arguments))


def column(answer: Mapping[str, Any], name: str) -> list[Any]:
    at = answer["columns"].index(name)
    return [row[at] for row in answer["rows"]]


def by_first(answer: Mapping[str, Any], name: str) -> dict[Any, Any]:
    """Read a column by the first one."""
    return dict(zip((row[0] for row in answer["rows"]), column(answer, name), strict=True))


def charge(cost: str, day: date = date(2026, 1, 1), **more: Any) -> dict[str, Any]:
    """Make up one charge of usage; whatever is given is said instead."""
    first = day.replace(day=1)
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return {
        "identity_line_item_id": f"{cost} {day} {sorted(more.items(), key=str)}",
        "bill_billing_period_start_date": at(first),
        "bill_billing_period_end_date": at(after),
        "bill_billing_entity": "AWS",
        "bill_bill_type": "Anniversary",
        "bill_invoice_id": "1000000001",
        "bill_payer_account_id": PAYER,
        "line_item_usage_account_id": PAYER,
        "line_item_usage_start_date": at(day),
        "line_item_usage_end_date": at(day) + timedelta(hours=1),
        "line_item_line_item_type": "Usage",
        "line_item_currency_code": "USD",
        "line_item_product_code": "AmazonEC2",
        "line_item_usage_type": "BoxUsage",
        "line_item_operation": "RunInstances",
        "line_item_resource_id": None,
        "line_item_unblended_cost": cost,
        "pricing_public_on_demand_cost": cost,
        "resource_tags": {},
    } | more


def home_of(folder: Path, charges: list[dict[str, Any]], **delivery: Any) -> App:
    """Deliver charges as CUR 2.0, a month at a time, and load them."""
    months = {c["bill_billing_period_start_date"].date() for c in charges}
    for month in sorted(months):
        of_month = [c for c in charges if c["bill_billing_period_start_date"].date() == month]
        cur2_parquet(of_month, Delivery(folder / "exports", month, **delivery))
    app = app_at(folder / "home")
    app.refresher.refresh(str(folder / "exports"))
    return app


def focus_charge(cost: str, **more: Any) -> dict[str, Any]:
    return {
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ListCost": cost,
        "ContractedCost": cost,
        "BillingAccountId": PAYER,
        "BillingCurrency": "USD",
        "BillingPeriodStart": at(date(2026, 1, 1)),
        "BillingPeriodEnd": at(date(2026, 2, 1)),
        "ChargePeriodStart": at(date(2026, 1, 3)),
        "ChargePeriodEnd": at(date(2026, 1, 4)),
        "ChargeCategory": "Usage",
        "ProviderName": "AWS",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "SubAccountId": PAYER,
        "Tags": {},
    } | more


def focus_home(folder: Path, charges: list[dict[str, Any]]) -> App:
    focus_parquet(charges, Delivery(folder / "exports", date(2026, 1, 1), export="focus"))
    app = app_at(folder / "home")
    app.refresher.refresh(str(folder / "exports"))
    return app
