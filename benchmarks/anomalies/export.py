"""An organisation's days as CUR 2.0, delivered anew each day, as far as it changed."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.anomalies.truth import Organisation
from finops_mcp.analytics.daily import DailyCosts, Key

if TYPE_CHECKING:
    import polars as pl

    from finops_mcp.analytics.daily import Floats

PLAN = "arn:aws:savingsplans::999999999999:savingsplan/one"
PLAN_PRICE = 0.7
"""What a Savings Plan pays for each unit of what it covers on demand."""


class Export:
    """The exports of an organisation's payers below a folder."""

    def __init__(self, organisation: Organisation, root: Path) -> None:
        self._organisation = organisation
        self._everything = organisation.resources(range(len(organisation.keys)))
        self._root = root
        self._delivered: dict[tuple[int, date], bytes] = {}

    def deliver(self, at: int) -> None:
        """Write what the exports held on the day of a column."""
        held = self._organisation.held_on(at, self._everything)
        payers = self._organisation.arrival.payers
        days = [held.day(column) for column in range(held.days)]
        for payer in sorted(set(payers.values())):
            rows = [row for row, key in enumerate(held.keys) if payers[key[0] or ""] == payer]
            for month in sorted({day.replace(day=1) for day in days}):
                columns = [column for column, day in enumerate(days) if day.replace(day=1) == month]
                amounts = held.amounts[rows, columns[0] : columns[-1] + 1]
                same = self._delivered.get((payer, month)) == amounts.tobytes()
                if not same and amounts.any():
                    self._write(f"payer-{payer}", held, rows, month, amounts, at)
                    self._delivered[payer, month] = amounts.tobytes()

    def _write(
        self, payer: str, held: DailyCosts, rows: list[int], month: date, amounts: "Floats", at: int
    ) -> None:
        import polars as pl

        first = max(month, held.first_day)
        lines = [
            line
            for row, costs in zip(rows, amounts, strict=True)
            for column, cost in enumerate(costs)
            if cost
            for line in _lines(held.keys[row], first + timedelta(days=column), float(cost))
        ]
        partition = f"BILLING_PERIOD={month:%Y-%m}"
        data, metadata = (self._root / payer / kind / partition for kind in ("data", "metadata"))
        data.mkdir(parents=True, exist_ok=True)
        metadata.mkdir(parents=True, exist_ok=True)
        path = data / f"{payer}-{at:05}.snappy.parquet"
        _told_by(pl.DataFrame(lines, infer_schema_length=None), payer, month).write_parquet(path)
        name = f"s3://bucket/{path.relative_to(self._root).as_posix()}"
        manifest = {"executionId": f"{payer}-{month:%Y%m}-{at}", "dataFiles": [name]}
        (metadata / f"{payer}-Manifest.json").write_text(json.dumps(manifest))


def _lines(key: Key, day: date, cost: float) -> list[dict[str, Any]]:
    """Give the line items of a resource's day; what a Savings Plan covers has the plan's beside it."""
    account, service, region, meter, category, pricing, resource = key
    line = {
        "line_item_usage_account_id": account,
        "line_item_product_code": service,
        "product_region_code": region,
        "line_item_usage_type": meter,
        "line_item_resource_id": resource,
        "line_item_line_item_type": {"Purchase": "Fee"}.get(category or "", category),
        "line_item_usage_start_date": datetime.combine(day, time()),
        "line_item_usage_end_date": datetime.combine(day + timedelta(days=1), time()),
        "line_item_unblended_cost": cost,
        "pricing_public_on_demand_cost": cost if category == "Usage" else 0.0,
        "savings_plan_savings_plan_a_r_n": None,
        "savings_plan_savings_plan_effective_cost": None,
        "savings_plan_total_commitment_to_date": None,
        "savings_plan_used_commitment": None,
    }
    if pricing != "Committed":
        return [line]
    plan = {"savings_plan_savings_plan_a_r_n": PLAN}
    public = cost / PLAN_PRICE
    covered = {
        "line_item_line_item_type": "SavingsPlanCoveredUsage",
        "line_item_unblended_cost": public,
        "pricing_public_on_demand_cost": public,
        "savings_plan_savings_plan_effective_cost": cost,
    }
    negation = {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": -public}
    fee = {
        "line_item_product_code": "ComputeSavingsPlans",
        "line_item_usage_type": "ComputeSP:1yrNoUpfront",
        "line_item_resource_id": PLAN,
        "line_item_line_item_type": "SavingsPlanRecurringFee",
        "pricing_public_on_demand_cost": 0.0,
        "savings_plan_total_commitment_to_date": cost,
        "savings_plan_used_commitment": cost,
    }
    return [line | plan | covered, line | plan | negation, line | plan | fee]


def _told_by(lines: "pl.DataFrame", payer: str, month: date) -> "pl.DataFrame":
    """Add what all line items of a payer's month say."""
    import polars as pl

    after = (month + timedelta(days=31)).replace(day=1)
    return lines.with_columns(
        pl.concat_str(pl.lit(f"{month:%Y%m}-"), pl.int_range(pl.len()).cast(pl.String)).alias(
            "identity_line_item_id"
        ),
        pl.lit("Anniversary").alias("bill_bill_type"),
        pl.lit("AWS").alias("bill_billing_entity"),
        pl.lit("").alias("bill_invoice_id"),
        pl.lit(payer).alias("bill_payer_account_id"),
        pl.lit("USD").alias("line_item_currency_code"),
        pl.lit("Run").alias("line_item_operation"),
        pl.lit("Hrs").alias("pricing_unit"),
        pl.lit(1.0).alias("line_item_usage_amount"),
        pl.lit(datetime.combine(month, time())).alias("bill_billing_period_start_date"),
        pl.lit(datetime.combine(after, time())).alias("bill_billing_period_end_date"),
    )
