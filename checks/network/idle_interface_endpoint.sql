-- Which interface endpoints cost far more by the hour than by what passes? One row for each, its bytes beside
-- its hours: one without a row of bytes passed none.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) filter (where hourly) as sku_meter,
    max(pricing_unit) filter (where hourly) as pricing_unit,
    max(last_charge) filter (where hourly) as last_charge,
    sum(quantity) filter (where hourly) as quantity,
    coalesce(sum(quantity) filter (where not hourly), 0) as gigabytes,
    coalesce(sum(monthly_quantity) filter (where not hourly), 0) as monthly_gb,
    sum(monthly_cost) filter (where hourly) as monthly_hours_cost,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from
    (
        select *, regexp_matches(sku_meter, '(^|-)VpcEndpoint-(GWLBE-)?Hours$') as hourly
        from used
        where
            regexp_matches(sku_meter, '(^|-)VpcEndpoint-(GWLBE-)?(Hours|Bytes)$') and resource_id is not null
    )
group by resource_id, sub_account_id, region_id, billing_currency
having
    sum(quantity) filter (where hourly) > $least_hours
    and sum(monthly_cost) filter (where hourly)
    > $hours_to_bytes * coalesce(sum(monthly_cost) filter (where not hourly), 0)
order by monthly_cost desc, resource_id
