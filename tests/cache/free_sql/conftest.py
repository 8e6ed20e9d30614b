"""Caches of the same small bill, delivered as CUR 2.0 and as a legacy report."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.free_sql import SqlResult, run
from finops_mcp.cache.home import Home
from finops_mcp.cache.opened import Cache, Opened
from finops_mcp.cache.refresh import Refresher
from tests.cache.free_sql.bill import BILL
from tests.support.renderings import Delivery, cur2_parquet, focus_parquet, legacy_csv_gz, legacy_parquet

Ask = Callable[..., SqlResult]
LIMITS = EngineLimits(threads=2, memory_limit="1GB")


def opened_with(
    root: Path, render: Callable[[Any, Delivery], Path], bill: dict[date, list[dict[str, Any]]]
) -> Opened:
    for month, rows in bill.items():
        render(rows, Delivery(root / "exports", month))
    home = Home(root / "home")
    Refresher(home, LIMITS).refresh(str(root / "exports"))
    return Cache(home, LIMITS).opened()


def asking(opened: Opened) -> Ask:
    def ask(sql: str, dialect: Any = "duckdb", **limits: Any) -> SqlResult:
        return run(opened, sql, dialect, **{"seconds": 20, "memory_mb": 512, "max_rows": 100, **limits})

    return ask


@pytest.fixture(scope="session")
def cur_2(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened_with(tmp_path_factory.mktemp("cur_2"), cur2_parquet, BILL)


@pytest.fixture(scope="session")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened_with(tmp_path_factory.mktemp("legacy"), legacy_parquet, BILL)


@pytest.fixture(scope="session")
def legacy_csv(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened_with(tmp_path_factory.mktemp("legacy_csv"), legacy_csv_gz, BILL)


@pytest.fixture(scope="session")
def focus(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    def row(month: date) -> dict[str, Any]:
        start = next(iter(BILL[month]))["bill_billing_period_start_date"]
        return {
            "BilledCost": "1.5",
            "EffectiveCost": "1.5",
            "BillingAccountId": "104816291057",
            "BillingCurrency": "USD",
            "BillingPeriodStart": start,
            "BillingPeriodEnd": start.replace(month=start.month + 1),
            "ChargePeriodStart": start,
            "ChargePeriodEnd": start.replace(day=2),
            "ChargeCategory": "Usage",
            "ServiceName": "Amazon Simple Storage Service",
        }

    return opened_with(tmp_path_factory.mktemp("focus"), focus_parquet, {m: [row(m)] for m in BILL})


@pytest.fixture
def ask(cur_2: Opened) -> Ask:
    return asking(cur_2)
