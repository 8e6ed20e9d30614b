"""A large CUR 2.0 export in AWS's own layout: as many hourly line items as asked, month by month."""

import json
from datetime import date
from pathlib import Path

import duckdb

EXPORT = "bench"
COLUMNS = """
    'Anniversary' as bill_bill_type, 'AWS' as bill_billing_entity,
    $next::timestamp as bill_billing_period_end_date, $month::timestamp as bill_billing_period_start_date,
    'INV-' || strftime($month::date, '%Y%m') as bill_invoice_id,
    'Amazon Web Services, Inc.' as bill_invoicing_entity, '104816291057' as bill_payer_account_id,
    'Payer' as bill_payer_account_name, map {'team': 'team-' || resource % 7} as cost_category,
    md5(cast(i as varchar)) || md5(cast(i + 1 as varchar)) as identity_line_item_id,
    strftime(hour, '%Y-%m-%dT%H:%M:%SZ') as identity_time_interval,
    zone as line_item_availability_zone, cost as line_item_blended_cost, '0.1' as line_item_blended_rate,
    'USD' as line_item_currency_code,
    'Amazon Web Services, Inc.' as line_item_legal_entity,
    '$0.1 per ' || unit || ' of ' || meter as line_item_line_item_description,
    case when resource % 5 = 0 then 'SavingsPlanCoveredUsage' else 'Usage' end as line_item_line_item_type,
    cost * 0.95 as line_item_net_unblended_cost, 1.0 as line_item_normalization_factor,
    quantity as line_item_normalized_usage_amount, operation as line_item_operation,
    service as line_item_product_code, 'arn:aws:' || service || ':' || region || ':' || account || ':r-'
    || resource as line_item_resource_id, cast(null as varchar) as line_item_tax_type,
    cost as line_item_unblended_cost,
    '0.1' as line_item_unblended_rate, account as line_item_usage_account_id,
    'Account ' || account as line_item_usage_account_name, quantity as line_item_usage_amount,
    hour + interval 1 hour as line_item_usage_end_date, hour as line_item_usage_start_date,
    meter as line_item_usage_type, cost * 1.2 as pricing_public_on_demand_cost,
    '0.12' as pricing_public_on_demand_rate, cast(resource as varchar) as pricing_rate_id,
    'OnDemand' as pricing_term,
    unit as pricing_unit,
    map {'product_name': 'Amazon ' || service, 'region': region, 'vcpu': '4'} as product,
    'm5.xlarge' as product_instance_type, 'US East' as product_location,
    'Compute Instance' as product_product_family,
    region as product_region_code, service as product_servicecode, 'SKU' || resource % 900 as product_sku,
    meter as product_usagetype, cast(null as double) as reservation_effective_cost,
    cast(null as varchar) as reservation_reservation_a_r_n,
    cast(null as double) as reservation_unused_recurring_fee,
    cast(null as double) as reservation_unused_amortized_upfront_fee_for_billing_period,
    cast(null as double) as reservation_amortized_upfront_fee_for_billing_period,
    map {'user_project': 'project-' || resource % 40,
    'user_environment': ['prod', 'dev', ''][1 + resource % 3],
    'aws_created_by': 'role-' || resource % 300} as resource_tags,
    cast(null as double) as savings_plan_amortized_upfront_commitment_for_billing_period,
    case when resource % 5 = 0 then 'arn:aws:savingsplans::104816291057:savingsplan/one' end
    as savings_plan_savings_plan_a_r_n, cost * 0.7 as savings_plan_savings_plan_effective_cost,
    cast(null as double) as savings_plan_total_commitment_to_date,
    cast(null as double) as savings_plan_used_commitment, cast(null as varchar) as savings_plan_payment_option
"""
ROWS = """
    select i, resource, $month::timestamp + to_hours(cast(i % (24 * $days) as integer)) as hour,
        ['AmazonEC2', 'AmazonS3', 'AmazonRDS', 'AWSLambda', 'AmazonCloudWatch', 'AmazonVPC'][1 + resource % 6]
        as service,
        ['us-east-1', 'eu-west-1', 'ap-southeast-2'][1 + resource % 3] as region,
        ['us-east-1', 'eu-west-1', 'ap-southeast-2'][1 + resource % 3] || 'a' as zone,
        cast(200000000000 + resource % 60 as varchar) as account,
        'Meter-' || resource % 180 as meter, 'Operation' || resource % 25 as operation, 'Hrs' as unit,
        cast(1 + hash(resource) % 97 as double) as quantity,
        round((1 + hash(i // 24) % 9973) / 10000, 10) as cost
    from (select i, i // (24 * $days) as resource from range($first, $last) as r(i))
"""


def write_export(root: Path, line_items: int, *, months: int = 10, files_a_month: int = 4) -> list[Path]:
    """Write the export below a root, once; give its data files."""
    done = root / f"{line_items}.done"
    if not done.exists():
        engine = duckdb.connect()
        engine.execute("set TimeZone = 'UTC'")
        for number in range(months):
            _write_month(engine, root, date(2025, 1 + number, 1), line_items // months, files_a_month)
        done.touch()
    return sorted(root.rglob("*.parquet"))


def _write_month(
    engine: duckdb.DuckDBPyConnection, root: Path, month: date, line_items: int, files: int
) -> None:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    partition = f"BILLING_PERIOD={month:%Y-%m}"
    data, metadata = (root / EXPORT / kind / partition for kind in ("data", "metadata"))
    data.mkdir(parents=True, exist_ok=True)
    metadata.mkdir(parents=True, exist_ok=True)
    names = []
    for part in range(files):
        path = data / f"{EXPORT}-{part + 1:05d}.snappy.parquet"
        engine.execute(
            f"copy (select {COLUMNS} from ({ROWS})) to '{path}' (compression snappy)",
            {
                "month": month,
                "next": after,
                "days": (after - month).days,
                "first": line_items * part // files,
                "last": line_items * (part + 1) // files,
            },
        )
        names.append(f"s3://bucket/{EXPORT}/data/{partition}/{path.name}")
    manifest = {"executionId": f"bench-{month:%Y%m}-{line_items}", "dataFiles": names}
    (metadata / f"{EXPORT}-Manifest.json").write_text(json.dumps(manifest))
