-- Which EBS snapshots are older than a year? One row for each snapshot. The cache sees no further back than
-- its first charges, so that a snapshot is at least as old as it says.
with
    newest as (select max(last_charge) as until from used),
    seen as (
        select resource_id, min(first_charge_period_start) as first_seen
        from resources_monthly
        where regexp_matches(sku_meter, '(^|-)EBS:SnapshotUsage$')
        group by resource_id
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    min(first_seen) as first_seen,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
cross join newest
join seen using (resource_id)
where regexp_matches(sku_meter, '(^|-)EBS:SnapshotUsage$') and first_seen <= until - to_days($least_days)
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) >= $least_cost
order by monthly_cost desc, resource_id
