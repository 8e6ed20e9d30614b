-- What do tables of the standard class cost, by storage and by reads and writes? One row for each table.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) filter (where stores) as sku_meter,
    max(pricing_unit) filter (where stores) as pricing_unit,
    max(last_charge) filter (where stores) as last_charge,
    max(pool) as pool,
    sum(quantity) filter (where stores) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost,
    sum(monthly_cost) filter (where stores) as storage,
    coalesce(sum(monthly_cost) filter (where not stores), 0) as throughput,
    coalesce(
        sum(case when committed then monthly_list_cost else monthly_cost end) filter (where not stores), 0
    ) as on_demand
from
    (
        select *, regexp_matches(sku_meter, 'TimedStorage-ByteHrs$') as stores
        from used
        where
            service_code = 'AmazonDynamoDB'
            and not regexp_matches(sku_meter, '(^|-)IA-')
            and regexp_matches(sku_meter, '(^|-)(TimedStorage-ByteHrs|.*RequestUnits|.*CapacityUnit-Hrs)$')
            and resource_id is not null
    )
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) filter (where stores) > 0
order by storage desc, resource_id
