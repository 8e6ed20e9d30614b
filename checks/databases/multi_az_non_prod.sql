-- Which databases with a standby carry a tag that names an environment? One row for each, its machine and
-- storage together: both are paid twice.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) filter (where is_machine) as sku_meter,
    max(pricing_unit) filter (where is_machine) as pricing_unit,
    max(pool) as pool,
    max(last_charge) filter (where is_machine) as last_charge,
    sum(quantity) filter (where is_machine) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from
    (
        select *, regexp_matches(sku_meter, '(^|-)Multi-AZUsage:') as is_machine
        from used
        where
            service_code = 'AmazonRDS'
            and regexp_matches(sku_meter, '(^|-)(Multi-AZUsage:|RDS:Multi-AZ-)')
            and resource_id is not null
    )
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0 and bool_or(is_machine)
order by monthly_cost desc, resource_id
