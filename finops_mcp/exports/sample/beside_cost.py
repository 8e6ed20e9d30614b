"""What the sample organisation's other exports tell: recommended savings, and emissions by two models."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from finops_mcp.exports.sample.catalog import LOCATIONS
from finops_mcp.exports.sample.machines import FLEETS, TYPES, Fleet
from finops_mcp.exports.sample.months import Month
from finops_mcp.exports.sample.organisation import ACCOUNTS, BUCKET, MAIN, SEED

COH, CARBON = "sample-recommendations", "sample-carbon"
NEW_MODEL, OLD_MODEL = "v3.0.0", "v2.0.0"
TOLD_BY_NEW = ("2026-05", "2026-06", "2026-07", "2026-08")
TOLD_BY_OLD = ("2026-05", "2026-06")
"""For a while after a new model AWS delivers both."""
_HOURS = 730
_FIRST_TOLD = date(2026, 10, 19)
_GRAMS = 1_000_000
_PLACES = (
    ("platform-production", "AmazonEC2", "us-east-1"),
    ("platform-staging", "AmazonEC2", "us-east-1"),
    ("storefront-production", "AmazonEC2", "us-east-1"),
    ("storefront-production", "AmazonEC2", "ap-southeast-2"),
    ("storefront-production", "AmazonRDS", "us-east-1"),
    ("storefront-production", "AmazonS3", "us-east-1"),
    ("storefront-staging", "AmazonEC2", "us-east-1"),
    ("payments-production", "AmazonEC2", "eu-west-1"),
    ("payments-production", "AmazonRDS", "eu-west-1"),
    ("data-lake", "AmazonEC2", "eu-west-1"),
    ("data-lake", "AmazonS3", "eu-west-1"),
    ("machine-learning", "AmazonEC2", "us-east-1"),
    ("observability", "AmazonEC2", "us-east-1"),
    ("sandbox", "AmazonEC2", "us-east-1"),
    ("sandbox", "AmazonS3", "us-east-1"),
)
"""Which account runs which of the services that are told of where, so that emissions meet their cost."""


@dataclass(frozen=True)
class Advice:
    """What is advised for the machines of one fleet, and which share of their cost it saves."""

    fleet: str
    action: str
    into: str
    share: str
    effort: str
    since: date = _FIRST_TOLD
    machines: int = 1


ADVICE = (
    Advice("web", "MigrateToGraviton", "c7g.2xlarge", "0.15", "High", machines=7),
    Advice("builds", "Rightsize", "m6i.large", "0.5", "Medium"),
    Advice("preview", "Stop", "", "1", "Low"),
    Advice("notebooks", "Stop", "", "1", "Low"),
    # The same machine, told twice as where every recommendation is exported: one of them can be done.
    Advice("notebooks", "Rightsize", "g4dn.xlarge", "0.4", "Medium"),
    Advice("metrics", "Rightsize", "m7g.large", "0.5", "Medium", since=date(2026, 10, 20)),
)


def deliver_beside_cost(root: Path, months: Sequence[Month]) -> None:
    """Write both exports: emissions of the months that are told by now, and the last two snapshots."""
    for month in months:
        for model, told in ((OLD_MODEL, TOLD_BY_OLD), (NEW_MODEL, TOLD_BY_NEW)):
            if month.label in told:
                partition = f"carbon_model_version={model}/usage_period={month.label}"
                _deliver(root, CARBON, "CARBON_EMISSIONS", partition, emissions(month, model))
    if months[-1].open:
        for day in (_FIRST_TOLD, _FIRST_TOLD + timedelta(days=1)):
            rows = recommendations(day)
            _deliver(root, COH, "COST_OPTIMIZATION_RECOMMENDATIONS", f"date={day}", rows)


def emissions(month: Month, model: str) -> list[dict[str, Any]]:
    """Make up a month's emissions: in grams, so that the scopes make up the totals to the last digit."""
    rows = []
    for account, service, region in _PLACES:
        luck = Random(f"{SEED}/carbon/{month.label}/{account}/{service}/{region}")  # noqa: S311 - variety
        direct, power = luck.randrange(200, 2_000), luck.randrange(20_000, 400_000)
        bought = power * luck.randrange(5, 60) // 100
        made = luck.randrange(10_000, 90_000) if model == NEW_MODEL else 0
        rows.append(
            {
                "payer_account_id": MAIN.account.id,
                "usage_account_id": ACCOUNTS[account].id,
                **_measured("total_mbm", direct + bought + made),
                **_measured("total_lbm", direct + power + made),
                **(_scopes(direct, power, bought, made) if model == NEW_MODEL else {}),
                "model_version": model,
                "product_code": service,
                "usage_period_start": month.start,
                "usage_period_end": month.end,
                "last_refresh_timestamp": month.end + timedelta(days=50),
                "region_code": region,
                "location": LOCATIONS[region],
            }
        )
    return rows


def _scopes(direct: int, power: int, bought: int, made: int) -> dict[str, Any]:
    return {
        **_measured("total_scope_1", direct),
        **_measured("total_scope_2_lbm", power),
        **_measured("total_scope_2_mbm", bought),
        **_measured("total_scope_3_lbm", made),
        **_measured("total_scope_3_mbm", made),
    }


def _measured(what: str, grams: int) -> dict[str, Any]:
    return {f"{what}_emissions_value": grams / _GRAMS, f"{what}_emissions_unit": "MTCO2e"}


def recommendations(day: date) -> list[dict[str, Any]]:
    """Make up what was recommended on a day."""
    fleets = {fleet.name: fleet for fleet in FLEETS}
    rows = [
        _recommendation(day, advice, fleets[advice.fleet], rank)
        for advice in ADVICE
        if advice.since <= day
        for rank in range(advice.machines)
    ]
    plan = Advice("", "PurchaseSavingsPlans", "ComputeSavingsPlans", "0.27", "VeryLow")
    return [*rows, _row(day, plan, MAIN.account.name, Decimal("900.00"), "ComputeSavingsPlans", "", "", None)]


def _recommendation(day: date, advice: Advice, fleet: Fleet, rank: int) -> dict[str, Any]:
    account = ACCOUNTS[fleet.account]
    cost = Decimal(TYPES[fleet.type][3][fleet.region]) * _HOURS
    arn = f"arn:aws:ec2:{fleet.region}:{account.id}:instance/{fleet.resource(rank)}"
    return _row(day, advice, account.name, cost, "Ec2Instance", fleet.region, fleet.type, arn)


def _row(
    day: date, advice: Advice, account: str, cost: Decimal, kind: str, region: str, now: str, arn: str | None
) -> dict[str, Any]:
    savings = float(round(cost * Decimal(advice.share), 2))
    told = f"{SEED}/{advice.action}/{arn or advice.into}"
    return {
        "account_id": ACCOUNTS[account].id,
        "account_name": account,
        "action_type": advice.action,
        "currency_code": MAIN.currency,
        "current_resource_details": json.dumps({"ec2Instance": {"instanceType": now}} if now else {}),
        "current_resource_summary": now or advice.into,
        "current_resource_type": kind,
        "estimated_monthly_cost_after_discount": float(cost),
        "estimated_monthly_cost_before_discount": float(cost),
        "estimated_monthly_savings_after_discount": savings,
        "estimated_monthly_savings_before_discount": savings,
        "estimated_savings_percentage_after_discount": float(Decimal(advice.share) * 100),
        "estimated_savings_percentage_before_discount": float(Decimal(advice.share) * 100),
        "implementation_effort": advice.effort,
        "last_refresh_timestamp": f"{day}T04:00:00Z",
        "recommendation_id": str(uuid5(NAMESPACE_URL, told)),
        "recommendation_lookback_period_in_days": 32,
        "recommendation_source": "ComputeOptimizer" if arn else "CostExplorer",
        "recommended_resource_details": json.dumps({"instanceType": advice.into} if advice.into else {}),
        "recommended_resource_summary": advice.into,
        "recommended_resource_type": kind,
        "region": region,
        "resource_arn": arn,
        "restart_needed": advice.action not in {"Stop", "PurchaseSavingsPlans"},
        "rollback_possible": advice.action != "PurchaseSavingsPlans",
    }


def _deliver(root: Path, export: str, table: str, partition: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write one partition and its manifest; each refresh overwrites the one before."""
    data, metadata = (root / "exports" / export / kind / partition for kind in ("data", "metadata"))
    for folder in (data, metadata):
        folder.mkdir(parents=True, exist_ok=True)
    path = data / f"{export}-00001.snappy.parquet"
    pl.DataFrame(list(rows), infer_schema_length=None).write_parquet(path, compression="snappy")
    unique = uuid5(NAMESPACE_URL, f"{SEED}/{export}/{partition}")
    manifest = {
        "accountId": MAIN.account.id,
        "exportName": export,
        "tableName": table,
        "executionId": str(unique),
        "contentType": "Parquet",
        "compression": "Parquet",
        "dataFiles": [f"s3://{BUCKET}/{path.relative_to(root).as_posix()}"],
    }
    (metadata / f"{export}-Manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
