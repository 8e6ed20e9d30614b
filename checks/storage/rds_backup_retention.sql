-- Where is RDS backup charged beyond what is free? One row for each account and region, with the snapshots
-- whose database is gone, as an inventory file tells.
with
    orphans as (
        select
            account as sub_account_id, region as region_id, count(*) as orphan_count, sum(size) as orphan_gb
        from inventory
        where resource_type ilike '%db%snapshot%' and nullif(attached_to, '') is null
        group by all
    )
select
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    max(orphan_count) as orphan_count,
    max(orphan_gb) as orphan_gb,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
left join orphans using (sub_account_id, region_id)
where regexp_matches(sku_meter, '(^|-)(RDS:ChargedBackupUsage|Aurora:BackupUsage)$')
group by sub_account_id, region_id, billing_currency
having sum(monthly_cost) >= $least_cost
order by monthly_cost desc, sub_account_id, region_id
