-- Which databases keep their data on gp2 or io1? One row for each and kind of storage, with its size and the
-- input/output operations a second that are provisioned for it.
with
    stored as (
        select *, sku_meter like '%-Storage' as is_size
        from used
        where
            service_code = 'AmazonRDS'
            and regexp_matches(sku_meter, '(^|-)RDS:(Multi-AZ-)?(GP2-Storage|PIOPS-Storage|PIOPS)$')
            and resource_id is not null
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    max(tags) as tags,
    max(sku_meter) filter (where is_size) as sku_meter,
    max(pricing_unit) filter (where is_size) as pricing_unit,
    max(last_charge) filter (where is_size) as last_charge,
    sum(quantity) filter (where is_size) as quantity,
    sum(monthly_quantity) filter (where is_size) as size_gb,
    coalesce(sum(monthly_quantity) filter (where not is_size), 0) as iops,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from stored
group by resource_id, sub_account_id, region_id, billing_currency, service_code, sku_meter like '%GP2%'
having bool_or(is_size) and sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
