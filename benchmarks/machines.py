"""A CUR 2.0 export of machines by the hour, of many SKUs; a Savings Plan pays for a fifth of each."""

import json
from datetime import date
from pathlib import Path

import duckdb

EXPORT = "machines"
YEAR = 2025
PLAN = "arn:aws:savingsplans::104816291057:savingsplan/one"
_LINES = """
    select
        kind as line_item_line_item_type, 'Anniversary' as bill_bill_type,
        'AWS' as bill_billing_entity,
        'INV' as bill_invoice_id, '104816291057' as bill_payer_account_id, 'USD' as line_item_currency_code,
        $month::timestamp as bill_billing_period_start_date, $next::timestamp as bill_billing_period_end_date,
        kind || sku || '/' || hour as identity_line_item_id, account as line_item_usage_account_id,
        hour as line_item_usage_start_date, hour + interval 1 hour as line_item_usage_end_date,
        service as line_item_product_code, 'RunInstances' as line_item_operation,
        machine as product_instance_type, 'BoxUsage:' || machine as line_item_usage_type,
        'us-east-1' as product_region_code, 'Hrs' as pricing_unit,
        quantity as line_item_usage_amount, quantity * 4 as line_item_normalized_usage_amount,
        cost as line_item_unblended_cost, public as pricing_public_on_demand_cost,
        case when plan then $plan end as savings_plan_savings_plan_a_r_n,
        case when plan then 'ComputeSavingsPlans' end as savings_plan_offering_type,
        case when plan then '1yr' end as savings_plan_purchase_term,
        case when plan then 'No Upfront' end as savings_plan_payment_option,
        case when plan then '2024-06-01T00:00:00.000Z' end as savings_plan_start_time,
        case when plan then '2026-06-01T00:00:00.000Z' end as savings_plan_end_time,
        case when kind = 'SavingsPlanCoveredUsage' then cost * 0.7 end
        as savings_plan_savings_plan_effective_cost,
        case when kind = 'SavingsPlanRecurringFee' then cost end
        as savings_plan_total_commitment_to_date,
        case when kind = 'SavingsPlanRecurringFee' then cost end as savings_plan_used_commitment
    from lines
"""
_USE = """
    create or replace temp table use as
    select
        sku, hour, 'f' || sku || '.large' as machine,
        cast(200000000000 + sku % 20 as varchar) as account,
        1 + hash(sku, hour) % 40 as quantity, quantity * (50 + sku % 97) / 500 as cost,
        (sku + extract(hour from hour)) % 5 = 0 as covered
    from range($skus) as s(sku), range($month::timestamp, $next::timestamp, interval 1 hour) as h(hour)
"""
_KINDS = """
    create or replace temp table lines as
    select
        case when covered then 'SavingsPlanCoveredUsage' else 'Usage' end as kind, sku, hour, machine,
        account, 'AmazonEC2' as service, quantity, cost, cost as public, covered as plan
    from use
    union all
    select 'SavingsPlanNegation', sku, hour, machine, account, 'AmazonEC2', quantity, -cost, -cost, true
    from use where covered
    union all
    select 'SavingsPlanRecurringFee', 0, hour, 'plan', '104816291057', 'ComputeSavingsPlans', 1,
        sum(cost) * 0.7, 0, true
    from use where covered group by hour
"""


def write_machines(root: Path, skus: int) -> None:
    """Write a year of hours below a root."""
    engine = duckdb.connect()
    engine.execute("set TimeZone = 'UTC'")
    for month in (date(YEAR, number, 1) for number in range(1, 13)):
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        partition = f"BILLING_PERIOD={month:%Y-%m}"
        data, metadata = (root / EXPORT / kind / partition for kind in ("data", "metadata"))
        data.mkdir(parents=True)
        metadata.mkdir(parents=True)
        path = data / f"{EXPORT}-00001.snappy.parquet"
        engine.execute(_USE, {"skus": skus, "month": month, "next": after})
        engine.execute(_KINDS)
        engine.execute(
            f"copy ({_LINES}) to '{path}' (compression snappy)",
            {"month": month, "next": after, "plan": PLAN},
        )
        name = f"s3://bucket/{EXPORT}/data/{partition}/{path.name}"
        manifest = {"executionId": f"machines-{month:%Y%m}", "dataFiles": [name]}
        (metadata / f"{EXPORT}-Manifest.json").write_text(json.dumps(manifest))
